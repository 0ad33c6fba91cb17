// The peer lists of a rule item, each item read as what it is.

import { trimmed } from '../memo.ts'
import { get, isNull, items, type MapEntry, type Node, str } from '../syntax/node.ts'
import { lowerSelector } from './lowerSelector.ts'
import type { Direction, Fqdn, MemberKey, Peer, PeerMember, RuleItem } from './policy.ts'
import { sourced } from './sourced.ts'

/** The peer member that a key of a rule item is, if it fits the direction; null values are absent. */
export function memberOf(e: MapEntry, direction: Direction): PeerMember | undefined {
  const member = MEMBERS[direction].get(e.name)
  const { value } = e
  if (!member || !value || isNull(value)) return undefined
  const peers: Peer[] = items(value).map(node => member.read(node) ?? { kind: 'unknown', node })
  if (value.open || value.kind !== 'seq') peers.push({ kind: 'unknown', node: value })
  return { key: member.key, keyNode: e.key, node: value, list: value.kind === 'seq', peers: trimmed(peers) }
}

/** All peers of a rule item. */
export function peersIn({ members }: RuleItem): readonly Peer[] {
  const [first, second] = members
  return first && !second ? first.peers : members.flatMap(m => m.peers)
}

type Reader = (node: Node) => Peer | undefined

interface Member {
  readonly key: MemberKey
  readonly read: Reader
}

const selecting =
  (kind: 'endpoints' | 'nodes' | 'requires'): Reader =>
  node => ({ kind, selector: lowerSelector(node), node })

function entity(node: Node): Peer | undefined {
  const value = str(node)
  return value === undefined ? undefined : { kind: 'entity', entity: value, node }
}

function cidr(node: Node): Peer | undefined {
  const value = str(node)
  return value === undefined ? undefined : { kind: 'cidr', cidr: value, node }
}

function cidrSet(node: Node): Peer | undefined {
  if (node.kind !== 'map' || node.open) return undefined
  for (const key of ['cidr', 'cidrGroupRef']) {
    const value = get(node, key)
    if (value?.kind === 'scalar' && value.unknown) return undefined
  }
  const group = get(node, 'cidrGroupSelector')
  const except = items(get(node, 'except')).map(sourced)
  return {
    kind: 'cidrSet',
    cidr: sourced(get(node, 'cidr')),
    groupRef: sourced(get(node, 'cidrGroupRef')),
    groupSelector: group && !isNull(group) ? lowerSelector(group) : undefined,
    except: trimmed(except.filter(e => e !== undefined)),
    node,
  }
}

/** A `toFQDNs` item or a `rules.dns` item. */
export function lowerFqdn(node: Node): Fqdn {
  return { matchName: sourced(get(node, 'matchName')), matchPattern: sourced(get(node, 'matchPattern')), node }
}

function service(node: Node): Peer | undefined {
  if (node.kind !== 'map') return undefined
  const named = get(node, 'k8sService')
  const selected = get(node, 'k8sServiceSelector')
  const inner = get(selected, 'selector')
  return {
    kind: 'service',
    service:
      named && !isNull(named)
        ? { name: sourced(get(named, 'serviceName')), namespace: sourced(get(named, 'namespace')) }
        : undefined,
    selector: inner ? { selector: lowerSelector(inner), namespace: sourced(get(selected, 'namespace')) } : undefined,
    node,
  }
}

/** What is read of both directions' lists, by what follows `from` or `to`. */
const BOTH: Readonly<Record<string, Reader>> = {
  Endpoints: selecting('endpoints'),
  CIDR: cidr,
  CIDRSet: cidrSet,
  Entities: entity,
  Nodes: selecting('nodes'),
  Groups: node => ({ kind: 'group', node }),
  Requires: selecting('requires'),
}

const members = (word: 'from' | 'to', readers: typeof BOTH): ReadonlyMap<string, Member> =>
  new Map(
    Object.entries(readers).map(([noun, read]) => [`${word}${noun}`, { key: `${word}${noun}` as MemberKey, read }]),
  )

const MEMBERS: Readonly<Record<Direction, ReadonlyMap<string, Member>>> = {
  ingress: members('from', BOTH),
  egress: members('to', {
    ...BOTH,
    Services: service,
    FQDNs: node => (node.kind === 'map' ? { kind: 'fqdn', fqdn: lowerFqdn(node), node } : undefined),
  }),
}
