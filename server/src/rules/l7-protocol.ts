// HTTP and other L7 rules on a port that is not plainly TCP.

import type { Policy, PortProtocol, PortRule } from '../model/policy.ts'
import { addEntry, replaceValue } from '../syntax/edit.ts'
import type { Fix } from '../syntax/problem.ts'
import { portRulesOf, sanitized, wordSpan } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const l7Protocol: DocumentRule = {
  id: 'l7-protocol',
  scope: 'document',
  byPart: true,
  about: ['rules'],
  severity: 'error',
  summary: 'HTTP rules on a port whose protocol is not TCP',
  why: 'HTTP (and Kafka) can only be read on TCP. A port without a protocol means TCP, UDP and SCTP, so the agent refuses the policy: write `protocol: TCP`.',
  source: 'pkg/policy/api/rule_validation.go PortRule.sanitize (V114)',
  *check(policy, lens) {
    for (const { item, portRule } of portRulesOf(sanitized(policy, lens))) {
      const l7 = portRule.l7.find(l => l.count > 0 && l.kind !== 'dns')
      if (item.deny || !l7) continue
      for (const port of portRule.ports ?? []) {
        if (port.protocol?.value === 'TCP' || hidden(port)) continue
        const span = port.protocol ? port.protocol.node.span : (port.port?.node.span ?? wordSpan(port.node))
        const given = port.protocol ? `protocol ${port.protocol.value}` : 'no protocol'
        yield {
          span,
          message: `${l7.kind} rules work on TCP only, and this port has ${given}: write \`protocol: TCP\``,
          fixes: toTcp(policy, portRule, port),
        }
      }
    }
  },
}

const hidden = ({ node }: PortProtocol): boolean =>
  node.kind === 'map' &&
  node.entries.some(
    e =>
      e.name === 'protocol' &&
      e.value?.kind === 'scalar' &&
      (e.value.unknown || (e.value.value !== null && typeof e.value.value !== 'string')),
  )

function toTcp(policy: Policy, _rule: PortRule, port: PortProtocol): Fix[] {
  const { node, protocol } = port
  if (protocol)
    return [
      { title: 'Change to TCP', preferred: true, edits: () => replaceValue(policy.document, protocol.node, 'TCP') },
    ]
  if (node.kind !== 'map' || node.entries.some(e => e.name === 'protocol')) return []
  return [
    {
      title: 'Add protocol: TCP',
      preferred: true,
      edits: () => addEntry(policy.document, node, 'protocol', 'TCP', 'end'),
    },
  ]
}
