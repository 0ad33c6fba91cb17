// What can be told of a template's output from its text: where there may be more, and what is surely there together.

import { stamped } from '../memo.ts'
import { actionsOf, branchesOf } from './actions.ts'
import type { Document } from './file.ts'
import type { MapNode, SeqNode, Span } from './node.ts'
import type { Untemplated } from './template.ts'

/** Printing actions with the blanks and comments around them: whatever touches one of these may go on there. */
export function gapsOf({ text, prints }: Untemplated, comments: readonly Span[]): readonly Span[] {
  const endsOfComments = new Map(comments.map(c => [c.end, c.start]))
  const startsOfComments = new Map(comments.map(c => [c.start, c.end]))
  const gaps: Span[] = []
  for (const print of prints) {
    const before = gaps.at(-1)
    if (before && print.end <= before.end) continue
    const start = stretch(print.start, -1, { text, comments: endsOfComments })
    gaps.push({ start, end: stretch(print.end, 1, { text, comments: startsOfComments }) })
  }
  return gaps
}

function stretch(
  from: number,
  step: 1 | -1,
  over: { readonly text: string; readonly comments: ReadonlyMap<number, number> },
): number {
  let at = from
  for (;;) {
    const comment = over.comments.get(at)
    const next = step === 1 ? over.text[at] : over.text[at - 1]
    if (comment !== undefined) at = comment
    else if (next !== undefined && ' \t\r\n'.includes(next)) at += step
    else return at
  }
}

/** Whether a template may print more into a map or list, or leave some of it out. */
export function mayHoldMore(plain: Untemplated, gaps: readonly Span[], { span, flow }: MapNode | SeqNode): boolean {
  return meets(plain.lines, span) || meets(gaps, span, !flow)
}

/** Whether one of the spans, which are in order, shares a character with this one; `touching`: or only a border. */
export function meets(spans: readonly Span[], { start, end }: Span, touching = false): boolean {
  let low = 0
  let high = spans.length
  const slack = touching ? 0 : 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((spans[middle]?.end ?? 0) >= start + slack) high = middle
    else low = middle + 1
  }
  const first = spans[low]
  return first !== undefined && first.start <= end - slack
}

const branches = stamped((document: Document) => branchesOf(actionsOf(document.text), document.text.length))

/** Whether one of two places is never there without the other: they do not stand in different conditions of a template. */
export function together(document: Document, a: Span, b: Span): boolean {
  return !document.templated || sameBranches(branches(document), a, b)
}

/** The same for branches at hand. */
export function sameBranches(all: readonly Span[], a: Span, b: Span): boolean {
  const holds = (branch: Span, { start }: Span) => branch.start <= start && start < branch.end
  let onlyA = false
  let onlyB = false
  for (const branch of all) {
    const [inA, inB] = [holds(branch, a), holds(branch, b)]
    if (inA && !inB) onlyA = true
    if (inB && !inA) onlyB = true
  }
  return !(onlyA && onlyB)
}
