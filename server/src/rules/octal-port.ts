// Ports with a leading zero, which are octal.

import { parsePort } from '../model/ports.ts'
import { replaceValue } from '../syntax/edit.ts'
import { itemsOf, portsOf } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const octalPort: DocumentRule = {
  id: 'octal-port',
  scope: 'document',
  byPart: true,
  severity: 'warning',
  summary: 'A port with a leading zero',
  why: 'Cilium reads a port with a leading zero as octal: "0443" is port 291. Write it without the zero.',
  source: 'pkg/policy/api/rule_validation.go PortProtocol.sanitize: strconv.ParseUint with base 0 (V093)',
  *check(policy) {
    for (const { port } of portsOf(itemsOf(policy))) {
      const written = port.port
      if (!written || !/^0[0-7_]+$/.test(written.value)) continue
      const number = parsePort(written.value)
      const meant = String(Number(written.value.replaceAll('_', '')))
      if (number === undefined || number === Number(meant)) continue
      yield {
        span: written.node.span,
        message: `"${written.value}" is read as octal, port ${number}: write "${meant}"`,
        fixes: [
          {
            title: `Change to "${meant}"`,
            preferred: true,
            edits: () => replaceValue(policy.document, written.node, meant),
          },
        ],
      }
    }
  },
}
