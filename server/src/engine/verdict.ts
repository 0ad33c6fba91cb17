// May a flow pass? The verdict of each side and of both together, with the lines that decided.

import type { Prefix } from '../model/cidr.ts'
import type { Direction } from '../model/policy.ts'
import { NAMESPACE } from '../model/selector.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import { type Basis, basisOf } from './basis.ts'
import { type Conflict, conflictOf, namespacedListenerIn } from './entangled.ts'
import type { Entry } from './entry.ts'
import type { Identity } from './identity.ts'
import { type Case, hits, judge, openSide, placeOf, type SideVerdict } from './judge.ts'
import type { Flow, Party, PortQuery } from './party.ts'
import { type Look, looksOf, subjectIdentity } from './sight.ts'
import { rulesSelecting } from './subjects.ts'

export type { Effect, Reason, SideVerdict } from './judge.ts'

export type Answer = SideVerdict['verdict']

export interface FlowVerdict {
  readonly verdict: Answer
  readonly egress: SideVerdict
  readonly ingress: SideVerdict
}

/** Whether the source may send. */
export function egress(snapshot: Snapshot, flow: Flow): SideVerdict {
  return sideVerdict(snapshot, 'egress', flow)
}

/** Whether the destination may receive. */
export function ingress(snapshot: Snapshot, flow: Flow): SideVerdict {
  return sideVerdict(snapshot, 'ingress', flow)
}

/** Both sides: the flow passes when both allow it (replies always pass). */
export function verdict(snapshot: Snapshot, flow: Flow): FlowVerdict {
  const sides = { egress: egress(snapshot, flow), ingress: ingress(snapshot, flow) }
  return { verdict: both(sides.egress.verdict, sides.ingress.verdict), ...sides }
}

/** One end or the other denies, else something is unknown, else the flow passes. */
export function both(a: Answer, b: Answer): Answer {
  if (a === 'denied' || b === 'denied') return 'denied'
  return a === 'unknown' || b === 'unknown' ? 'unknown' : 'allowed'
}

/** Whether both ends are one pod, whose traffic to itself meets no policy. */
export function isSelf({ from, to }: Pick<Flow, 'from' | 'to'>): boolean {
  return from.kind === 'pod' && to.kind === 'pod' && from.endpoint === to.endpoint && from.endpoint.type === 'Pod'
}

function sideVerdict(snapshot: Snapshot, direction: Direction, flow: Flow): SideVerdict {
  const basis = basisOf(snapshot)
  if (basis.config.enforcementMode === 'never') return openSide('policies are not enforced (mode never)')
  if (isSelf(flow)) return openSide("a pod's traffic to itself meets no policy")
  const [subject, peer] = direction === 'egress' ? [flow.from, flow.to] : [flow.to, flow.from]
  const identity = subjectIdentity(basis, subject)
  if (!identity) return openSide()
  const rules = rulesSelecting(snapshot, identity)
  const conflict = conflictOf(rules) ?? (isPlaceless(identity) ? namespacedListenerIn(rules) : undefined)
  if (conflict) return conflicting(conflict)
  const make = (look: Identity): Case => ({
    basis,
    direction,
    subject: identity,
    peer: look,
    port: flow.port,
    rules,
  })
  const looks = looksOf(basis, { subject, peer }, () =>
    networksIn(rules.flatMap(r => r.filed.sides[direction].entries)),
  )
  return settle(
    snapshot,
    { subject, peer, direction },
    looks.map(look => ({ look, said: judge(make(look.identity)) })),
  )
}

const isPlaceless = ({ labels }: Identity): boolean => !labels.open && !labels.labels.has(NAMESPACE)

/** An endpoint whose policy cannot be computed keeps the one that it had, or never becomes ready. */
function conflicting({ one, other, why }: Conflict): SideVerdict {
  const because = [one, other].map(p => ({ place: placeOf(p.filed, p.entry.item), effect: 'allow' as const }))
  return { verdict: 'unknown', because, why: `Cilium cannot compute its policy: ${why}` }
}

interface Ends {
  readonly subject: Party
  readonly peer: Party
  readonly direction: Direction
}

interface Seen {
  readonly look: Look
  readonly said: SideVerdict
}

/** One verdict of those for each identity that the peer may have. */
function settle(snapshot: Snapshot, ends: Ends, seen: readonly Seen[]): SideVerdict {
  const first = seen[0]
  if (!first) return { verdict: 'unknown', because: [], why: 'the address cannot be read' }
  const other = seen.find(s => s.said.verdict !== first.said.verdict && matters(snapshot, ends, s.look))
  if (!other) return first.said
  const because = [...first.said.because, ...other.said.because]
  return { verdict: 'unknown', because, why: WHY[other.look.if ?? 'node'] }
}

const WHY: Readonly<Record<NonNullable<Look['if']>, string>> = {
  node: 'it depends on whether both ends are on one node',
  api: 'where the API server runs is not known',
  address: 'it depends on the address behind the name',
  name: 'no DNS rule of this pod would let Cilium learn the addresses of the name',
}

/** A name counts at egress only, and only where nothing lets Cilium learn it. */
function matters(snapshot: Snapshot, { subject, direction }: Ends, look: Look): boolean {
  if (look.if !== 'name') return true
  return direction === 'egress' && !learnsNames(snapshot, subject)
}

/** The networks that the entries tell apart. */
function networksIn(entries: readonly Entry[]): readonly Prefix[] {
  return entries.flatMap(e => (typeof e.peers === 'string' ? [] : e.peers.flatMap(p => p.networks)))
}

const DNS: PortQuery = { port: 53, protocol: 'UDP' }

/** Whether a subject reaches some pod on port 53 through Cilium's DNS proxy. */
export function learnsNames(snapshot: Snapshot, subject: Party): boolean {
  const basis = basisOf(snapshot)
  const identity = subjectIdentity(basis, subject)
  if (!identity) return false
  const rules = rulesSelecting(snapshot, identity)
  const proxied = rules.flatMap(r => r.filed.sides.egress.entries.filter(e => !e.deny && isDns(e)))
  if (proxied.length === 0) return false
  return basis.picture.endpoints.some(endpoint => {
    const to: Party = { kind: 'pod', endpoint }
    if (endpoint.hostNetwork) return false
    const flow = { from: subject, to, port: DNS }
    const c = caseOf(basis, { rules, subject: identity, peer: subjectIdentity(basis, to) })
    if (!c || !proxied.some(e => hits(c, e) === 'yes')) return false
    return egress(snapshot, flow).verdict === 'allowed' && ingress(snapshot, flow).verdict === 'allowed'
  })
}

function caseOf(basis: Basis, of: Pick<Case, 'rules' | 'subject'> & { peer: Identity | undefined }): Case | undefined {
  const { rules, subject, peer } = of
  return peer && { basis, direction: 'egress', subject, peer, port: DNS, rules }
}

/** Whether an entry sends what it allows through the DNS proxy. */
const isDns = (entry: Entry): boolean =>
  entry.twin.toPorts?.some(p => p.l7.some(l => l.kind === 'dns' && l.count > 0)) ?? false
