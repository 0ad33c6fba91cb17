// One rule item as the agent files it: which peers and ports it is about (pkg/policy/utils/parserules.go).

import { trimmed } from '../memo.ts'
import { covers, masked, type Prefix, parseAddress, parsePrefix } from '../model/cidr.ts'
import type { Direction, Policy, PolicyRule, RuleItem } from '../model/policy.ts'
import type { Condition, Match, Scope } from '../model/selector.ts'
import { atLeast, type Version } from '../model/version.ts'
import type { Node } from '../syntax/node.ts'
import { type Basis, hostPrefix } from './basis.ts'
import type { Kin } from './counterpart/kin.ts'
import { type Identity, matchable } from './identity.ts'

/** What the peers of a rule depend on beside themselves. */
export interface Context {
  readonly basis: Basis
  readonly scope: Scope
}

/** One member of a peer list. */
export interface PeerTest {
  readonly node: Node
  matches(identity: Identity): Match
  /** Networks whose addresses it tells apart. */
  readonly networks: readonly Prefix[]
  /** A label selector of pods: what `requires` ask is asked of it too. */
  readonly bySelector: boolean
  /** Of a label selector: what must hold of the peer's labels, unless all of it asks for absence. */
  readonly conditions?: readonly Condition[]
  /** What the agent calls its selectors: equal keys are one selector. */
  keys(): readonly string[]
  /** The known pods that it selects for certain, once they have been looked for: a test is made for one basis only. */
  kin?: readonly Kin[] | undefined
}

/** `any`: no peer is named, every peer is meant; `none`: nothing is selected. */
export type Peers = 'any' | 'none' | readonly PeerTest[]

/** What a rule item and all its twins mean in one scope. */
export interface ItemMeaning {
  readonly peers: Peers
  /** Something of its peers could not be read: more of them may be meant. */
  readonly morePeers: boolean
  /** ≤1.18: what its `fromRequires` or `toRequires` ask of every peer of the subject. */
  readonly requires: readonly (readonly Condition[])[]
}

/** A class, as there are tens of thousands. */
export class Entry implements ItemMeaning {
  declare readonly item: RuleItem
  /** One object for all twins in the same scope. */
  declare readonly meaning: ItemMeaning

  constructor(item: RuleItem, meaning: ItemMeaning) {
    this.item = item
    this.meaning = meaning
  }
  /** What it says is to be read of the twin, which has worked it out; where it stands, of the item. */
  get twin(): RuleItem {
    return this.item.twin
  }
  get deny(): boolean {
    return this.item.deny
  }
  get peers(): Peers {
    return this.meaning.peers
  }
  get morePeers(): boolean {
    return this.meaning.morePeers
  }
  get requires(): ItemMeaning['requires'] {
    return this.meaning.requires
  }
}

/** What a rule says in one direction. */
export interface Side {
  readonly entries: readonly Entry[]
  /** Whether its entries switch default deny on; `maybe`: the switch is a placeholder. */
  readonly defaultDeny: Match
  /** A blanked template action stands in a list: there may be more entries. */
  readonly open: boolean
  /** Some entry has a named port with an end, or rules beyond ports: entries may get in each other's way. */
  readonly entangled: boolean
}

/** A rule of an accepted policy, at its place. */
export interface Filed {
  /** The version that files it so. */
  readonly version: Version
  readonly policy: Policy
  readonly rule: PolicyRule
  /** What the agent calls the policy, by which it sorts (pkg/ipcache/types NewResourceID). */
  readonly resource: string
  /** undefined: unknown; '' for clusterwide policies. */
  readonly namespace: string | undefined
  /** For nodes (nodeSelector) instead of pods. */
  readonly forNodes: boolean
  readonly subject: readonly Condition[]
  /** The selector could be read completely. */
  readonly readable: boolean
  readonly sides: Readonly<Record<Direction, Side>>
}

/** Whether CIDR rules apply to such an identity at all (pkg/policy/types/selector.go CIDRSelector.Matches). */
export function hasNetworks(basis: Basis, { place }: Identity): boolean {
  if (place === 'outside') return true
  return matchable(basis, place === 'node' ? 'nodes' : 'pods')
}

/** A prefix, or an address as the prefix of itself. */
export function prefixOf(text: string): Prefix | undefined {
  const address = parseAddress(text)
  return address ? hostPrefix(address) : parsePrefix(text)
}

/** Whether one of an identity's networks lies in one of the prefixes. */
export function isWithin(identity: Identity, prefixes: readonly Prefix[]): boolean {
  return identity.networks.some(network => prefixes.some(prefix => covers(prefix, network)))
}

/**
 * Up to 1.18 a zero-length prefix stands in a cluster of one family for everything outside, whatever its family; in a plain
 * list of CIDRs only that of IPv4 does (pkg/policy/api/cidr.go GetAsEndpointSelectors).
 */
function isEverywhere({ version, config }: Basis, prefix: Prefix, plain: boolean): boolean {
  if (prefix.bits > 0 || atLeast(version, '1.19') || (config.ipv4 && config.ipv6)) return false
  return !plain || prefix.family === 4
}

/** Up to 1.18 a zero-length prefix in a plain list is the selector of an entity too (the same function). */
function worldKeys({ version, config }: Basis, prefix: Prefix): readonly string[] {
  const served = prefix.family === 4 ? config.ipv4 : config.ipv6
  if (prefix.bits > 0 || !served || atLeast(version, '1.19')) return []
  const key = config.ipv4 && config.ipv6 ? `world-ipv${prefix.family}` : 'world'
  return [keyOf([{ source: 'reserved', key, operator: 'In', values: [''] }])]
}

/** A network without some exceptions; `plain`: an item of `toCIDR` or `fromCIDR`. */
export interface Network {
  readonly prefix: Prefix
  readonly except: readonly Prefix[]
  readonly plain?: boolean
}

/** A test for everything in a network. Since 1.19 a zero-length prefix is the label of the world, which no node or pod has. */
export function networkTest(basis: Basis, node: Node, { prefix, except, plain = false }: Network): PeerTest {
  const all = isEverywhere(basis, prefix, plain)
  const outsideOnly = prefix.bits === 0 && atLeast(basis.version, '1.19') && !matchable(basis, 'pods')
  const matches = (identity: Identity): Match => {
    if (!hasNetworks(basis, identity) || (outsideOnly && identity.place !== 'outside')) return 'no'
    const inside = (all && identity.place === 'outside') || isWithin(identity, [prefix])
    return inside && !isWithin(identity, except) ? 'yes' : 'no'
  }
  const keys = () => [`cidr:${[prefix, ...except].map(masked)}`, ...(plain ? worldKeys(basis, prefix) : [])]
  return { node, matches, networks: trimmed([prefix, ...except]), bySelector: false, keys }
}

/** What conditions are called as a selector. */
export const keyOf = (conditions: readonly Condition[]): string =>
  conditions
    .map(c => `${c.source}:${c.key} ${c.operator} ${c.values}`)
    .sort()
    .join('; ')
