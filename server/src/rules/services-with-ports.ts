// toServices together with toPorts, which 1.16 refuses.

import { together } from '../syntax/rendering.ts'
import { keySpan, sanitized } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const servicesWithPorts: DocumentRule = {
  id: 'services-with-ports',
  scope: 'document',
  byPart: true,
  about: ['toServices'],
  severity: 'error',
  until: '1.16',
  summary: 'toServices together with toPorts in Cilium 1.16',
  why: 'Cilium 1.14 to 1.16 refuse the two together; from 1.17 on they may be combined.',
  source: 'pkg/policy/api/rule_validation.go of 1.16, l3DependentL4Support (V042)',
  *check(policy, lens) {
    for (const { item } of sanitized(policy, lens)) {
      const services = item.members.find(m => m.key === 'toServices' && m.peers.length > 0)
      const ports = item.toPorts?.[0]
      if (services && ports && together(policy.document, services.keyNode.span, ports.node.span))
        yield {
          span: keySpan(item.node, 'toPorts'),
          message:
            '`toServices` and `toPorts` cannot be combined in Cilium 1.16: use `toEndpoints` with the labels of the pods behind the service',
        }
    }
  },
}
