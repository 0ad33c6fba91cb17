// Services in a deny rule, which deny something else.

import { itemsOf } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const deniedServices: DocumentRule = {
  id: 'denied-services',
  scope: 'document',
  byPart: true,
  about: ['toServices'],
  severity: 'warning',
  summary: 'toServices in egressDeny',
  why: 'Cilium turns services into their pods and addresses in `egress` only. In `egressDeny` toServices stays empty: without ports it denies nothing, with ports it denies them for every destination. Deny the pods with `toEndpoints`.',
  source: 'pkg/policy/k8s/service.go: only Egress is rewritten (V079, 5.8)',
  *check(policy) {
    for (const { item } of itemsOf(policy)) {
      const member = item.members.find(m => m.key === 'toServices' && m.peers.length > 0)
      if (!item.deny || !member) continue
      const effect = item.toPorts?.length ? 'these ports are denied for every destination' : 'nothing is denied'
      yield {
        span: member.keyNode.span,
        message: `Cilium does not resolve services in egressDeny, so ${effect}: select the pods with \`toEndpoints\``,
      }
    }
  },
}
