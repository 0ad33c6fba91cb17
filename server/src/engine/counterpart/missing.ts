// Between two ends: which ports a rule item opens on its own side that are closed on the other.

import { memo, stamped, trimmed } from '../../memo.ts'
import type { Direction, PortProtocol, RuleItem } from '../../model/policy.ts'
import { TRANSPORTS } from '../../model/ports.ts'
import type { Match } from '../../model/selector.ts'
import type { Snapshot } from '../../workspace/snapshot.ts'
import { basisOf } from '../basis.ts'
import { pairKey } from '../classes.ts'
import type { Entry } from '../entry.ts'
import type { Identity } from '../identity.ts'
import { judgeAt, type Meeting, meet, type Reason, type SideVerdict, shapeOf } from '../judge.ts'
import type { PortQuery } from '../party.ts'
import { commonNames, namesPorts, portMatches } from '../ports.ts'
import { rulesSelecting } from '../subjects.ts'
import type { Kin } from './kin.ts'
import { joined, type Range } from './ports.ts'
import { type Names, numbersOf, type Piece, pieces } from './wanted.ts'

/** Ports (and ICMP types) that are closed. */
export interface Missing {
  /** The item names no ports: it means every port and protocol. */
  readonly whole: boolean
  /** Of what the item means nothing at all is open on the other side. */
  readonly everything: boolean
  readonly ranges: readonly Range[]
  /** What of the item's ports is open. */
  readonly open: readonly Range[]
  /** Something of it is open, and nothing else of it was asked for by name: the item says no ports, or no protocol. */
  readonly loose: boolean
  /** Port entries by name of which no number is known. */
  readonly named: readonly PortProtocol[]
}

export interface Found {
  readonly missing: Missing
  readonly because: readonly Reason[]
}

/** What is missing between two ends: `denied` by a deny rule, `closed` as nothing allows it. */
export interface Missings {
  readonly closed?: Found
  readonly denied?: Found
}

/** Two kinds of pods, and the classes that they are in. */
interface Ends {
  readonly own: Kin
  readonly other: Kin
  readonly classes: Readonly<Record<'own' | 'other', number>>
}

/**
 * Asks what is missing for an item between two ends. With `unwritten` also what no rule allows and what passes only because the
 * other side is open.
 */
export function missingFor(snapshot: Snapshot, entry: Entry, unwritten: boolean): (ends: Ends) => Missings {
  const known = new Map<Way, Missings>()
  return ends => {
    const met = meetingsOf(snapshot, entry, ends)
    if (unwritten || touching(met.theirs).length > 0) return missingBetween(snapshot, entry, { ...met, unwritten })
    // No rule of the other side is about this one: it says the same of every port, so the rest is up to this side.
    const { verdict, because } = judgedAt(met.theirs, ANY_PORT)
    if (verdict !== 'denied') return NOTHING
    const found = known.get(met.mine) ?? missingBetween(snapshot, entry, { ...met, unwritten })
    known.set(met.mine, found)
    return found.closed ? { closed: { missing: found.closed.missing, because } } : NOTHING
  }
}

const NOTHING: Missings = {}
const ANY_PORT: PortQuery = { port: 1, protocol: 'TCP' }

/** What both sides say of each other. */
interface Sides {
  readonly mine: Way
  readonly theirs: Meeting
  readonly destination: Identity
}

function missingBetween(snapshot: Snapshot, entry: Entry, sides: Sides & { readonly unwritten: boolean }): Missings {
  const asked = askedOf(snapshot, entry, sides)
  const looks = pieces(asked.items, asked.names).flatMap(piece => look(asked, piece, sides.unwritten) ?? [])
  const open = looks.filter(l => l.state === 'open').map(l => l.range)
  const whole = !entry.twin.toPorts?.length && !entry.twin.icmps?.length
  const shut = (state: Look['state']): readonly Look[] =>
    looks.filter(l => l.state === state && isMeant(l, open, entry))
  const found = (list: readonly Look[], named: Named): Found => ({
    missing: {
      whole,
      everything: open.length === 0,
      ranges: joined(list.map(l => l.range)),
      open: joined(open),
      loose: named.ports.length === 0 && list.every(l => isLoose(l, open, { entry, whole, names: asked.names })),
      named: named.ports,
    },
    because: [...new Set([...list.flatMap(l => l.because), ...named.because])],
  })
  const named = namedClosed(entry, asked)
  const [closed, denied] = [shut('closed'), shut('denied')]
  return {
    ...(closed.length + named.ports.length > 0 ? { closed: found(closed, named) } : {}),
    ...(denied.length > 0 ? { denied: found(denied, { ports: [], because: [] }) } : {}),
  }
}

/** What the other side says of a piece that this side lets through. */
interface Look {
  readonly range: Range
  readonly state: 'open' | 'closed' | 'denied'
  readonly because: readonly Reason[]
}

function look(asked: Asked, { query, range }: Piece, unwritten: boolean): Look | undefined {
  if (asked.wants(query) !== 'yes' || asked.own(query) !== 'allowed') return undefined
  const { verdict, because } = asked.other(query)
  if (verdict === 'unknown') return undefined
  const denied = because.some(b => b.effect === 'deny')
  if (unwritten && verdict === 'allowed' && !because.some(b => b.effect === 'allow'))
    return { range, state: 'closed', because: [] }
  return { range, state: verdict === 'allowed' ? 'open' : denied ? 'denied' : 'closed', because }
}

const hasOpen = (range: Range, open: readonly Range[]): boolean =>
  open.some(o => o.from === range.from && o.to === range.to && TRANSPORTS.some(t => t === o.protocol))

/** SCTP, which most clusters do not even have on, goes with TCP or UDP unless it is named. */
function isMeant({ range }: Look, open: readonly Range[], { twin }: Entry): boolean {
  if (range.protocol !== 'SCTP' || !hasOpen(range, open)) return true
  return portsOf(twin).some(p => p.protocol?.value === 'SCTP')
}

/** Whether the item did not ask for it in particular: no ports are written, or no protocol and another one is open. */
function isLoose(
  { range }: Look,
  open: readonly Range[],
  of: { readonly entry: Entry; readonly whole: boolean; readonly names: Asked['names'] },
): boolean {
  if (of.whole) return open.length > 0
  if (!hasOpen(range, open)) return false
  const covering = portsOf(of.entry.twin).filter(p =>
    of.names.flatMap(n => numbersOf(p, n)).some(([from, to]) => from <= range.from && range.to <= to),
  )
  return covering.every(p => !p.protocol?.value)
}

const portsOf = (item: Entry['item']): readonly PortProtocol[] => (item.toPorts ?? []).flatMap(p => p.ports ?? [])

interface Asked {
  /** The item's own, and those of the rules of both sides that may be about the other. */
  readonly items: readonly (readonly Entry['item'][])[]
  /** Those of the destination, and those that mean one port everywhere. */
  readonly names: readonly Names[]
  /** The destination's pods are known, and so are the names of their ports. */
  readonly named: boolean
  wants(query: PortQuery): Match
  own(query: PortQuery): SideVerdict['verdict']
  other(query: PortQuery): SideVerdict
}

function askedOf(snapshot: Snapshot, entry: Entry, { mine, theirs, destination: { ports } }: Sides): Asked {
  return {
    items: [[entry.twin], touching(mine.meeting), touching(theirs)],
    names: [ports, ...commonNames(basisOf(snapshot))],
    named: ports !== undefined,
    wants: port => portMatches(entry.twin, port, mine.meeting),
    own: port => allowedAt(mine, port),
    other: port => judgedAt(theirs, port),
  }
}

function meetingsOf(snapshot: Snapshot, { item }: Entry, { own, other, classes }: Ends): Sides {
  const here = item.direction
  const there: Direction = here === 'ingress' ? 'egress' : 'ingress'
  const mine = { subject: own.identity, peer: other.identity, direction: here }
  const theirs = { subject: other.identity, peer: own.identity, direction: there }
  return {
    mine: wayOf(snapshot, item.twin, meeting(snapshot, mine, pairKey(classes.own, classes.other))),
    theirs: meeting(snapshot, theirs, pairKey(classes.other, classes.own)),
    destination: here === 'ingress' ? own.identity : other.identity,
  }
}

const meetings = memo((_snapshot: Snapshot) => ({
  ingress: new Map<number, Meeting>(),
  egress: new Map<number, Meeting>(),
}))

/**
 * The rules of a side that may be about its peer, looked up once for all policies and for all pods that no rule tells apart: those
 * with the same key.
 */
function meeting(
  snapshot: Snapshot,
  ends: { readonly subject: Identity; readonly peer: Identity; readonly direction: Direction },
  key: number,
): Meeting {
  const all = meetings(snapshot)[ends.direction]
  const known = all.get(key)
  if (known) return known
  const made = meet({ basis: basisOf(snapshot), ...ends, rules: rulesSelecting(snapshot, ends.subject) })
  all.set(key, made)
  return made
}

/** What a side lets through to or from a peer, whoever both are. */
interface Way {
  /** One of those that say so. */
  readonly meeting: Meeting
  readonly verdicts: Map<string, SideVerdict['verdict']>
}

const ways = memo((_snapshot: Snapshot) => new Map<string, Way>())

/**
 * For an item; a thousand pods with rules of their own have one way where these say the same of the peer. Where a port has a name,
 * which other ends may read differently, it is for these alone.
 */
function wayOf(snapshot: Snapshot, item: RuleItem, meeting: Meeting): Way {
  const shape = namesPorts(item) ? undefined : shapeOf(meeting)
  const all = ways(snapshot)
  const known = shape === undefined ? undefined : all.get(shape)
  if (known) return known
  const made = { meeting, verdicts: new Map() }
  if (shape !== undefined) all.set(shape, made)
  return made
}

function allowedAt({ meeting, verdicts }: Way, port: PortQuery): SideVerdict['verdict'] {
  const key = `${port.port}/${port.protocol}`
  const known = verdicts.get(key)
  if (known) return known
  const { verdict } = judgeAt(meeting, port)
  verdicts.set(key, verdict)
  return verdict
}

/** The items of the rules of a side that may be about its peer: only these can tell one port from another. */
const touching: (meeting: Meeting) => readonly Entry['item'][] = stamped(({ met }) =>
  trimmed(met.flatMap(m => m.entries.map(({ entry }) => entry.twin))),
)

const verdicts = stamped((_meeting: Meeting) => new Map<string, SideVerdict>())

/** What `judgeAt` says; remembered, as many items ask about the same port, and where none tells ports apart it is the same for all. */
function judgedAt(meeting: Meeting, port: PortQuery): SideVerdict {
  const key = touching(meeting).length === 0 ? '' : `${port.port}/${port.protocol}`
  const known = verdicts(meeting).get(key)
  if (known) return known
  const made = judgeAt(meeting, port)
  verdicts(meeting).set(key, made)
  return made
}

interface Named {
  readonly ports: readonly PortProtocol[]
  readonly because: readonly Reason[]
}

/** Named ports of pods that nobody has seen: closed for certain where every number is. */
function namedClosed(entry: Entry, asked: Asked): Named {
  if (asked.named) return { ports: [], because: [] }
  const named = portsOf(entry.twin).filter(p => /[a-zA-Z]/.test(p.port?.value ?? ''))
  if (named.length === 0) return { ports: [], because: [] }
  const because: Reason[] = []
  const all = pieces(asked.items, [undefined])
  const ports = named.filter(port => {
    const said = all.filter(piece => speaks(port, piece)).map(piece => asked.other(piece.query))
    const closed = said.every(s => s.verdict === 'denied' && !s.because.some(b => b.effect === 'deny'))
    if (closed) because.push(...said.flatMap(s => s.because))
    return closed
  })
  return { ports, because }
}

function speaks(port: PortProtocol, { query }: Piece): boolean {
  const protocol = port.protocol?.value.toUpperCase() ?? 'ANY'
  return TRANSPORTS.some(t => t === query.protocol) && (protocol === 'ANY' || protocol === query.protocol)
}

/** What is missing somewhere. */
export function together(list: readonly Missing[]): Missing {
  return {
    whole: list.some(m => m.whole),
    everything: list.every(m => m.everything),
    loose: list.every(m => m.loose),
    ranges: joined(list.flatMap(m => m.ranges)),
    open: joined(list.flatMap(m => m.open)),
    named: [...new Set(list.flatMap(m => m.named))],
  }
}
