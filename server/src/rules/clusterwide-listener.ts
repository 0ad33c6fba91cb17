// Policies for nodes, and for what else has no namespace, that refer to a listener of a namespace.

import { refersToNamespaced } from '../engine/entangled.ts'
import type { PolicyRule } from '../model/policy.ts'
import { replaceValue } from '../syntax/edit.ts'
import { at } from '../syntax/node.ts'
import { conditionsOf, itemsOf } from './common.ts'
import type { WorkspaceRule } from './rule.ts'

export const clusterwideListener: WorkspaceRule = {
  id: 'clusterwide-listener',
  scope: 'workspace',
  about: ['listener'],
  severity: 'error',
  summary: 'A listener of a namespace in a policy for nodes',
  why: 'A listener of a CiliumEnvoyConfig is looked for in the namespace of the pods that are selected, also by a clusterwide policy. Nodes, the Ingress proxy and the health endpoint have none: neither the API server nor the operator says so, the agent fails to compute their policy again and again, and they keep the one that they had.',
  source:
    'pkg/policy/l4.go createL4Filter, pkg/policy/repository.go (V141, which the code limits to subjects without a namespace)',
  *check(policy) {
    for (const { rule: of, item } of itemsOf(policy)) {
      if (!policy.clusterwide || !isPlaceless(of) || !refersToNamespaced(item)) continue
      for (const rule of item.toPorts ?? []) {
        const kind = at(rule.listener, ['envoyConfig', 'kind'])
        if (kind?.kind !== 'scalar' || kind.value !== 'CiliumEnvoyConfig') continue
        yield {
          span: kind.span,
          message:
            'what is selected has no namespace, and a listener of a CiliumEnvoyConfig is looked for in one: use a CiliumClusterwideEnvoyConfig',
          fixes: [
            {
              title: 'Change to CiliumClusterwideEnvoyConfig',
              edits: () => replaceValue(policy.document, kind, 'CiliumClusterwideEnvoyConfig'),
            },
          ],
        }
      }
    }
  },
}

/** Whether a rule selects nodes, or what Cilium runs itself. */
function isPlaceless({ endpointSelector }: PolicyRule): boolean {
  if (!endpointSelector) return true
  return conditionsOf(endpointSelector).some(
    r => r.source === 'reserved' && (r.operator === 'In' || r.operator === 'Exists'),
  )
}
