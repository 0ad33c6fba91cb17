// What one side of a policy allows and the other side closes: between whom, on which ports, and because of which lines.

import { memo, NONE, trimmed } from '../../memo.ts'
import { byKey } from '../../model/labels.ts'
import { peersIn } from '../../model/peers.ts'
import type { Direction, Peer, Policy, RuleItem } from '../../model/policy.ts'
import { allHold, CLUSTER, type Condition } from '../../model/selector.ts'
import type { Snapshot } from '../../workspace/snapshot.ts'
import { type Basis, basisOf } from '../basis.ts'
import { classesOf, pairKey } from '../classes.ts'
import type { Entry, Filed, ItemMeaning, PeerTest } from '../entry.ts'
import { matchable, podIdentity } from '../identity.ts'
import type { Reason } from '../judge.ts'
import { askedOf } from '../shelf.ts'
import { namespaceAt, repositoryOf, rulesOf, rulesSelecting } from '../subjects.ts'
import { entityKin, impliedKin, type Kin, kinIn, kinOf, kinWith, selectedBy } from './kin.ts'
import { type Found, type Missing, type Missings, missingFor, together } from './missing.ts'
import { namedNamespaces } from './selectors.ts'

/** Traffic of one peer of one rule item that the peer's own policies do not let through. */
export interface Gap {
  readonly policy: Policy
  readonly filed: Filed
  readonly entry: Entry
  /** undefined: the item names no peers, so every peer is meant. */
  readonly peer: Peer | undefined
  /** The side that is closed. */
  readonly side: Direction
  /** Closed by a deny rule, which no allow rule can open. */
  readonly denied: boolean
  readonly pairs: readonly Pair[]
  readonly missing: Missing
  readonly because: readonly Reason[]
  /** How many pairs were not looked at, for there are too many. */
  readonly left: number
}

/** `own`: selected by the policy's rule; `other`: its peer. */
export interface Pair {
  readonly own: Kin
  readonly other: Kin
}

/** More pairs of kinds of pods than this are not looked at for one peer. */
const MOST_PAIRS = 2000

const known = memo((_snapshot: Snapshot) => new Map<Policy, readonly Gap[]>())

/** The gaps of a policy, in the order of its rules; none for a policy that is not in force. Remembered. */
export function gapsOf(snapshot: Snapshot, policy: Policy): readonly Gap[] {
  const before = known(snapshot).get(policy)
  if (before) return before
  const found = findGaps(snapshot, policy)
  known(snapshot).set(policy, found)
  return found
}

/** The rules of a policy as they are in force; none when it is refused, or given anew by another file. */
export function rulesInForce(snapshot: Snapshot, policy: Policy): readonly Filed[] {
  if (basisOf(snapshot).config.enforcementMode === 'never') return []
  if (namespaceAt(snapshot, policy) === undefined) return []
  const { inForce } = repositoryOf(snapshot)
  const rules = rulesOf(snapshot, policy)
  return rules.filter(f => inForce.has(f))
}

function findGaps(snapshot: Snapshot, policy: Policy): readonly Gap[] {
  const found: Gap[] = []
  for (const filed of rulesInForce(snapshot, policy)) {
    const own = filed.forNodes ? NONE : ownersOf(basisOf(snapshot), filed)
    if (own.length === 0) continue
    for (const { entries } of [filed.sides.ingress, filed.sides.egress]) {
      for (const entry of entries) {
        if (entry.deny || isQuiet(snapshot, entry, own)) continue
        const gaps = gapsIn(snapshot, { policy, filed, entry, own })
        if (gaps.length === 0) noteQuiet(snapshot, entry, own)
        else found.push(...gaps)
      }
    }
  }
  return found.length === 0 ? NONE : found
}

/** Those of whom nothing is missing for what an entry means. */
const quiet = memo((_snapshot: Snapshot) => new Map<ItemMeaning, Set<Kin>>())

/** Whether nothing was missing for an entry with the same words, in a rule that selects the same pods. */
function isQuiet(snapshot: Snapshot, { meaning }: Entry, own: readonly Kin[]): boolean {
  const [one, more] = own
  return one !== undefined && more === undefined && quiet(snapshot).get(meaning)?.has(one) === true
}

function noteQuiet(snapshot: Snapshot, { meaning }: Entry, own: readonly Kin[]): void {
  const [one, more] = own
  if (!one || more) return
  const before = quiet(snapshot).get(meaning)
  if (before) before.add(one)
  else quiet(snapshot).set(meaning, new Set([one]))
}

interface Item {
  readonly policy: Policy
  readonly filed: Filed
  readonly entry: Entry
  /** Whom the rule selects. */
  readonly own: readonly Kin[]
  readonly unwritten?: boolean
}

/** What an item means that no rule of the other side allows, whether that is closed or open today; labels and services only. */
export function unwrittenIn(snapshot: Snapshot, policy: Policy, item: RuleItem): readonly Gap[] {
  for (const filed of rulesInForce(snapshot, policy)) {
    const entry = filed.sides[item.direction].entries.find(e => e.item === item)
    if (!entry || entry.deny || filed.forNodes) continue
    const own = ownersOf(basisOf(snapshot), filed)
    return gapsIn(snapshot, { policy, filed, entry, own, unwritten: true }).filter(g => !g.denied)
  }
  return []
}

function gapsIn(snapshot: Snapshot, item: Item): readonly Gap[] {
  const basis = basisOf(snapshot)
  const { peers, twin } = item.entry
  if (peers === 'none') return NONE
  if (peers === 'any') return item.unwritten ? NONE : gapsTo(snapshot, item, { others: kinOf(basis) })
  const found: Gap[] = []
  for (const [at, peer] of peersIn(twin).entries()) {
    if (item.unwritten && peer.kind !== 'endpoints' && peer.kind !== 'service') continue
    found.push(...gapsTo(snapshot, item, { at, others: othersOf(basis, peer, { peers, at }) }))
  }
  return found
}

function gapsTo(snapshot: Snapshot, item: Item, { at, others }: Peered): readonly Gap[] {
  const side = opposite(item.entry.item.direction)
  const open = item.unwritten ? others : others.filter(other => mayBeClosed(snapshot, other, side))
  return open.length > 0 && item.own.length > 0 ? [...between(snapshot, item, { at, others: open })] : NONE
}

export const opposite = (direction: Direction): Direction => (direction === 'ingress' ? 'egress' : 'ingress')

/** Whom a rule selects: the pods that are known, else what its selector says of them. */
export function ownersOf(basis: Basis, filed: Filed): readonly Kin[] {
  const seen = selectedBy(basis, filed)
  if (seen.length > 0 || !filed.readable || filed.forNodes) return seen
  const special = filed.subject.find(c => c.source === 'reserved')
  if (special) return OWN_POLICY.includes(special.key) ? [entityKin(special.key)] : []
  return impliedBy(basis, filed.subject, filed.namespace === '' ? undefined : filed.namespace)
}

/**
 * What conditions say of pods that nobody has seen; nothing where all pods are known and none is meant, for pods of another
 * cluster, and for pods on the host network, which have their node's identity.
 */
function impliedBy(basis: Basis, conditions: readonly Condition[], namespace: string | undefined): readonly Kin[] {
  if (conditions.some(c => c.key === CLUSTER && !isLocal(basis, c)) || onHost(basis, conditions)) return NONE
  return basis.complete && isSeen(basis, conditions, namespace) ? NONE : [impliedKin(basis, conditions, namespace)]
}

/** Whether some pod is known in the namespaces that are meant. */
function isSeen(basis: Basis, conditions: readonly Condition[], namespace: string | undefined): boolean {
  const places = namespace === undefined ? namedNamespaces(conditions) : [namespace]
  return places ? places.some(n => kinIn(basis, n).length > 0) : kinOf(basis).length > 0
}

function isLocal({ config }: Basis, condition: Condition): boolean {
  const local = byKey([{ source: 'k8s', key: CLUSTER, value: config.clusterName }])
  return allHold([condition], { labels: local, open: false }) === 'yes'
}

function onHost(basis: Basis, conditions: readonly Condition[]): boolean {
  return hostPods(basis).some(e => allHold(conditions, podIdentity(basis, e).labels) === 'yes')
}

const hostPods = memo(({ picture }: Basis) => picture.endpoints.filter(e => e.hostNetwork))

/** Entities that policies can select. */
const OWN_POLICY = ['ingress', 'health']

interface Peered {
  /** Which of the item's peers it is; absent: it names none. */
  readonly at?: number | undefined
  readonly others: readonly Kin[]
}

/** Those that a peer of an item means: the pods that are known, else what it says of pods that nobody has seen; `at`: which of the item's peers it is. */
function othersOf(
  basis: Basis,
  peer: Peer,
  { peers, at }: { readonly peers: readonly PeerTest[]; readonly at: number },
): readonly Kin[] {
  if (peer.kind === 'fqdn') return NONE
  if (peer.kind === 'service') {
    const tests = peers.filter(t => t.node === peer.node)
    return [...new Set(tests.flatMap(t => meant(basis, t, () => nearPeer(basis, peer, t))))]
  }
  // Of all but services there is one test each, in their order where there are no services.
  const test = peers[at]?.node === peer.node ? peers[at] : peers.find(t => t.node === peer.node)
  if (!test) return unseen(basis, peer, undefined)
  const seen =
    peer.kind === 'entity' ? ofEntity(basis, peer, test) : meant(basis, test, () => nearPeer(basis, peer, test))
  return seen.length > 0 ? seen : unseen(basis, peer, test)
}

const entities = memo((_basis: Basis) => new Map<string, readonly Kin[]>())

/** The known pods of an entity: the same for every policy. */
function ofEntity(basis: Basis, { entity }: Extract<Peer, { kind: 'entity' }>, test: PeerTest): readonly Kin[] {
  const found = entities(basis).get(entity) ?? meant(basis, test)
  entities(basis).set(entity, found)
  return found
}

/** The known pods that a member of a peer list selects for certain. */
export function meant(basis: Basis, test: PeerTest, near: () => readonly Kin[] = () => kinOf(basis)): readonly Kin[] {
  if (test.kin) return test.kin
  const some = askedOf(test.conditions ?? []) ? kinWith(basis, test.conditions ?? []) : near()
  const found = some.filter(one => test.matches(one.identity) === 'yes')
  test.kin = trimmed(found)
  return test.kin
}

/** The pods of the namespaces that a peer names; all where it names none, and none where it means what is outside. */
function nearPeer(basis: Basis, peer: Peer, { conditions = [] }: PeerTest): readonly Kin[] {
  const network = peer.kind === 'cidr' || (peer.kind === 'cidrSet' && peer.cidr !== undefined)
  if (peer.kind === 'fqdn' || (network && !matchable(basis, 'pods'))) return []
  const namespaces = namedNamespaces(peer.kind === 'endpoints' ? conditions : [])
  return namespaces ? namespaces.flatMap(n => kinIn(basis, n)) : kinOf(basis)
}

/** What a peer says of pods that nobody has seen; entities that policies can select. */
function unseen(basis: Basis, peer: Peer, test: PeerTest | undefined): readonly Kin[] {
  if (peer.kind === 'entity') return OWN_POLICY.includes(peer.entity) ? [entityKin(peer.entity)] : []
  if (peer.kind !== 'endpoints' || peer.selector.unknown) return []
  const reserved = peer.selector.requirements.find(r => r.source === 'reserved')
  if (reserved) return OWN_POLICY.includes(reserved.key) ? [entityKin(reserved.key)] : []
  return test?.conditions ? impliedBy(basis, test.conditions, undefined) : []
}

/** Whether a side of the pods can be closed at all: by the mode, or by a rule. */
function mayBeClosed(snapshot: Snapshot, kin: Kin, side: Direction): boolean {
  const { config } = basisOf(snapshot)
  if (config.enforcementMode === 'always' && kin.identity.place === 'pod') return true
  return rulesSelecting(snapshot, kin.identity).some(r => r.match === 'yes' && r.filed.sides[side].entries.length > 0)
}

function* between(snapshot: Snapshot, item: Item, ends: Peered): Iterable<Gap> {
  const { own: all, ...about } = item
  const side = opposite(item.entry.item.direction)
  const closed = newPart()
  const denied = newPart()
  const owns = all.slice(0, MOST_PAIRS)
  const others = ends.others.slice(0, Math.ceil(MOST_PAIRS / owns.length))
  const left = ends.others.length * all.length - others.length * owns.length
  const missing = missingByClass(snapshot, item)
  for (const other of others) {
    for (const own of owns) {
      if (isSelf(own, other)) continue
      const found = missing({ own, other })
      if (found.closed) add(closed, { own, other }, found.closed)
      if (found.denied) add(denied, { own, other }, found.denied)
    }
  }
  const peer = ends.at === undefined ? undefined : peersIn(item.entry.item)[ends.at]
  const common = { ...about, peer, side, left }
  if (closed.pairs.length > 0) yield { ...common, denied: false, ...summed(closed) }
  if (denied.pairs.length > 0) yield { ...common, denied: true, ...summed(denied) }
}

/** What is missing between two kinds of pods, asked once for all those that no rule tells apart. */
function missingByClass(snapshot: Snapshot, { entry, unwritten = false }: Item): (pair: Pair) => Missings {
  const classOf = classesOf(snapshot)
  const missing = missingFor(snapshot, entry, unwritten)
  const asked = new Map<number, Missings>()
  return ({ own, other }) => {
    const classes = { own: classOf(own.identity), other: classOf(other.identity) }
    const key = pairKey(classes.own, classes.other)
    const before = asked.get(key)
    if (before) return before
    const found = missing({ own, other, classes })
    asked.set(key, found)
    return found
  }
}

/** Pairs of ends, and what is missing between them: one object for pairs of the same classes. */
interface Part {
  readonly pairs: Pair[]
  readonly found: Set<Found>
}

const newPart = (): Part => ({ pairs: [], found: new Set() })

function add({ pairs, found }: Part, pair: Pair, missing: Found): void {
  pairs.push(pair)
  found.add(missing)
}

function summed({ pairs, found }: Part): Pick<Gap, 'pairs' | 'missing' | 'because'> {
  const because = new Set<Reason>()
  for (const part of found) for (const reason of part.because) if (reason.place) because.add(reason)
  return { pairs, missing: together([...new Set([...found].map(f => f.missing))]), because: [...because] }
}

/** One pod and itself: its traffic to itself meets no policy. */
function isSelf(own: Kin, other: Kin): boolean {
  return own === other && own.pods.length === 1 && own.pods[0]?.type === 'Pod'
}
