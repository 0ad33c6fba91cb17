// Selectors for pods that run in the network of their node.

import { hasHostPods, hostPods } from '../workspace/selection.ts'
import { worldOf } from '../workspace/world.ts'
import { nameOf } from './known.ts'
import { homeOf, podSelectors } from './podSelectors.ts'
import type { WorkspaceRule } from './rule.ts'

export const hostNetworkPods: WorkspaceRule = {
  id: 'host-network-pods',
  scope: 'workspace',
  byWords: true,
  severity: 'warning',
  summary: 'A selector for pods with hostNetwork',
  why: 'A pod with `hostNetwork: true` has the address and the identity of its node, not one of its own: no label selects it. As a peer it is the entity `host` (on the same node) or `remote-node`; as the subject of a policy it is a node.',
  source: 'Documentation/security/policy/layer3.rst, entities (F32, 4.2)',
  *check(policy, snapshot) {
    const world = worldOf(snapshot)
    if (!hasHostPods(world)) return
    for (const s of podSelectors(snapshot, policy)) {
      if (s.selected.pods.length > 0) continue
      const [first] = hostPods(world, homeOf(snapshot, policy), s.selector, s.as)
      const condition = s.selector.requirements[0]
      if (!first || !condition) continue
      yield {
        span: condition.keyNode.span,
        message: `${nameOf(first)} runs in the network of its node, where labels do not select it: ${s.as === 'peer' ? 'use the entities `host` and `remote-node`' : 'use a clusterwide policy with `nodeSelector`'}`,
        related: first.place ? [{ place: first.place, message: 'hostNetwork: true' }] : [],
      }
    }
  },
}
