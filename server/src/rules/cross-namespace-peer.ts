// Peers of another namespace without its label.

import { NONE } from '../memo.ts'
import type { Policy, Selector } from '../model/policy.ts'
import { NAMESPACE } from '../model/selector.ts'
import { addEntry, isShared } from '../syntax/edit.ts'
import { get } from '../syntax/node.ts'
import type { Fix } from '../syntax/problem.ts'
import { peerPods } from '../workspace/selection.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import { worldOf } from '../workspace/world.ts'
import { wordSpan } from './common.ts'
import { listedIn } from './known.ts'
import { type PodSelector, podSelectors } from './podSelectors.ts'
import type { WorkspaceRule } from './rule.ts'

export const crossNamespacePeer: WorkspaceRule = {
  id: 'cross-namespace-peer',
  scope: 'workspace',
  byWords: true,
  severity: 'warning',
  summary: 'A peer of another namespace without its label',
  why: "In a CiliumNetworkPolicy a peer without a namespace means pods of the policy's own. Pods of another namespace need the label `k8s:io.kubernetes.pod.namespace`. Said where no pod here matches and pods of another namespace do.",
  source: 'pkg/k8s/apis/cilium.io/utils/utils.go getEndpointSelector (F24, 6.6 number 1)',
  *check(policy, snapshot) {
    for (const s of podSelectors(snapshot, policy)) {
      const others = elsewhere(snapshot, policy, s)
      const own = s.namespaces?.[0]
      if (others.length === 0 || own === undefined) continue
      const some = others.slice(0, 3).join(', ')
      const map = get(s.selector.node, 'matchLabels') ?? s.selector.node
      yield {
        span: wordSpan(map),
        message: `no pod of ${own} matches, and peers without a namespace are those of ${own}: add \`k8s:${NAMESPACE}: ${others.length === 1 ? some : `…\` (${some} have such pods)`}${others.length === 1 ? '`' : ''}`,
        fixes: others
          .slice(0, 3)
          .flatMap(n => addNamespace(policy, s.selector, { name: n, only: others.length === 1 })),
      }
    }
  },
}

/** The other namespaces that have pods which a peer without namespace would match, when the policy's own has none. */
export function elsewhere(snapshot: Snapshot, policy: Policy, s: PodSelector): readonly string[] {
  const own = s.namespaces?.[0]
  const { requirements } = s.selector
  if (s.as !== 'peer' || policy.clusterwide || own === undefined || s.selected.pods.length > 0) return NONE
  if (requirements.length === 0 || requirements.some(r => r.key === NAMESPACE)) return NONE
  if (!requirements.some(r => r.operator === 'In')) return NONE
  const world = worldOf(snapshot)
  if (!listedIn(snapshot, 'endpoints', own)) {
    const dns = requirements.some(r => r.key === 'k8s-app' && r.values.includes('kube-dns'))
    return dns && own !== 'kube-system' ? ['kube-system'] : []
  }
  const all = peerPods(world, { clusterwide: true, namespace: undefined }, s.selector).pods
  return [...new Set(all.map(p => p.namespace))].filter(n => n !== own).sort()
}

function addNamespace(
  policy: Policy,
  selector: Selector,
  to: { readonly name: string; readonly only: boolean },
): Fix[] {
  const { document } = policy
  const { node } = selector
  const labels = get(node, 'matchLabels')
  if (node.kind !== 'map' || isShared(labels ?? node)) return []
  const key = `k8s:${NAMESPACE}`
  const edits = () =>
    labels?.kind === 'map'
      ? addEntry(document, labels, key, to.name)
      : addEntry(document, node, 'matchLabels', { [key]: to.name }, 'start')
  return [{ title: `Add the namespace ${to.name}`, preferred: to.only, edits }]
}
