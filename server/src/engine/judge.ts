// One side of a flow: the rules that select the subject against one identity of the peer, three-valued.

import { memo, NONE, stamped } from '../memo.ts'
import type { RuleItem } from '../model/policy.ts'
import { and, type Condition, type Match, or } from '../model/selector.ts'
import { atLeast } from '../model/version.ts'
import { entry as entryAt } from '../syntax/node.ts'
import type { Place } from '../syntax/problem.ts'
import type { Entry, Filed, Side } from './entry.ts'
import type { Identity } from './identity.ts'
import type { PortQuery } from './party.ts'
import { peerMatches } from './peers.ts'
import { type Ends, namesPorts, portMatches } from './ports.ts'
import type { Selected } from './subjects.ts'

export type Effect = 'allow' | 'deny' | 'default-deny' | 'no-policy'

export interface Reason {
  readonly place: Place | undefined
  readonly effect: Effect
}

export interface SideVerdict {
  readonly verdict: 'allowed' | 'denied' | 'unknown'
  /** What decided it; where it is unknown, what might. */
  readonly because: readonly Reason[]
  /** Why it is unknown, or what the verdict rests on beside policies; part of a sentence. */
  readonly why?: string
}

export interface Case extends Ends {
  readonly port: PortQuery
}

/** Two ends on one side: the rules that select the subject, with those of their entries that may be about the peer. */
export interface Meeting extends Ends {
  readonly met: readonly Met[]
}

interface Met {
  readonly rule: Selected
  readonly side: Side
  readonly entries: readonly About[]
}

/** An entry that may be about the peer. */
interface About {
  readonly entry: Entry
  readonly peer: Match
  /** The same for ports with a name. */
  readonly named: Match
}

/** What a rule that selects the subject says of the flow. */
interface Said {
  readonly filed: Filed
  readonly side: Side
  readonly selects: Match
  readonly denies: Match
  readonly allows: Match
  /** Switches default deny on, if it selects the subject. */
  readonly closes: Match
  readonly denying: readonly Entry[]
  readonly allowing: readonly Entry[]
}

const NO_POLICY: SideVerdict = { verdict: 'allowed', because: [{ place: undefined, effect: 'no-policy' }] }

/** A side on which nothing is enforced. */
export const openSide = (why?: string): SideVerdict => (why ? { ...NO_POLICY, why } : NO_POLICY)

/** The verdict of one side for one identity of the peer (pkg/policy LookupFlow, one half). */
export function judge(c: Case): SideVerdict {
  return judgeAt(meet(c), c.port)
}

/** What `judge` says, for many ports of the same two ends. */
export function judgeAt(c: Meeting, port: PortQuery): SideVerdict {
  const said = c.met.map(met => sayOf(c, met, port))
  const denials = said.filter(s => s.selects === 'yes' && s.denies === 'yes')
  if (denials.length > 0) return { verdict: 'denied', because: places(denials, s => s.denying, 'deny') }
  const mayDeny = said.filter(s => s.denies !== 'no')
  const allows = said.filter(s => s.selects === 'yes' && s.allows === 'yes')
  const ownHost = isOwnHost(c, said.length > 0)
  if (mayDeny.length === 0) {
    if (allows.length > 0) return { verdict: 'allowed', because: places(allows, s => s.allowing, 'allow') }
    if (ownHost) return OWN_HOST
  }
  const always = c.basis.config.enforcementMode === 'always' || has(c.subject, 'init')
  return closedOrNot(said, { always, mayDeny, allowed: allows.length > 0 || ownHost })
}

const OWN_HOST: SideVerdict = {
  verdict: 'allowed',
  because: [{ place: undefined, effect: 'allow' }],
  why: 'the local node may always reach its own pods',
}

interface Doubt {
  readonly always: boolean
  readonly mayDeny: readonly Said[]
  /** Allowed unless something denies it. */
  readonly allowed: boolean
}

function closedOrNot(said: readonly Said[], { always, mayDeny, allowed }: Doubt): SideVerdict {
  const closing = said.filter(s => s.closes !== 'no')
  const surely = closing.filter(s => s.selects === 'yes' && s.closes === 'yes')
  const mayAllow = said.filter(s => s.allows !== 'no')
  if ((always || surely.length > 0) && !allowed && mayAllow.length === 0)
    return {
      verdict: 'denied',
      because: surely.length > 0 ? closers(surely) : [{ place: undefined, effect: 'default-deny' }],
    }
  // A rule that would close the direction but allows this flow itself cannot deny it, whether it selects the subject or not.
  const mayClose = always || closing.some(s => s.allows !== 'yes')
  if (mayDeny.length === 0 && !mayClose)
    return mayAllow.length === 0
      ? NO_POLICY
      : { verdict: 'allowed', because: places(mayAllow, s => s.allowing, 'allow') }
  const because = [
    ...places(mayDeny, s => s.denying, 'deny'),
    ...places(mayAllow, s => s.allowing, 'allow'),
    ...closers(closing),
  ]
  return { verdict: 'unknown', because, why: whyOpen([...mayDeny, ...mayAllow, ...closing]) }
}

/** Looks up which rules and entries may be about two ends. */
export function meet(c: Ends): Meeting {
  const { basis, direction, subject, peer, rules } = c
  const met: Met[] = []
  const required = { allow: requiredOf(c, false), deny: requiredOf(c, true) }
  for (const rule of rules) {
    const side = rule.filed.sides[direction]
    if (side.entries.length === 0 && !side.open) continue
    let entries: About[] | undefined
    for (const entry of side.entries) {
      const about = aboutOf(c, entry, entry.deny ? required.deny : required.allow)
      if (!about) continue
      if (entries) entries.push(about)
      else entries = [about]
    }
    met.push({ rule, side, entries: entries ?? NONE })
  }
  return { basis, direction, subject, peer, rules, met }
}

/**
 * What the verdicts of a meeting, without their reasons, depend on: equal for meetings that say the same of every port. Undefined
 * where a port is named, as names are looked up at the ends.
 */
export function shapeOf({ subject, peer, direction, met }: Meeting): string | undefined {
  let shape = direction
  if (subject.place === 'node') shape += ' node'
  if (has(subject, 'init')) shape += ' init'
  if (has(peer, 'host')) shape += ' from host'
  for (const { rule, side, entries } of met) {
    const words = `${rule.match} ${side.entries.length > 0} ${side.defaultDeny} ${side.open}`
    if (entries.length === 0) {
      // It closes or opens whatever the port; a second one like it changes nothing.
      if (!shape.includes(`(${words})`)) shape += `(${words})`
      continue
    }
    shape += `[${words}`
    for (const { entry, peer: match } of entries) {
      if (namesPorts(entry.twin)) return undefined
      shape += ` ${numberOf(entry.twin)} ${match}`
    }
    shape += ']'
  }
  return shape
}

let numbers = 0
const numberOf = stamped((_twin: RuleItem) => numbers++)

/**
 * Since 1.20 a port's name stands at egress for what each selected pod calls so, and an aggregate that is selected calls nothing so
 * (pkg/policy/l4.go toMapState).
 */
function aboutOf(c: Ends, entry: Entry, required: readonly Condition[]): About | undefined {
  const matched = (identity: Identity): Match => {
    const found = peerMatches(entry.peers, identity, required)
    return found === 'no' && entry.morePeers ? 'maybe' : found
  }
  const peer = matched(c.peer)
  if (peer === 'no') return undefined
  const aggregated = c.direction === 'egress' && c.peer.aggregate !== undefined && atLeast(c.basis.version, '1.20')
  return { entry, peer, named: aggregated && namesPorts(entry.twin) ? matched(alone(c.peer)) : peer }
}

/** An identity without its aggregate. */
const alone: (identity: Identity) => Identity = memo(identity => ({ ...identity, aggregate: undefined }))

function sayOf(c: Meeting, { rule, side, entries }: Met, port: PortQuery): Said {
  const denying: Entry[] = []
  const allowing: Entry[] = []
  let denies: Match = side.open ? 'maybe' : 'no'
  let allows: Match = side.open ? 'maybe' : 'no'
  for (const about of entries) {
    const { entry } = about
    const hit = hitsAt(c, about, port)
    if (hit === 'no') continue
    ;(entry.deny ? denying : allowing).push(entry)
    if (entry.deny) denies = or(denies, hit)
    else allows = or(allows, hit)
  }
  const closes = side.entries.length > 0 ? side.defaultDeny : and('maybe', side.defaultDeny)
  return { filed: rule.filed, side, selects: rule.match, denies, allows, closes, denying, allowing }
}

/** Whether an entry is about this peer and port. */
export function hits(c: Case, entry: Entry): Match {
  const about = aboutOf(c, entry, requiredOf(c, entry.deny))
  return about ? hitsAt(c, about, c.port) : 'no'
}

function hitsAt(c: Ends, { entry, peer, named }: About, port: PortQuery): Match {
  if (named === peer) return and(portMatches(entry.twin, port, c), peer)
  const numbered = and(portMatches(entry.twin, port, { ...c, only: 'numbers' }), peer)
  return or(numbered, and(portMatches(entry.twin, port, { ...c, only: 'names' }), named))
}

/** ≤1.18: what all rules of the subject together require of its peers (pkg/policy/rules.go). */
function requiredOf(c: Ends, deny: boolean): readonly Condition[] {
  if (atLeast(c.basis.version, '1.19')) return []
  return c.rules.flatMap(({ filed }) =>
    filed.sides[c.direction].entries.flatMap(e => (e.deny === deny ? e.requires.flat() : [])),
  )
}

const has = (identity: Identity, name: string): boolean =>
  identity.labels.labels.get(name)?.some(l => l.source === 'reserved') ?? false

/** Ingress from the local node: always allowed in Kubernetes; since 1.20 only where some rule selects the pod. */
function isOwnHost(c: Ends, ruled: boolean): boolean {
  if (c.direction !== 'ingress' || c.subject.place === 'node' || !has(c.peer, 'host')) return false
  return c.basis.config.allowLocalhost === 'always' && (ruled || !atLeast(c.basis.version, '1.20'))
}

function places(said: readonly Said[], of: (s: Said) => readonly Entry[], effect: Effect): Reason[] {
  return said.flatMap(s => of(s).map(e => ({ place: placeOf(s.filed, e.item), effect })))
}

/** Where a rule item stands. */
export function placeOf({ policy }: Filed, item: RuleItem): Place {
  return { document: policy.document, span: item.node.span }
}

/** The keys of the sections that switch default deny on. */
const closers = (closing: readonly Said[]): Reason[] =>
  closing.map(({ filed, side }) => {
    const known = closer(side)
    known.reason ??= closerOf(filed, side)
    return known.reason
  })

/** A side belongs to one rule. */
const closer = stamped((_side: Side): { reason?: Reason } => ({}))

function closerOf({ policy, rule }: Filed, side: Side): Reason {
  const section = side.entries[0]?.item.section
  const key = section && entryAt(rule.node, section)?.key
  return { place: { document: policy.document, span: (key ?? rule.node).span }, effect: 'default-deny' }
}

function whyOpen(said: readonly Said[]): string {
  const unplaced = said.find(s => s.filed.namespace === undefined)
  const name = (s: Said) => s.filed.policy.name?.value ?? 'a policy'
  if (unplaced) return `the namespace of ${name(unplaced)} is not known`
  const first = said.find(s => s.selects === 'maybe') ?? said[0]
  return first ? `what ${name(first)} selects is not known completely` : 'not enough is known'
}
