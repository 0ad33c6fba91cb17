// Compares our verdicts with Cilium's, and shrinks a disagreement to the documents that it needs.

import type { Version } from '../../../server/src/model/version.ts'
import type { Asked, Question } from './generate.ts'
import type { Oracle, Right, Rights } from './oracle.ts'
import { accepted, answers, type Ours, snapshotOf } from './ours.ts'

export interface Disagreement {
  readonly question: Question
  /** undefined: about the question as a whole. */
  readonly flow: Asked | undefined
  readonly theirs: string
  readonly ours: string
}

/** Whether an answer of ours is right. */
export function agrees(ours: Ours, rights: Rights): boolean {
  return SIDES.every(side => rights[side].includes(ours[side]))
}

const SIDES = ['egress', 'ingress', 'verdict'] as const

/**
 * All disagreements of one question, and how many flows were compared. Where Cilium's own code panics (1.18 does so on some sets of
 * policies, with a nil pointer) it says nothing that could be compared.
 */
export async function compare(
  oracle: Oracle,
  question: Question,
  version: Version,
): Promise<{ readonly found: readonly Disagreement[]; readonly compared: number; readonly panicked: boolean }> {
  const snapshot = snapshotOf(question, version)
  let theirs: readonly (Rights | undefined)[]
  try {
    theirs = await oracle.ask(question, accepted(snapshot))
  } catch (error) {
    const panicked = error instanceof Error && error.message.startsWith('panic: runtime error')
    const found = panicked ? [] : [{ question, flow: undefined, theirs: String(error), ours: 'accepted' }]
    return { found, compared: 0, panicked }
  }
  const ours = answers(snapshot, question)
  const found = question.flows.flatMap((flow, i) => {
    const [own, rights] = [ours[i], theirs[i]]
    return !own || !rights || agrees(own, rights)
      ? []
      : [{ question, flow, theirs: showRights(rights), ours: show(own) }]
  })
  return { found, compared: theirs.filter(r => r !== undefined).length, panicked: false }
}

const show = (v: Ours): string => `egress ${v.egress}, ingress ${v.ingress}, ${v.verdict}`
const either = (right: Right): string => right.join(' or ')
const showRights = (r: Rights): string =>
  `egress ${either(r.egress)}, ingress ${either(r.ingress)}, ${either(r.verdict)}`

/** The smallest question with the same flow on which we still disagree: whole documents and inventory items are left out. */
export async function shrink(found: Disagreement, oracle: Oracle, version: Version): Promise<Disagreement> {
  if (!found.flow) return found
  let best: Disagreement = { ...found, question: { ...found.question, flows: [found.flow] } }
  for (let again = true; again; ) {
    again = false
    for (const smaller of smallerThan(best.question)) {
      const left = (await compare(oracle, smaller, version)).found.find(d => d.flow !== undefined)
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
    if (items[i]?.kind !== 'Namespace')
      yield { ...question, inventory: { ...question.inventory, items: items.filter((_, n) => n !== i) } }
}
