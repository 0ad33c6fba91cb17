// Which known pods a selector matches, for what is shown to people: scoping by namespace as Cilium does it.

import { memo } from '../memo.ts'
import type { Peer, PolicyRule, Requirement, RuleItem, Selector } from '../model/policy.ts'
import type { Endpoint, Service } from '../workspace/inventory.ts'
import { CLUSTER, NAMESPACE, NAMESPACE_LABELS, SERVICE_ACCOUNT } from './labelKeys.ts'
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

const labelsIn = memo((world: World) =>
  memo((endpoint: Endpoint): ReadonlyMap<string, string> => {
    const labels = new Map(Object.entries(endpoint.labels))
    const namespace = world.namespaces.find(n => n.name === endpoint.namespace)
    for (const [key, value] of Object.entries(namespace?.labels ?? {})) labels.set(NAMESPACE_LABELS + key, value)
    labels.set(`${NAMESPACE_LABELS}kubernetes.io/metadata.name`, endpoint.namespace)
    labels.set(NAMESPACE, endpoint.namespace)
    labels.set(SERVICE_ACCOUNT, endpoint.serviceAccount)
    labels.set(CLUSTER, world.config.clusterName)
    return labels
  }),
)

/** The labels that Cilium gives a pod, source `k8s`: its own, its namespace's, its account's and its cluster's. */
export function identityLabels(world: World, endpoint: Endpoint): ReadonlyMap<string, string> {
  return labelsIn(world)(endpoint)
}

/** Whether a pod meets a requirement. */
export function meets(world: World, endpoint: Endpoint, requirement: Requirement): boolean {
  const { source, key, operator, values } = requirement
  const value = source === 'any' || source === 'k8s' ? identityLabels(world, endpoint).get(key) : undefined
  if (operator === 'In') return value !== undefined && values.includes(value)
  if (operator === 'NotIn') return value === undefined || !values.includes(value)
  return (value !== undefined) === (operator === 'Exists')
}

/** The pods of the policy's rule: its `endpointSelector` in the policy's namespace. */
export function subjectPods(world: World, home: Home, rule: Pick<PolicyRule, 'endpointSelector'>): Selected {
  if (!rule.endpointSelector) return { pods: [], sure: true }
  return pods(world, rule.endpointSelector, home.clusterwide ? 'any' : (home.namespace ?? 'unknown'))
}

/** The pods that a peer selector matches. */
export function peerPods(world: World, home: Home, selector: Selector): Selected {
  const keys = selector.requirements.map(r => r.key)
  const named = keys.includes(NAMESPACE) || (!home.clusterwide && keys.some(k => k.startsWith(NAMESPACE_LABELS)))
  const scope = named || home.clusterwide ? 'any' : (home.namespace ?? 'unknown')
  return pods(world, selector, scope)
}

type Scope = 'any' | 'unknown' | string

function pods(world: World, selector: Selector, scope: Scope): Selected {
  const anywhere = scope === 'any' || scope === 'unknown'
  const found = world.endpoints.filter(
    e => !e.hostNetwork && (anywhere || e.namespace === scope) && selector.requirements.every(r => meets(world, e, r)),
  )
  return { pods: found, sure: scope !== 'unknown' && !selector.unknown }
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
  for (const peer of item.members.flatMap(m => m.peers)) {
    if (peer.kind === 'endpoints') for (const pod of peerPods(world, home, peer.selector).pods) found.add(pod)
    if (peer.kind !== 'service') continue
    for (const service of peerServices(world, peer)) for (const pod of servicePods(world, service)) found.add(pod)
  }
  return [...found]
}
