// Which known pods a selector matches: scoping by namespace as Cilium does it.

import { memo } from '../memo.ts'
import { peersIn } from '../model/peers.ts'
import type { Peer, PolicyRule, RuleItem, Selector } from '../model/policy.ts'
import {
  allHold,
  byLabel,
  type Condition,
  type LabelSet,
  NAMESPACE,
  peerConditions,
  type Scope,
  subjectConditions,
} from '../model/selector.ts'
import type { Endpoint, Service } from './inventory.ts'
import { identityOf, type Making, makingOf } from './podLabels.ts'
import type { World } from './world.ts'

/** What can be said: the pods, and whether there may be more or fewer (a namespace or value is unknown). */
export interface Selected {
  readonly pods: readonly Endpoint[]
  readonly sure: boolean
}

/** From where a policy looks: its effective namespace, undefined when unknown. */
export interface Home {
  readonly clusterwide: boolean
  readonly namespace: string | undefined
}

const labelled = memo((namespaces: World['namespaces']) =>
  memo((making: Making) => {
    const labels = new Map(namespaces.map(n => [n.name, n.labels]))
    return (endpoint: Endpoint): LabelSet => identityOf(endpoint, labels.get(endpoint.namespace), making)
  }),
)

/** One function as long as the namespaces and the configuration stay the same. */
const setsIn = memo(({ namespaces, version, config }: World) => labelled(namespaces)(makingOf(version, config)))

/** The labels that Cilium gives a pod: its own, its namespace's, its account's and its cluster's. */
export function identityLabels(world: World, endpoint: Endpoint): ReadonlyMap<string, string> {
  const { labels } = setsIn(world)(endpoint)
  return new Map([...labels].map(([key, [first]]) => [key, first?.value ?? '']))
}

/** The value of one label of a pod's identity. */
export function labelOf(world: World, endpoint: Endpoint, key: string): string | undefined {
  return setsIn(world)(endpoint).labels.get(key)?.[0]?.value
}

/** The pods of the policy's rule: its `endpointSelector` in the policy's namespace. */
export function subjectPods(world: World, home: Home, rule: Pick<PolicyRule, 'endpointSelector'>): Selected {
  const selector = rule.endpointSelector
  if (!selector) return { pods: [], sure: true }
  return pods(world, selector, subjectConditions(selector, scopeOf(home)))
}

/** The pods that a peer selector matches. */
export function peerPods(world: World, home: Home, selector: Selector): Selected {
  return pods(world, selector, peerConditions(selector, scopeOf(home)))
}

function scopeOf({ clusterwide, namespace }: Home): Scope {
  return { clusterwide, namespace, init: false, cluster: undefined }
}

/** The pods that have a label, by its value. */
const wearing = memo((sets: (endpoint: Endpoint) => LabelSet) =>
  memo((endpoints: readonly Endpoint[]) => byLabel(endpoints, sets)),
)

const byNamespace = memo((endpoints: readonly Endpoint[]) => Map.groupBy(endpoints, e => e.namespace))

/** So many pods are looked at sooner than all pods are sorted by a label. */
const FEW = 500

/** Only pods that may be meant: those of the namespace, where they are few, else those that wear a label which is asked for. */
function candidates(world: World, wanted: readonly Condition[]): readonly Endpoint[] {
  const asked = wanted.filter(c => c.operator === 'In' && c.values.length === 1)
  const place = asked.find(c => c.key === NAMESPACE)
  const near = place && (byNamespace(world.endpoints).get(place.values[0] ?? '') ?? [])
  if (near && near.length <= FEW) return near
  const one = asked.find(c => c.key !== NAMESPACE) ?? place
  return one ? (wearing(setsIn(world))(world.endpoints)(one.key).get(one.values[0] ?? '') ?? []) : world.endpoints
}

/** Without conditions the namespace is unknown: the pods of any namespace are shown. */
function pods(world: World, selector: Selector, conditions: readonly Condition[] | undefined): Selected {
  const wanted = conditions ?? selector.requirements
  const sets = setsIn(world)
  const found = candidates(world, wanted).filter(e => !e.hostNetwork && allHold(wanted, sets(e)) === 'yes')
  return { pods: found, sure: conditions !== undefined && !selector.unknown }
}

/** The pods behind a service. */
export function servicePods(world: World, service: Service): readonly Endpoint[] {
  const { selector, namespace } = service
  if (!selector || Object.keys(selector).length === 0) return []
  const wanted = Object.entries(selector)
  return world.endpoints.filter(
    e => e.namespace === namespace && !e.hostNetwork && wanted.every(([k, v]) => e.labels[k] === v),
  )
}

/** The services that a `toServices` item means. */
export function peerServices(world: World, peer: Peer & { kind: 'service' }): readonly Service[] {
  if (peer.selector) {
    const { selector, namespace } = peer.selector
    return world.services.filter(
      s =>
        (!namespace || s.namespace === namespace.value) &&
        selector.requirements.every(r => r.operator !== 'In' || r.values.includes(s.labels[r.key] ?? '')),
    )
  }
  const { name, namespace } = peer.service ?? {}
  return world.services.filter(s => s.name === name?.value && (!namespace || s.namespace === namespace.value))
}

/** The pods whose ports a rule item is about: its peers at egress, the policy's own at ingress. */
export function portPods(world: World, home: Home, rule: PolicyRule, item: RuleItem): readonly Endpoint[] {
  if (item.direction === 'ingress') return subjectPods(world, home, rule).pods
  const found = new Set<Endpoint>()
  for (const peer of peersIn(item)) {
    if (peer.kind === 'endpoints') for (const pod of peerPods(world, home, peer.selector).pods) found.add(pod)
    if (peer.kind !== 'service') continue
    for (const service of peerServices(world, peer)) for (const pod of servicePods(world, service)) found.add(pod)
  }
  return [...found]
}

const onHosts = memo((endpoints: readonly Endpoint[]) => endpoints.filter(e => e.hostNetwork))

/** Whether any pod is in the network of its node. */
export const hasHostPods = (world: World): boolean => onHosts(world.endpoints).length > 0

/** The pods in the network of their node whose labels a selector would match: as such they have no identity of their own. */
export function hostPods(world: World, home: Home, selector: Selector, as: 'peer' | 'subject'): readonly Endpoint[] {
  const scope = scopeOf(home)
  const wanted = as === 'peer' ? peerConditions(selector, scope) : subjectConditions(selector, scope)
  if (!wanted || selector.requirements.length === 0) return []
  return onHosts(world.endpoints).filter(e => allHold(wanted, setsIn(world)(e)) === 'yes')
}
