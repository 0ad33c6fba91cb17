// The peer lists of a rule item, each item read as what it is.

import { trimmed } from '../memo.ts'
import { get, isNull, items, type MapEntry, type Node, str } from '../syntax/node.ts'
import { lowerSelector } from './lowerSelector.ts'
import type { Direction, Fqdn, MemberKey, Peer, PeerMember, RuleItem } from './policy.ts'
import { sourced } from './sourced.ts'

const INGRESS: readonly MemberKey[] = [
  'fromEndpoints',
  'fromCIDR',
  'fromCIDRSet',
  'fromEntities',
  'fromNodes',
  'fromGroups',
  'fromRequires',
]
const EGRESS: readonly MemberKey[] = [
  'toEndpoints',
  'toCIDR',
  'toCIDRSet',
  'toEntities',
  'toNodes',
  'toGroups',
  'toServices',
  'toFQDNs',
  'toRequires',
]

/** The peer member that a key of a rule item is, if it fits the direction; null values are absent. */
export function memberOf(e: MapEntry, direction: Direction): PeerMember | undefined {
  const key = (direction === 'ingress' ? INGRESS : EGRESS).find(k => k === e.name)
  if (!key || !e.value || isNull(e.value)) return undefined
  const read = READERS[key.replace(/^(?:from|to)/, '')]
  const peers: Peer[] = items(e.value).map(node => read?.(node) ?? { kind: 'unknown', node })
  if (e.value.open || e.value.kind !== 'seq') peers.push({ kind: 'unknown', node: e.value })
  return { key, keyNode: e.key, node: e.value, list: e.value.kind === 'seq', peers }
}

/** All peers of a rule item. */
export function peersIn({ members }: RuleItem): readonly Peer[] {
  const [first, second] = members
  return first && !second ? first.peers : members.flatMap(m => m.peers)
}

const READERS: Readonly<Record<string, (node: Node) => Peer | undefined>> = {
  Endpoints: node => ({ kind: 'endpoints', selector: lowerSelector(node), node }),
  Nodes: node => ({ kind: 'nodes', selector: lowerSelector(node), node }),
  Requires: node => ({ kind: 'requires', selector: lowerSelector(node), node }),
  Entities: node => {
    const entity = str(node)
    return entity === undefined ? undefined : { kind: 'entity', entity, node }
  },
  CIDR: node => {
    const cidr = str(node)
    return cidr === undefined ? undefined : { kind: 'cidr', cidr, node }
  },
  CIDRSet: cidrSet,
  Groups: node => ({ kind: 'group', node }),
  Services: service,
  FQDNs: node => (node.kind === 'map' ? { kind: 'fqdn', fqdn: lowerFqdn(node), node } : undefined),
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
