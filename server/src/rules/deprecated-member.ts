// Members that later versions drop.

import { itemsOf } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const deprecatedMember: DocumentRule = {
  id: 'deprecated-member',
  scope: 'document',
  severity: 'hint',
  until: '1.19',
  summary: 'A member that a later version of Cilium drops',
  why: 'fromRequires and toRequires are gone in 1.19: put the conditions into every selector instead. Kafka rules and generic L7 rules (l7proto) are gone in 1.20: allow the port, and leave the rest to the broker.',
  source: 'pkg/policy/api/ingress.go, egress.go, l4.go (V045, V130, V131, F62)',
  *check(policy) {
    for (const { item } of itemsOf(policy)) {
      for (const member of item.members)
        if (member.key.endsWith('Requires') && member.peers.length > 0)
          yield {
            span: member.keyNode.span,
            message: `\`${member.key}\` is gone in Cilium 1.19: put its conditions into the selectors of ${item.direction === 'ingress' ? 'fromEndpoints' : 'toEndpoints'}`,
          }
      for (const l7 of (item.toPorts ?? []).flatMap(r => r.l7))
        if (l7.kind === 'kafka' || l7.kind === 'l7')
          yield {
            span: l7.keyNode.span,
            message: `${l7.kind === 'kafka' ? 'Kafka rules are' : 'generic L7 rules are'} gone in Cilium 1.20: allow the port without them`,
          }
    }
  },
}
