// A namespaced policy for something that is no pod.

import { conditionsOf } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const reservedSubject: DocumentRule = {
  id: 'reserved-subject',
  scope: 'document',
  severity: 'warning',
  summary: 'A CiliumNetworkPolicy for a reserved identity',
  why: 'A CiliumNetworkPolicy selects only what has its namespace: pods. Nothing with a reserved label (host, init, health, ingress) has one, so the policy selects nothing. Only a CiliumClusterwideNetworkPolicy can select those.',
  source: 'pkg/k8s/apis/cilium.io/utils/utils.go ParseToCiliumRule (V009, 4.3)',
  *check(policy) {
    if (policy.clusterwide) return
    for (const rule of policy.rules) {
      for (const r of conditionsOf(rule.endpointSelector)) {
        if (r.source !== 'reserved' || r.operator === 'NotIn' || r.operator === 'DoesNotExist') continue
        yield {
          span: r.keyNode.span,
          message: `no pod has the label ${r.written}, so this policy selects nothing: make it a CiliumClusterwideNetworkPolicy`,
        }
      }
    }
  },
}
