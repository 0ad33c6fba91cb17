// A clusterwide policy for every endpoint, which closes those of the system too.

import type { PolicyRule } from '../model/policy.ts'
import { worldOf } from '../workspace/world.ts'
import { keySpan } from './common.ts'
import type { WorkspaceRule } from './rule.ts'

export const everythingSelected: WorkspaceRule = {
  id: 'everything-selected',
  scope: 'workspace',
  severity: 'hint',
  summary: 'A clusterwide policy that closes every endpoint',
  why: "`endpointSelector: {}` of a clusterwide policy selects the pods of kube-system too, and Cilium's own health and ingress endpoints. With a section that switches default deny on they are all closed in that direction. That is the usual base line of a cluster; it needs rules for DNS, for health checks and for what kube-system does.",
  source: 'pkg/policy/repository.go, Documentation/security/policy/kubernetes.rst (F21, 6.6)',
  *check(policy, snapshot) {
    if (!policy.clusterwide) return
    for (const rule of policy.rules) {
      const selector = rule.endpointSelector
      if (!selector || selector.unknown || selector.requirements.length > 0) continue
      const closed = closedBy(rule)
      if (closed.length === 0) continue
      const system = worldOf(snapshot).endpoints.filter(e => e.namespace === 'kube-system' && !e.hostNetwork)
      const named = system.slice(0, 3).map(e => e.name)
      const more = system.length > named.length ? ` and ${system.length - named.length} more` : ''
      const here = named.length > 0 ? ` (${named.join(', ')}${more})` : ''
      yield {
        span: keySpan(rule.node, 'endpointSelector'),
        message: `this closes the ${closed.join(' and ')} of every pod, those of kube-system${here} and Cilium's health and ingress endpoints too: they need rules of their own`,
      }
    }
  },
}

/** The directions in which the rule switches default deny on. */
function closedBy({ items, enableDefaultDeny }: PolicyRule): readonly string[] {
  return (['ingress', 'egress'] as const).filter(
    direction => enableDefaultDeny[direction] !== false && items.some(i => i.direction === direction),
  )
}
