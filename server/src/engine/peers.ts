// Peers of a rule item: which identities each member of its lists selects.

import { memo, NONE, trimmed } from '../memo.ts'
import { nameMatches, patternMatches } from '../model/fqdn.ts'
import { peersIn } from '../model/peers.ts'
import type { Peer, RuleItem, Selector } from '../model/policy.ts'
import {
  allHold,
  and,
  CLUSTER,
  type Condition,
  holds,
  type Match,
  matches,
  or,
  peerConditions,
} from '../model/selector.ts'
import { atLeast } from '../model/version.ts'
import type { Node } from '../syntax/node.ts'
import { type Basis, encodedKey, groupNameLabel } from './basis.ts'
import {
  type Context,
  hasNetworks,
  isWithin,
  keyOf,
  networkTest,
  type Peers,
  type PeerTest,
  prefixOf,
} from './entry.ts'
import { type Identity, matchable } from './identity.ts'
import { type Answers, aggregateMatches, Called, isNegative, PlainTest, SelectorTest } from './peerTests.ts'
import { serviceTests } from './services.ts'

const ALL_OR_NOTHING = /Endpoints$|Nodes$|Entities$|CIDR$|CIDRSet$/

/**
 * The peers of a rule item (mergeEndpointSelectors), and whether there may be more than could be read. An empty list selects nobody, unless
 * services put members into it: the agent does that first (pkg/policy/k8s resolveToServices).
 */
export function peersOf(context: Context, item: RuleItem): { readonly peers: Peers; readonly more: boolean } {
  const lists = item.members.filter(m => !m.key.endsWith('Requires'))
  const services = servicesOf(context, item)
  const isFilled = (key: string) =>
    services.tests.some(t => listOf(t) === key) || (services.more && (key === 'toEndpoints' || key === 'toCIDRSet'))
  if (lists.some(m => m.peers.length === 0 && ALL_OR_NOTHING.test(m.key) && !isFilled(m.key)))
    return { peers: 'none', more: false }
  const tests: PeerTest[] = [...services.tests]
  let more = item.node.open === true || services.more
  for (const { peers } of lists) {
    for (const peer of peers) {
      if (peer.kind === 'service') continue
      const test = testOf(context, peer)
      if (test) tests.push(test)
      else if (peer.kind === 'unknown') more = true
    }
  }
  if (tests.length > 0 || more) return { peers: called(context, trimmed(tests)), more }
  const ports = (item.toPorts?.length ?? 0) + (item.icmps?.length ?? 0)
  return { peers: ports > 0 ? 'any' : 'none', more }
}

/** Up to 1.18 the agent keeps of peers that hold everything only that (pkg/policy/l4.go createL4Filter). */
function called({ basis }: Context, tests: readonly PeerTest[]): readonly PeerTest[] {
  if (atLeast(basis.version, '1.19') || !tests.some(t => t.keys().includes(''))) return tests
  return tests.map(t => new Called(t))
}

const NO_SERVICES = { tests: NONE, more: false } as const

/** What the services of a rule item stand for; in a deny rule they stand for nothing. */
function servicesOf(context: Context, item: RuleItem): { readonly tests: readonly PeerTest[]; readonly more: boolean } {
  if (item.deny || !item.members.some(m => m.key === 'toServices')) return NO_SERVICES
  const made = peersIn(item).flatMap(p => (p.kind === 'service' ? serviceTests(context, p) : []))
  return { tests: made.flatMap(m => m.tests), more: made.some(m => m.more) }
}

/** The list into which the agent puts what a service stands for: its pods' selector, or its addresses. */
const listOf = (test: PeerTest): string => (test.bySelector ? 'toEndpoints' : 'toCIDRSet')

function testOf(context: Context, peer: Exclude<Peer, { kind: 'service' }>): PeerTest | undefined {
  const { basis } = context
  switch (peer.kind) {
    case 'endpoints':
      return endpointsTest(context, peer.selector)
    case 'nodes':
      return new SelectorTest(basis, peer.selector, {
        conditions: nodeConditions(context, peer.selector),
        bySelector: false,
      })
    case 'entity':
      return new PlainTest(basis, peer, ENTITY)
    case 'cidr': {
      const prefix = prefixOf(peer.cidr)
      return prefix ? networkTest(basis, peer.node, { prefix, except: [], plain: true }) : undefined
    }
    case 'cidrSet':
      return cidrSetTest(basis, peer)
    case 'fqdn':
      return new PlainTest(basis, peer, FQDN)
    case 'group':
      return simple(
        peer.node,
        () => [],
        identity => groupMatches(basis, identity),
      )
    default:
      return undefined
  }
}

const simple = (node: Node, keys: () => readonly string[], matches: (identity: Identity) => Match): PeerTest => ({
  node,
  matches,
  networks: NONE,
  bySelector: false,
  keys,
})

function endpointsTest({ basis, scope }: Context, selector: Selector): PeerTest {
  const conditions = peerConditions(selector, scope)
  if (conditions) return new SelectorTest(basis, selector, { conditions, bySelector: true })
  const elsewhere = peerConditions(selector, { ...scope, namespace: '' }) ?? []
  const placed = elsewhere.filter(c => c.values.length !== 1 || c.values[0] !== '')
  const test = (identity: Identity): Match => and('maybe', matches(selector, placed, identity.labels))
  return { ...simple(selector.node, () => [keyOf(placed)], test), bySelector: true }
}

/** pkg/k8s/apis/cilium.io/utils parseToCiliumIngressCommonRule: since 1.18 never the local node. */
function nodeConditions({ basis, scope }: Context, selector: Selector): readonly Condition[] {
  const extra: Condition[] = []
  if (atLeast(basis.version, '1.18'))
    extra.push({ source: 'reserved', key: 'remote-node', operator: 'Exists', values: [] })
  const named = selector.requirements.some(c => c.key === CLUSTER && (c.source === 'k8s' || c.source === 'any'))
  if (scope.cluster !== undefined && !named)
    extra.push({ source: 'k8s', key: CLUSTER, operator: 'In', values: [scope.cluster] })
  return trimmed([...selector.requirements, ...extra])
}

const ENTITY: Answers<Extract<Peer, { kind: 'entity' }>> = {
  keys: (basis, { entity }) => entityKeys(basis, entity),
  matches: (basis, { entity }, identity) => ofEntity(basis)(entity)(identity),
}

const FQDN: Answers<Extract<Peer, { kind: 'fqdn' }>> = {
  keys: (_, peer) => [fqdnKey(peer)],
  matches: fqdnMatches,
}

const CLUSTER_ENTITIES = ['host', 'remote-node', 'init', 'ingress', 'health', 'unmanaged', 'kube-apiserver']
const WORLD_ENTITIES = ['world', 'world-ipv4', 'world-ipv6']

/** What the agent calls the selectors of an entity; '' selects everything, and `none` is no selector to it. */
function entityKeys(basis: Basis, entity: string): readonly string[] {
  if (entity === 'all') return ['']
  if (entity === 'none') return []
  const worn = (key: string) => keyOf([{ source: 'reserved', key, operator: 'In', values: [''] }])
  if (entity === 'world') return WORLD_ENTITIES.map(worn)
  if (entity !== 'cluster' && entity !== 'cluster-mesh') return [worn(entity)]
  const local: Condition = { source: 'k8s', key: CLUSTER, operator: 'In', values: [basis.config.clusterName] }
  return [...CLUSTER_ENTITIES.map(worn), ...(entity === 'cluster' ? [keyOf([local])] : [])]
}

/** Remembered: nearly every policy names entities, and all mean the same by them. */
const ofEntity = memo((basis: Basis) => {
  const known = new Map<string, (identity: Identity) => Match>()
  return (entity: string) => {
    const found = known.get(entity) ?? memo((identity: Identity) => entityMatches(basis, entity, identity))
    known.set(entity, found)
    return found
  }
})

/** pkg/policy/api/entity.go EntitySelectorMapping. */
function entityMatches(basis: Basis, entity: string, { labels }: Identity): Match {
  const worn = (names: readonly string[]): Match =>
    names.some(key => holds({ source: 'reserved', key, operator: 'Exists', values: [] }, labels) === 'yes')
      ? 'yes'
      : 'no'
  switch (entity) {
    case 'all':
      return 'yes'
    case 'none':
      return 'no'
    case 'world':
      return worn(WORLD_ENTITIES)
    case 'cluster': {
      const local: Condition = { source: 'k8s', key: CLUSTER, operator: 'In', values: [basis.config.clusterName] }
      return or(worn(CLUSTER_ENTITIES), holds(local, labels))
    }
    case 'cluster-mesh':
      return or(worn(CLUSTER_ENTITIES), holds({ source: 'any', key: CLUSTER, operator: 'Exists', values: [] }, labels))
    default:
      return worn([entity])
  }
}

function cidrSetTest(basis: Basis, peer: Extract<Peer, { kind: 'cidrSet' }>): PeerTest | undefined {
  const { node } = peer
  const except = peer.except.flatMap(e => prefixOf(e.value) ?? [])
  if (peer.cidr) {
    const prefix = prefixOf(peer.cidr.value)
    return prefix ? networkTest(basis, node, { prefix, except }) : undefined
  }
  const { groupRef, groupSelector } = peer
  const test = groupRef
    ? (identity: Identity) => refMatches(basis, groupRef.value, identity)
    : groupSelector && ((identity: Identity) => groupSelected(basis, groupSelector, identity))
  if (!test) return undefined
  const aggregated = groupSelector !== undefined && matchable(basis, 'pods') && isNegative(groupSelector.requirements)
  return {
    ...simple(
      node,
      () => [groupKey(peer)],
      identity => {
        const own = isWithin(identity, except) ? 'no' : test(identity)
        return aggregated && own !== 'yes'
          ? or(own, aggregateMatches(groupSelector?.requirements ?? [], identity))
          : own
      },
    ),
    networks: [...basis.groups.map(g => g.prefix), ...except],
  }
}

const groupKey = ({ groupRef, groupSelector, except }: Extract<Peer, { kind: 'cidrSet' }>): string =>
  `group:${groupRef?.value ?? keyOf(groupSelector?.requirements ?? [])} ${except.map(e => e.value)}`

const fqdnKey = ({ fqdn }: Extract<Peer, { kind: 'fqdn' }>): string =>
  `fqdn:${fqdn.matchName?.value} ${fqdn.matchPattern?.value}`

function refMatches(basis: Basis, name: string, identity: Identity): Match {
  if (!hasNetworks(basis, identity)) return 'no'
  if (!basis.picture.cidrGroups.some(g => g.name === name)) return basis.complete ? 'no' : 'maybe'
  return holds({ ...groupNameLabel(name), operator: 'Exists', values: [] }, identity.labels)
}

/**
 * pkg/policy/types/requirements.go matchesEncodedRequirement (1.19 and later). Up to 1.19 such a selector is one of labels
 * like any other: with NotIn or DoesNotExist it selects pods and nodes too.
 */
function groupSelected(basis: Basis, selector: Selector, identity: Identity): Match {
  const encoded = atLeast(basis.version, '1.19')
  if (atLeast(basis.version, '1.20') && !hasNetworks(basis, identity)) return 'no'
  let result: Match = 'yes'
  for (const r of selector.requirements) {
    const source = r.written.includes(':') ? r.source : 'cidrgroup'
    const valued = r.operator === 'In' || r.operator === 'NotIn'
    if (!encoded || !valued) {
      result = and(result, holds({ ...r, source }, identity.labels))
      continue
    }
    const some = r.values.some(
      v => holds({ source, key: encodedKey(r.key, v), operator: 'Exists', values: [] }, identity.labels) === 'yes',
    )
    result = and(result, some === (r.operator === 'In') ? 'yes' : 'no')
  }
  if (selector.unknown && result === 'yes') return 'maybe'
  return result === 'no' && !basis.complete && identity.place === 'outside' ? 'maybe' : result
}

function fqdnMatches({ version }: Basis, peer: Extract<Peer, { kind: 'fqdn' }>, { name, place }: Identity): Match {
  if (name === undefined || place !== 'outside') return 'no'
  const { matchName, matchPattern } = peer.fqdn
  if (matchName) return nameMatches(matchName.value, name) ? 'yes' : 'no'
  if (matchPattern) return patternMatches(matchPattern.value, name, version) ? 'yes' : 'no'
  return 'maybe'
}

/** Groups of a cloud provider become CIDR groups that the operator writes: without them nothing is known of the addresses. */
function groupMatches(basis: Basis, identity: Identity): Match {
  if (identity.place !== 'outside') return 'no'
  const written = basis.picture.cidrGroups.some(g => Object.keys(g.labels).some(k => k.startsWith('extgrp.cilium.io/')))
  return basis.complete && atLeast(basis.version, '1.20') && !written ? 'no' : 'maybe'
}

/** Whether some member of the peers selects the identity; `required` (≤1.18) is asked beside each label selector. */
export function peerMatches(peers: Peers, identity: Identity, required: readonly Condition[]): Match {
  if (peers === 'none') return 'no'
  if (peers === 'any') return 'yes'
  let result: Match = 'no'
  for (const test of peers) {
    const own = test.matches(identity)
    result = or(result, test.bySelector && own !== 'no' ? and(own, allHold(required, identity.labels)) : own)
    if (result === 'yes') break
  }
  return result
}
