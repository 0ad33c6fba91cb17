// Ends of port ranges that have no effect.

import type { Policy, PortProtocol } from '../model/policy.ts'
import { isPortName, parsePort } from '../model/ports.ts'
import { isShared, removeEntry, replacePlain, replaceValue } from '../syntax/edit.ts'
import type { Fix } from '../syntax/problem.ts'
import { itemsOf, portsOf } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const endPortIgnored: DocumentRule = {
  id: 'end-port-ignored',
  scope: 'document',
  byPart: true,
  about: ['endPort'],
  severity: 'warning',
  summary: 'An endPort without effect',
  why: 'endPort makes a range only when it is greater than port. With a smaller one Cilium silently takes the single port; with a named port, or port "0", it ignores endPort.',
  source: 'pkg/policy/l4.go createL4Filter (V095, V096)',
  *check(policy) {
    for (const { port } of portsOf(itemsOf(policy))) {
      const { port: written, endPort } = port
      // Numbers that are no port are refused.
      if (!written || !endPort || endPort.value <= 0 || endPort.value > 65535) continue
      const reason = why(written.value, endPort.value)
      if (reason)
        yield {
          span: endPort.node.span,
          message: `endPort has no effect: ${reason}`,
          ...(parsePort(written.value) === endPort.value ? { severity: 'hint' as const } : {}),
          fixes: fixes(policy, port),
        }
    }
  },
}

function why(port: string, end: number): string | undefined {
  if (isPortName(port)) return `"${port}" is a name, and only numbers make a range`
  const number = parsePort(port)
  if (number === undefined) return undefined
  if (number === 0) return 'port "0" is every port already'
  if (end === number) return `it is the port itself, take it away`
  return end < number
    ? `it is smaller than the port, so only ${number} is meant; write the smaller number first`
    : undefined
}

function fixes(policy: Policy, { node, port, endPort }: PortProtocol): Fix[] {
  if (node.kind !== 'map' || isShared(node) || !port || !endPort) return []
  const { document } = policy
  const number = parsePort(port.value)
  const remove: Fix = { title: 'Remove endPort', edits: () => removeEntry(document, node, 'endPort') }
  if (isPortName(port.value) || number === undefined || number <= endPort.value) return [{ ...remove, preferred: true }]
  const edits = () => [
    ...replaceValue(document, port.node, String(endPort.value)),
    ...replacePlain(document, endPort.node, String(number)),
  ]
  return [{ title: `Change to the range ${endPort.value} to ${number}`, preferred: true, edits }, remove]
}
