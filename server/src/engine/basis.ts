// What verdicts are computed from beside the policies: the version and configuration in force, and the cluster's picture.

import { memo } from '../memo.ts'
import { type Address, covers, formatAddress, type Prefix, parseAddress, parsePrefix } from '../model/cidr.ts'
import type { CiliumLabel } from '../model/labels.ts'
import { atLeast, type Version } from '../model/version.ts'
import type { CiliumConfig } from '../workspace/config.ts'
import { effectiveConfig } from '../workspace/configuration.ts'
import type { CidrGroup, ClusterNode, Endpoint, Inventory } from '../workspace/inventory.ts'
import { knowledge } from '../workspace/knowledge.ts'
import { type Making, makingOf } from '../workspace/podLabels.ts'
import type { Snapshot } from '../workspace/snapshot.ts'

/** A prefix that CIDR groups name, and what an address in it is labelled with because of it. */
export interface GroupPrefix {
  readonly prefix: Prefix
  readonly labels: readonly CiliumLabel[]
}

/** One object as long as the picture, the version and the configuration stay the same: results may be remembered by it. */
export interface Basis {
  readonly version: Version
  readonly config: CiliumConfig
  readonly picture: Inventory
  /** How agents make identities. */
  readonly making: Making
  /** Labels of the namespaces that are known. */
  readonly namespaces: ReadonlyMap<string, Readonly<Record<string, string>>>
  readonly nodes: ReadonlyMap<string, ClusterNode>
  readonly nodeByAddress: ReadonlyMap<string, ClusterNode>
  /** Pods with an address of their own. */
  readonly podByAddress: ReadonlyMap<string, Endpoint>
  /** Where the service default/kubernetes leads to; none when that is not known. */
  readonly apiAddresses: readonly string[]
  /** The longest prefixes first. */
  readonly groups: readonly GroupPrefix[]
  /** Whether an inventory file or a cluster says all that there is: then what is not in it is not there. */
  readonly complete: boolean
}

const byPicture = memo((_picture: Inventory) => new Map<string, Basis>())

/** So many configurations are remembered of a picture: somebody may be typing one. */
const MOST = 3

/** The basis of a snapshot's verdicts. */
export const basisOf: (snapshot: Snapshot) => Basis = memo(snapshot => {
  const picture = knowledge(snapshot)
  const { version, config } = effectiveConfig(snapshot)
  const complete = snapshot.inventories.some(i => i.gaps.length === 0)
  const key = JSON.stringify([version, config, complete])
  const known = byPicture(picture).get(key)
  if (known) return known
  const basis = makeBasis(picture, { version, config, complete })
  const [oldest] = byPicture(picture).keys()
  if (oldest !== undefined && byPicture(picture).size >= MOST) byPicture(picture).delete(oldest)
  byPicture(picture).set(key, basis)
  return basis
})

function makeBasis(picture: Inventory, how: Pick<Basis, 'version' | 'config' | 'complete'>): Basis {
  const nodeByAddress = new Map<string, ClusterNode>()
  for (const node of picture.nodes) for (const a of node.addresses) nodeByAddress.set(canonical(a), node)
  const podByAddress = new Map<string, Endpoint>()
  for (const e of picture.endpoints) if (!e.hostNetwork) for (const a of e.addresses) podByAddress.set(canonical(a), e)
  const api = picture.services.find(s => s.namespace === 'default' && s.name === 'kubernetes')
  return {
    ...how,
    picture,
    making: makingOf(how.version, how.config),
    namespaces: new Map(picture.namespaces.map(n => [n.name, n.labels])),
    nodes: new Map(picture.nodes.map(n => [n.name, n])),
    nodeByAddress,
    podByAddress,
    apiAddresses: (api?.endpoints ?? []).filter(a => served(a, how.config)).map(canonical),
    groups: picture.cidrGroups
      .flatMap(g => groupPrefixes(g, how.version))
      .sort((a, b) => b.prefix.bits - a.prefix.bits),
  }
}

/** Whether the agent knows backends of that family (pkg/loadbalancer convertEndpoints). */
export function served(address: string, config: CiliumConfig): boolean {
  const family = parseAddress(address)?.family
  return family === 4 ? config.ipv4 : family === 6 && config.ipv6
}

/** An address in one spelling, so that two can be compared as texts. */
export function canonical(address: string): string {
  const parsed = address.includes(':') ? parseAddress(address) : undefined
  return parsed ? formatAddress(parsed) : address
}

/** The network that holds only that address. */
export function hostPrefix(address: Address): Prefix {
  return { ...address, bits: address.family === 4 ? 32 : 128 }
}

const GROUP_NAME = 'io.cilium.policy.cidrgroupname/'

/** The label that an address has for being in the group of that name. */
export const groupNameLabel = (name: string): CiliumLabel => ({
  source: 'cidrgroup',
  key: `${GROUP_NAME}${name}`,
  value: '',
})

/** The label that carries a group label's value in its key, so that values of several groups do not collide (1.19). */
export const encodedKey = (key: string, value: string): string => `${key}\u0000${value}`

/** pkg/policy/k8s/cilium_cidr_group.go cidrsAndLabelsForCIDRGroup; CIDRs that cannot be read are left out, as there. */
function groupPrefixes(group: CidrGroup, version: Version): GroupPrefix[] {
  const labels: CiliumLabel[] = [groupNameLabel(group.name)]
  for (const [key, value] of Object.entries(group.labels)) {
    if (key.startsWith('io.cilium.k8s')) continue
    labels.push({ source: 'cidrgroup', key, value })
    if (atLeast(version, '1.19')) labels.push({ source: 'cidrgroup', key: encodedKey(key, value), value: '' })
  }
  return group.cidrs.flatMap(cidr => {
    const prefix = parsePrefix(cidr)
    return prefix ? [{ prefix, labels }] : []
  })
}

/** The labels that a network has from CIDR groups: of equal keys the one of the longest prefix (pkg/ipcache mergeLabels). */
export function groupLabels(basis: Basis, network: Prefix): readonly CiliumLabel[] {
  const found = new Map<string, CiliumLabel>()
  for (const g of basis.groups)
    if (covers(g.prefix, network)) for (const l of g.labels) if (!found.has(l.key)) found.set(l.key, l)
  return [...found.values()]
}
