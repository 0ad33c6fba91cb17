// The selectors of pods in a policy, each with the namespaces that it is about.

import { latest, memo, NONE, trimmed } from '../memo.ts'
import { peersIn } from '../model/peers.ts'
import type { Policy, RuleItem, Selector } from '../model/policy.ts'
import { NAMESPACE, NAMESPACE_LABELS } from '../model/selector.ts'
import { type Home, peerPods, type Selected, subjectPods } from '../workspace/selection.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import { namespaceOf, type World, worldOf } from '../workspace/world.ts'
import { itemsOf } from './common.ts'

export interface PodSelector {
  readonly selector: Selector
  readonly as: 'peer' | 'subject'
  /** Undefined: pods of any namespace may be meant. */
  readonly namespaces: readonly string[] | undefined
  readonly selected: Selected
}

/** From where the policy looks. */
export const homeOf = (snapshot: Snapshot, policy: Policy): Home => ({
  clusterwide: policy.clusterwide,
  namespace: namespaceOf(snapshot, policy),
})

/** The endpointSelectors and endpoint peers of a policy that can be judged; those of unknown namespace or content are left out. */
export const podSelectors = (snapshot: Snapshot, policy: Policy): readonly PodSelector[] => seenIn(policy, snapshot)

const seenIn = latest((policy: Policy, snapshot: Snapshot): readonly PodSelector[] => {
  const home = homeOf(snapshot, policy)
  if (!policy.clusterwide && home.namespace === undefined) return NONE
  const world = worldOf(snapshot)
  const found: PodSelector[] = []
  for (const rule of policy.rules) {
    const selector = rule.endpointSelector
    if (!selector) continue
    const namespaces = home.namespace === undefined ? written(selector) : [home.namespace]
    const selected = subjectPods(world, home, rule)
    if (selected.sure && judgeable(selector)) found.push({ selector, as: 'subject', namespaces, selected })
  }
  for (const { item } of itemsOf(policy)) found.push(...(item.twin === item ? inTwin : inItem)(item, world, home))
  return found
})

function inItem(item: RuleItem, world: World, home: Home): readonly PodSelector[] {
  const found: PodSelector[] = []
  for (const peer of peersIn(item)) {
    if (peer.kind !== 'endpoints') continue
    const { selector } = peer
    const selected = peerPods(world, home, selector)
    if (selected.sure && judgeable(selector))
      found.push({ selector, as: 'peer', namespaces: peerNamespaces(selector, home), selected })
  }
  return trimmed(found)
}

/** What twins have that is seen from a home, by their homes. */
const twins = memo((_world: World) => new Map<string, Map<RuleItem, readonly PodSelector[]>>())

/** As `inItem`, remembered: many policies of a namespace have the same items. */
function inTwin(twin: RuleItem, world: World, home: Home): readonly PodSelector[] {
  const key = home.clusterwide ? '' : (home.namespace ?? '')
  const here = twins(world).get(key) ?? new Map<RuleItem, readonly PodSelector[]>()
  twins(world).set(key, here)
  const before = here.get(twin)
  if (before) return before
  const found = inItem(twin, world, home)
  here.set(twin, found)
  return found
}

const judgeable = (selector: Selector): boolean =>
  !selector.unknown && selector.requirements.every(r => r.source === 'any' || r.source === 'k8s')

/** The namespaces that a selector names, undefined when it names none. */
function written(selector: Selector): readonly string[] | undefined {
  const named = selector.requirements.find(r => r.key === NAMESPACE && r.operator === 'In')
  return named?.values
}

function peerNamespaces(selector: Selector, home: Home): readonly string[] | undefined {
  const named = written(selector)
  if (named) return named
  const free = selector.requirements.some(r => r.key === NAMESPACE || r.key.startsWith(NAMESPACE_LABELS))
  return free || home.namespace === undefined ? undefined : [home.namespace]
}
