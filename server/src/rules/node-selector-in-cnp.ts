// A nodeSelector in a namespaced policy, which the agent refuses.

import { atLeast } from '../model/version.ts'
import { replaceValue } from '../syntax/edit.ts'
import { get } from '../syntax/node.ts'
import { keySpan } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const nodeSelectorInCnp: DocumentRule = {
  id: 'node-selector-in-cnp',
  scope: 'document',
  severity: 'error',
  summary: 'A nodeSelector in a CiliumNetworkPolicy',
  why: 'Nodes belong to no namespace: only a CiliumClusterwideNetworkPolicy can select them. The agent refuses the policy (up to 1.17 a nodeSelector inside `specs` slipped through).',
  source: 'pkg/k8s/apis/cilium.io/v2/cnp_types.go Parse (V003, V004)',
  *check(policy, lens) {
    if (policy.clusterwide) return
    const kind = get(policy.root, 'kind')
    for (const rule of policy.rules) {
      if (!rule.nodeSelector || (rule.path[0] === 'specs' && !atLeast(lens.version, '1.18'))) continue
      yield {
        span: keySpan(rule.node, 'nodeSelector'),
        message: '`nodeSelector` cannot be used in a CiliumNetworkPolicy: make it a CiliumClusterwideNetworkPolicy',
        fixes: kind
          ? [
              {
                title: 'Change the kind to CiliumClusterwideNetworkPolicy',
                preferred: true,
                edits: () => replaceValue(policy.document, kind, 'CiliumClusterwideNetworkPolicy'),
              },
            ]
          : [],
      }
    }
  },
}
