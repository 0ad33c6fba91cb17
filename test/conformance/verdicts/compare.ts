// Compares our verdicts with Cilium's, and shrinks a disagreement to the documents that it needs.

import type { Version } from '../../../server/src/model/version.ts'
import type { Asked, Question } from './generate.ts'
import type { Oracle, Reply, Said } from './oracle.ts'
import { answers, type Ours, refusals, snapshotOf } from './ours.ts'

export interface Disagreement {
  readonly question: Question
  readonly flow: Asked | undefined
  readonly theirs: string
  readonly ours: string
}

/** Whether an answer of ours is right: where Cilium's depends on more than the inventory says, unknown is right too. */
export function agrees(ours: Ours, said: Said): boolean {
  const open = said.open ?? []
  if (open.length === 0)
    return ours.egress === said.egress && ours.ingress === said.ingress && ours.verdict === said.verdict
  if (open.includes('self') || ours.verdict === 'unknown' || ours.verdict === said.verdict) return true
  return ours.verdict === 'denied' && (ours.egress === 'denied' || ours.ingress === 'denied' || open.includes('pods'))
}

/** All disagreements of one question. */
export function* disagreements(question: Question, reply: Reply, version: Version): Iterable<Disagreement> {
  if (reply.error !== undefined) {
    yield { question, flow: undefined, theirs: reply.error, ours: '' }
    return
  }
  const snapshot = snapshotOf(question, version)
  const refused = refusals(snapshot)
  const theirs = (reply.docs ?? []).map(d => d.layer !== undefined)
  if (JSON.stringify(refused) !== JSON.stringify(theirs)) {
    const errors = (reply.docs ?? []).flatMap(d => d.error ?? [])
    yield { question, flow: undefined, theirs: `refused ${theirs} ${errors.join(' | ')}`, ours: `refused ${refused}` }
    return
  }
  const ours = answers(snapshot, question)
  for (const [i, flow] of question.flows.entries()) {
    const said = reply.verdicts?.[i]
    const own = ours[i]
    if (!said || !own || agrees(own, said)) continue
    yield { question, flow, theirs: show(said), ours: show(own) }
  }
}

const show = (v: Ours | Said): string =>
  `egress ${v.egress}, ingress ${v.ingress}, ${v.verdict}${'open' in v && v.open ? ` (${v.open.join(', ')})` : ''}`

/** The smallest question with the same flow on which we still disagree: whole documents and inventory items are left out. */
export async function shrink(found: Disagreement, oracle: Oracle, version: Version): Promise<Disagreement> {
  if (!found.flow) return found
  let best: Disagreement = { ...found, question: { ...found.question, flows: [found.flow] } }
  for (let again = true; again; ) {
    again = false
    for (const smaller of smallerThan(best.question)) {
      const reply = await oracle.ask(smaller)
      if (reply.error !== undefined) continue
      const left = [...disagreements(smaller, reply, version)].find(d => d.flow !== undefined)
      if (!left) continue
      best = left
      again = true
      break
    }
  }
  return best
}

function* smallerThan(question: Question): Iterable<Question> {
  for (const [name, text] of Object.entries(question.files)) {
    const documents = text.split(/^---\n/m)
    if (text === '') continue
    for (let i = 0; i < documents.length; i++) {
      const rest = documents.filter((_, n) => n !== i).join('---\n')
      yield { ...question, files: { ...question.files, [name]: rest } }
    }
  }
  const { items } = question.inventory
  for (let i = items.length - 1; i >= 0; i--)
    yield { ...question, inventory: { ...question.inventory, items: items.filter((_, n) => n !== i) } }
}
