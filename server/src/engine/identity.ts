// What an agent takes one end of a flow for: the labels of its identity, and what CIDR and name rules may match.

import { memo } from '../memo.ts'
import { formatAddress, type Prefix, parseAddress } from '../model/cidr.ts'
import { byKey, type CiliumLabel, reserved } from '../model/labels.ts'
import { CLUSTER, type Condition, type LabelSet, NAMESPACE, NAMESPACE_LABELS } from '../model/selector.ts'
import { atLeast } from '../model/version.ts'
import type { ClusterNode, Endpoint } from '../workspace/inventory.ts'
import { identityOf } from '../workspace/podLabels.ts'
import { type Basis, groupLabels, hostPrefix } from './basis.ts'
import type { Party } from './party.ts'

export interface NamedPort {
  readonly port: number
  readonly protocol: string
}

export interface Identity {
  readonly labels: LabelSet
  /** `outside`: what carries a world label. */
  readonly place: 'pod' | 'node' | 'outside' | 'other'
  /** The networks of its addresses; of something outside the longest network that is known to hold it. */
  readonly networks: readonly Prefix[]
  /** The name under which an address outside was seen. */
  readonly name: string | undefined
  /** The reserved label of the aggregate that it is looked up under as well (1.20); undefined: none. */
  readonly aggregate: string | undefined
  /** Container ports by name; undefined: unknown. */
  readonly ports: ReadonlyMap<string, NamedPort> | undefined
}

const NO_PORTS: ReadonlyMap<string, NamedPort> = new Map()

/** Ports by name; the last container wins (pkg/k8s/labels.go GetPodMetadata, which leaves init containers out). */
export const namedPorts: (endpoint: Endpoint) => ReadonlyMap<string, NamedPort> = memo(endpoint => {
  const found = new Map<string, NamedPort>()
  for (const p of endpoint.ports)
    if (p.name !== undefined && !p.sidecar) found.set(p.name.toLowerCase(), { port: p.port, protocol: p.protocol })
  return found
})

/** The named ports of pods, as words that tell two sets of them apart. */
export const portsWorn = ({ ports }: Identity): readonly string[] =>
  [...(ports ?? [])].map(([name, p]) => `${name}:${p.port}/${p.protocol}`).sort()

const identities = memo((endpoint: Endpoint) =>
  memo(
    (labels: LabelSet): Identity => ({
      labels,
      place: 'pod',
      networks: networksOf(endpoint.addresses),
      name: undefined,
      aggregate: 'aggregate-cluster',
      ports: namedPorts(endpoint),
    }),
  ),
)

/** The identity of a pod that has one of its own (not hostNetwork). */
export function podIdentity(basis: Basis, endpoint: Endpoint): Identity {
  const labels = identityOf(endpoint, basis.namespaces.get(endpoint.namespace), basis.making)
  const plain = identities(endpoint)(labels)
  return endpoint.identity || !matchable(basis, 'pods') ? plain : inGroups(basis)(plain)
}

/** A pod's identity with the labels of the CIDR groups that hold its addresses. */
const inGroups = memo((basis: Basis) =>
  memo((identity: Identity): Identity => {
    const more = identity.networks.flatMap(n => groupLabels(basis, n))
    if (more.length === 0) return identity
    const { labels } = identity.labels
    return { ...identity, labels: { ...identity.labels, labels: byKey([...[...labels.values()].flat(), ...more]) } }
  }),
)

/** Whether CIDR rules may reach nodes or pods too (`policy-cidr-match-mode`). */
export function matchable({ config, version }: Basis, what: 'nodes' | 'pods'): boolean {
  return config.cidrMatchMode.includes(what) && (what === 'nodes' || atLeast(version, '1.20'))
}

function networksOf(addresses: readonly string[]): Prefix[] {
  return addresses.flatMap(text => {
    const address = parseAddress(text)
    return address ? [hostPrefix(address)] : []
  })
}

/** The identity of a pod of which a selector tells. */
export function impliedIdentity(basis: Basis, party: Extract<Party, { kind: 'implied' }>): Identity {
  const known: CiliumLabel[] = []
  const namespace = party.namespace ?? only(party.conditions, NAMESPACE)
  const set = (key: string, value: string) => known.push({ source: 'k8s', key, value })
  for (const c of party.conditions) {
    const value = c.operator === 'In' && c.values.length === 1 ? c.values[0] : undefined
    if (value !== undefined && c.source !== 'reserved' && c.key !== NAMESPACE) set(c.key, value)
  }
  if (namespace !== undefined) {
    set(NAMESPACE, namespace)
    const labels = basis.namespaces.get(namespace) ?? { 'kubernetes.io/metadata.name': namespace }
    for (const [key, value] of Object.entries(labels)) set(`${NAMESPACE_LABELS}${key}`, value)
  }
  if (!party.conditions.some(c => c.key === CLUSTER)) set(CLUSTER, basis.config.clusterName)
  const exists: Condition = { source: 'k8s', key: NAMESPACE, operator: 'Exists', values: [] }
  return {
    labels: { labels: byKey(known), open: true, given: [...party.conditions, exists] },
    place: 'pod',
    networks: [],
    name: undefined,
    aggregate: 'aggregate-cluster',
    ports: undefined,
  }
}

const only = (conditions: readonly Condition[], key: string): string | undefined =>
  conditions.find(c => c.key === key && c.operator === 'In' && c.values.length === 1)?.values[0]

/** Whether a node serves the API. */
export function servesApi(basis: Basis, node: ClusterNode): boolean {
  return basis.apiAddresses.some(a => basis.nodeByAddress.get(a) === node)
}

/** The identity of a node as seen from itself (host) or from another one. */
export function nodeIdentity(
  basis: Basis,
  node: ClusterNode | undefined,
  how: { local: boolean; api: boolean },
): Identity {
  const names = how.local ? ['host'] : ['remote-node']
  if (how.api) names.push('kube-apiserver')
  const labels = names.map(reserved)
  if (basis.config.nodeSelectorLabels && (node || how.local)) {
    for (const [key, value] of Object.entries(node?.labels ?? {})) labels.push({ source: 'node', key, value })
    labels.push({ source: 'k8s', key: CLUSTER, value: basis.config.clusterName })
  }
  const networks = networksOf(node?.addresses ?? [])
  if (matchable(basis, 'nodes')) labels.push(...networks.flatMap(n => groupLabels(basis, n)))
  return {
    labels: { labels: byKey(labels), open: false },
    place: 'node',
    networks,
    name: undefined,
    aggregate: !how.local && labels.length > names.length ? 'aggregate-remote-node' : undefined,
    ports: NO_PORTS,
  }
}

/** A reserved identity that is no node and not outside: health, ingress, init, unmanaged. */
export function otherIdentity(entity: string): Identity {
  return {
    labels: { labels: byKey([reserved(entity)]), open: false },
    place: 'other',
    networks: [],
    name: undefined,
    aggregate: undefined,
    ports: NO_PORTS,
  }
}

/** Everything of a family: what is outside without anything else being known of it. */
export const anywhere = (family: 4 | 6): Prefix => ({ family, address: 0n, bits: 0 })

/** The identity of something outside, in the network that is known to hold it (pkg/ipcache metadata.go resolveLabels). */
export function outsideIdentity(basis: Basis, network: Prefix, name?: string): Identity {
  const labels: CiliumLabel[] = [...groupLabels(basis, network), reserved(worldName(basis, network.family))]
  const api = basis.apiAddresses.some(a => !basis.nodeByAddress.has(a) && isAt(network, a))
  if (api) labels.push(reserved('kube-apiserver'))
  return {
    labels: { labels: byKey(labels), open: false },
    place: 'outside',
    networks: [network],
    name,
    aggregate: 'aggregate-world',
    ports: NO_PORTS,
  }
}

/** pkg/labels/cidr.go getWorldLabel; up to 1.18 a cluster of one family has one world. */
function worldName({ config, version }: Basis, family: 4 | 6): string {
  if (!atLeast(version, '1.19') && !(config.ipv4 && config.ipv6)) return 'world'
  if (family === 4) return config.ipv6 ? 'world-ipv4' : 'world'
  return config.ipv4 ? 'world-ipv6' : 'world'
}

function isAt(network: Prefix, address: string): boolean {
  return network.bits === (network.family === 4 ? 32 : 128) && formatAddress(network) === address
}
