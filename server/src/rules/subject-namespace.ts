// The namespace of another place in the endpointSelector of a namespaced policy.

import type { Policy, Requirement } from '../model/policy.ts'
import { NAMESPACE } from '../model/selector.ts'
import { isShared, removeEntry } from '../syntax/edit.ts'
import type { Fix } from '../syntax/problem.ts'
import { effectiveNamespace } from '../workspace/namespace.ts'
import { conditionsOf } from './common.ts'
import type { WorkspaceRule } from './rule.ts'

export const subjectNamespace: WorkspaceRule = {
  id: 'subject-namespace',
  scope: 'workspace',
  severity: 'warning',
  summary: 'An endpointSelector for another namespace than the policy has',
  why: "A CiliumNetworkPolicy selects pods of its own namespace only. Cilium replaces another namespace in matchLabels (with `k8s:`) by the policy's own, so other pods are selected than it says; written otherwise the selector matches nothing. Move the policy to that namespace, or make it a CiliumClusterwideNetworkPolicy.",
  source: 'pkg/k8s/apis/cilium.io/utils/utils.go ParseToCiliumRule, namespacesAreValid (V007, V008, F26)',
  *check(policy, snapshot) {
    const own = effectiveNamespace(snapshot, policy)
    if (!own) return
    for (const rule of policy.rules) {
      for (const r of conditionsOf(rule.endpointSelector)) {
        if (r.key !== NAMESPACE || (r.source !== 'any' && r.source !== 'k8s') || r.operator !== 'In') continue
        if (r.values.includes(own.namespace)) continue
        const replaced = r.source === 'k8s' && r.node.kind === 'scalar'
        yield {
          span: r.node.kind === 'scalar' ? r.node.span : r.keyNode.span,
          message: `the policy is in namespace ${own.namespace}, so ${replaced ? `pods of ${own.namespace} are selected, not of ${r.values.join(', ')}` : 'this selects nothing'}: move the policy there, or take the label away`,
          fixes: replaced ? remove(policy, r) : [],
        }
      }
    }
  },
}

function remove(policy: Policy, r: Requirement): Fix[] {
  const map = r.keyNode.parent
  if (map?.kind !== 'map' || isShared(map)) return []
  return [
    {
      title: `Remove the label ${r.written}`,
      preferred: true,
      edits: () => removeEntry(policy.document, map, r.written),
    },
  ]
}
