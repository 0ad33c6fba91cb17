// May this end reach that one? The verdict for what is written as ENDPOINTs, each of which may stand for several pods.

import { memo } from '../memo.ts'
import type { Endpoint } from '../workspace/inventory.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import { basisOf } from './basis.ts'
import { type LeftOut, leftOutFor } from './leftOut.ts'
import { findParties, type Party, type PortQuery } from './party.ts'
import { subjectIdentity } from './sight.ts'
import { type Answer, both, type FlowVerdict, isSelf, type SideVerdict, verdict } from './verdict.ts'

/** The two ends as written, and the port. */
export interface Question {
  readonly from: string
  readonly to: string
  readonly port: PortQuery
}

export interface Reach extends FlowVerdict {
  /** Why the verdict as a whole is unknown. */
  readonly why?: string
  /** Policies of one end or the other that take no part. */
  readonly leftOut: readonly LeftOut[]
}

/** The verdict of a flow between two ENDPOINTs. Pods of one end that do not agree make it unknown. */
export function reach(snapshot: Snapshot, { from, to, port }: Question): Reach {
  const sources = findParties(snapshot, from)
  const targets = findParties(snapshot, to)
  if ('unknown' in sources) return unknown(sources.unknown)
  if ('unknown' in targets) return unknown(targets.unknown)
  const verdicts = pairs(sources.parties, targets.parties).map(([a, b]) => verdict(snapshot, { from: a, to: b, port }))
  const egress = agree(verdicts.map(v => v.egress))
  const ingress = agree(verdicts.map(v => v.ingress))
  const answer = one(verdicts.map(v => v.verdict)) ?? both(egress.verdict, ingress.verdict)
  const ends = alike([...sources.parties, ...targets.parties]).flatMap(([party]) => party ?? [])
  const leftOut = leftOutFor(
    snapshot,
    ends.flatMap(party => subjectIdentity(basisOf(snapshot), party) ?? []),
  )
  if (answer !== 'unknown') return { verdict: answer, egress, ingress, leftOut }
  return { verdict: answer, egress, ingress, leftOut, why: egress.verdict === 'unknown' ? egress.why : ingress.why }
}

function unknown(why: string): Reach {
  const side: SideVerdict = { verdict: 'unknown', because: [], why }
  return { verdict: 'unknown', egress: side, ingress: side, leftOut: [], why }
}

/** The answer that all give. */
function one(answers: readonly Answer[]): Answer | undefined {
  return answers.every(a => a === answers[0]) ? answers[0] : undefined
}

function agree(sides: readonly SideVerdict[]): SideVerdict {
  const [first] = sides
  if (!first) return { verdict: 'unknown', because: [], why: 'there is nothing to ask about' }
  const other = sides.find(s => s.verdict !== first.verdict)
  if (!other) return first
  return { verdict: 'unknown', because: [...first.because, ...other.because], why: 'its pods do not agree' }
}

/** One pair for each two kinds of pods; a pod and itself only where that is the whole question. */
function pairs(sources: readonly Party[], targets: readonly Party[]): readonly (readonly [Party, Party])[] {
  const found: (readonly [Party, Party])[] = []
  const to = alike(targets)
  for (const some of alike(sources)) {
    for (const others of to) {
      const pair = differing(some, others)
      if (pair) found.push(pair)
    }
  }
  const [source] = sources
  const [target] = targets
  return found.length === 0 && source && target ? [[source, target]] : found
}

function differing(some: readonly Party[], others: readonly Party[]): readonly [Party, Party] | undefined {
  for (const from of some.slice(0, 2)) for (const to of others.slice(0, 2)) if (!isSelf({ from, to })) return [from, to]
  return undefined
}

/** Parties that are the same to every policy that there could be, together; or those whose pods `say` the same. */
export function alike(parties: readonly Party[], say = signature): readonly (readonly Party[])[] {
  const groups = new Map<string, Party[]>()
  parties.forEach((party, i) => {
    const key = party.kind === 'pod' ? say(party.endpoint) : `${i}`
    const group = groups.get(key)
    if (group) group.push(party)
    else groups.set(key, [party])
  })
  return [...groups.values()]
}

/** All that policies can ask of a pod. */
export const signature: (endpoint: Endpoint) => string = memo(e =>
  JSON.stringify([
    e.namespace,
    e.labels,
    e.serviceAccount,
    e.withoutAccount,
    e.identity,
    e.ports,
    e.node,
    e.hostNetwork,
  ]),
)
