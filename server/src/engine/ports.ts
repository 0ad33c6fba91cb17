// Ports of a rule item: whether it is about a destination port or ICMP type (pkg/policy/l4.go createL4Filter, toMapState).

import { memo, NONE } from '../memo.ts'
import { icmpNumber } from '../model/icmp.ts'
import type { Direction, PortProtocol, RuleItem } from '../model/policy.ts'
import { isPortName, parsePort, TRANSPORTS } from '../model/ports.ts'
import { type Match, or } from '../model/selector.ts'
import { atLeast } from '../model/version.ts'
import { get, type Node } from '../syntax/node.ts'
import type { Basis } from './basis.ts'
import { namedEndsOf } from './entangled.ts'
import { type Identity, type NamedPort, namedPorts } from './identity.ts'
import type { PortQuery } from './party.ts'
import type { Selected } from './subjects.ts'

/** Two ends on one side, whatever the port: where named ports are looked up. */
export interface Ends {
  readonly basis: Basis
  readonly direction: Direction
  readonly subject: Identity
  readonly peer: Identity
  /** The rules that select the subject: entries with one port name share an end. */
  readonly rules: readonly Selected[]
}

/** `only`: entries with a name count, or those with a number, ICMP among them; absent: all. */
interface Looked extends Ends {
  readonly only?: 'names' | 'numbers'
}

/** Whether an item names a port. */
export const namesPorts = (item: RuleItem): boolean =>
  (item.toPorts ?? []).some(rule => rule.ports?.some(p => p.port !== undefined && isPortName(p.port.value)))

/** Whether a rule item is about that port. Without `toPorts` and `icmps` it is about everything. */
export function portMatches(item: RuleItem, query: PortQuery, ends: Looked): Match {
  const count = (item.toPorts?.length ?? 0) + (item.icmps?.length ?? 0)
  const hidden = isOpen(item.node, 'toPorts') || isOpen(item.node, 'icmps')
  if (count === 0 && !hidden) return ends.only === 'names' ? 'no' : 'yes'
  let result: Match = 'no'
  for (const rule of item.toPorts ?? [])
    for (const port of rule.ports ?? []) result = or(result, onePort(port, query, ends))
  for (const { fields } of item.icmps ?? []) {
    for (const { family, type } of fields) {
      if (ends.only === 'names' || query.protocol !== (family === 'IPv6' ? 'ICMPv6' : 'ICMP')) continue
      result = or(result, type ? inRange(icmpNumber(family, type.value), 0, query.port, ends.basis) : 'maybe')
    }
  }
  return hidden ? or(result, 'maybe') : result
}

const isOpen = (node: Node, key: string): boolean => {
  const value = get(node, key)
  return value?.open === true || (value?.kind === 'scalar' && value.unknown)
}

function onePort(entry: PortProtocol, query: PortQuery, ends: Looked): Match {
  const transport = TRANSPORTS.find(t => t === query.protocol)
  if (!transport) return 'no'
  const written = entry.protocol?.value.toUpperCase()
  if (written === undefined && isUnknown(entry.node, 'protocol')) return 'maybe'
  if (written !== undefined && written !== 'ANY' && written !== '' && written !== transport) return 'no'
  if (!entry.port) return isUnknown(entry.node, 'port') ? 'maybe' : ends.only === 'names' ? 'no' : 'yes'
  const text = entry.port.value
  if (ends.only && (ends.only === 'names') !== isPortName(text)) return 'no'
  if (!isPortName(text)) return inRange(parsePort(text) ?? 0, entry.endPort?.value ?? 0, query.port, ends.basis)
  return namedPort(text.toLowerCase(), query, ends)
}

function isUnknown(node: Node, key: string): boolean {
  const value = get(node, key)
  return value?.kind === 'scalar' && value.unknown
}

/** A port of 0 stands for all (and is the only thing that a query for port 0 meets); an end below the start for none. */
function inRange(start: number, end: number, port: number, { version }: Basis): Match {
  if (start === 0 && (atLeast(version, '1.20') || end === 0 || end === 65535)) return 'yes'
  if (port === 0) return 'no'
  return port === start || (end > start && port >= start && port <= end) ? 'yes' : 'no'
}

/** All entries of a name share the end of the first one; before 1.19 the order is left to chance. */
function namedPort(name: string, query: PortQuery, ends: Ends): Match {
  const given = namedEndsOf(ends.rules, ends.direction).get(`${name}/${query.protocol}`) ?? [0]
  const each = given.map(end => namedPortTo(name, end, { query, ends }))
  const [first = 'no'] = each
  return atLeast(ends.basis.version, '1.19') || each.every(m => m === first) ? first : 'maybe'
}

function namedPortTo(name: string, end: number, { query, ends }: { query: PortQuery; ends: Ends }): Match {
  const { basis, direction } = ends
  if (direction === 'egress' && !atLeast(basis.version, '1.20')) {
    const number = meaningsOf(basis).get(query.protocol)?.get(name)?.port
    if (number === undefined) return basis.complete ? 'no' : 'maybe'
    return number === 0 ? 'no' : inRange(number, end, query.port, basis)
  }
  const ports = direction === 'ingress' ? ends.subject.ports : ends.peer.ports
  if (!ports) return 'maybe'
  const found = ports.get(name)
  if (!found || found.protocol !== query.protocol) return 'no'
  return inRange(found.port, direction === 'ingress' ? end : 0, query.port, basis)
}

/** Up to 1.19 a name means at egress the one number that all pods give it, by protocol; 0 when they differ (pkg/types/portmap.go). */
const meaningsOf: (basis: Basis) => ReadonlyMap<string, ReadonlyMap<string, NamedPort>> = memo(basis => {
  const found = new Map<string, Map<string, NamedPort>>(TRANSPORTS.map(protocol => [protocol, new Map()]))
  for (const e of basis.picture.endpoints) {
    if (e.hostNetwork) continue
    for (const [name, { port, protocol }] of namedPorts(e)) {
      const known = found.get(protocol)?.get(name)
      found.get(protocol)?.set(name, { port: known === undefined || known.port === port ? port : 0, protocol })
    }
  }
  return found
})

/** The names that mean one port at egress whoever the peer is, a map for each protocol; from 1.20 there are none. */
export const commonNames: (basis: Basis) => readonly ReadonlyMap<string, NamedPort>[] = memo(basis =>
  atLeast(basis.version, '1.20')
    ? NONE
    : [...meaningsOf(basis).values()].map(names => new Map([...names].filter(([, { port }]) => port > 0))),
)
