// Ports that are neither a number from 0 to 65535 nor a port name.

import type { PortProtocol } from '../model/policy.ts'
import { isPortName, parsePort } from '../model/ports.ts'
import { formats } from '../schema/formats.ts'
import { addEntry, replaceValue } from '../syntax/edit.ts'
import type { Document } from '../syntax/file.ts'
import { entry, type Node } from '../syntax/node.ts'
import type { Fix } from '../syntax/problem.ts'
import { portsOf, sanitized } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const portValue: DocumentRule = {
  id: 'port-value',
  scope: 'document',
  byPart: true,
  severity: 'error',
  summary: 'A port that is neither a number nor a name',
  why: 'The API server lets almost anything pass; the agent wants a number from 0 to 65535, or a name of 1 to 15 letters, digits and single hyphens with at least one letter. It refuses the policy otherwise, and kubectl says nothing.',
  source: 'pkg/policy/api/rule_validation.go PortProtocol.sanitize, pkg/iana IsSvcName (V091, V092, V093)',
  *check(policy, lens) {
    for (const { port } of portsOf(sanitized(policy, lens))) {
      const written = port.port
      if (
        !written ||
        isPortName(written.value) ||
        parsePort(written.value) !== undefined ||
        !formats.port?.(written.value)
      )
        continue
      const fix = mend(policy.document, port, written.value)
      yield {
        span: written.node.span,
        message: `${JSON.stringify(written.value)} is no port: ${fix?.advice ?? reason(written.value)}`,
        fixes: fix ? [fix.fix] : [],
      }
    }
  },
}

function reason(text: string): string {
  if (/^0[0-9]+$/.test(text))
    return 'a leading zero makes it octal, and these digits are not; write it without zeros in front'
  if (/^[0-9]+$/.test(text)) return 'the highest port is 65535'
  if (text.length > 15) return 'a name has at most 15 characters'
  return 'write a number from 0 to 65535, or a name of letters, digits and single hyphens'
}

function mend(document: Document, port: PortProtocol, text: string): { advice: string; fix: Fix } | undefined {
  const node: Node | undefined = port.port?.node
  if (!node) return undefined
  const range = /^\s*([0-9]{1,5})\s*[-:]\s*([0-9]{1,5})\s*$/.exec(text)
  const map = port.node
  if (
    range?.[1] &&
    range[2] &&
    Number(range[1]) < Number(range[2]) &&
    Number(range[2]) <= 65535 &&
    map.kind === 'map' &&
    !entry(map, 'endPort')
  ) {
    const [, first, last] = range
    const edits = () => [
      ...replaceValue(document, node, first ?? ''),
      ...addEntry(document, map, 'endPort', Number(last), { after: 'port' }),
    ]
    return {
      advice: `a range is \`port: "${first}"\` with \`endPort: ${last}\``,
      fix: { title: `Change to port "${first}" with endPort ${last}`, preferred: true, edits },
    }
  }
  const bare = text.trim().replace(/\/(?:TCP|UDP|SCTP)$/i, '')
  const better = /^0[0-9]+$/.test(bare) ? String(Number(bare)) : bare
  if (better !== text && (parsePort(better) !== undefined || isPortName(better))) {
    return {
      advice: `write "${better}"`,
      fix: { title: `Change to "${better}"`, preferred: true, edits: () => replaceValue(document, node, better) },
    }
  }
  return undefined
}
