// Ways out of a text that is not YAML: which slip it was is tried out, and only what leaves nothing wrong is offered.

import { policyRoots } from '../model/kinds.ts'
import { plainValue } from '../syntax/canonical.ts'
import { isReadable } from '../syntax/compose.ts'
import type { Document } from '../syntax/file.ts'
import { styleOf } from '../syntax/layout.ts'
import { parseDocument } from '../syntax/parse.ts'
import type { Edit, Fix, Problem } from '../syntax/problem.ts'
import { type Change, type Slip, type SlipKind, slipsOf, spaced } from './slips.ts'

/** Longer documents, and lines beyond so many, are not tried: nobody waits for it at every keystroke. */
const LONGEST = 12_000
const MOST = 12

/**
 * The problems of a document that is not YAML. Where mending some slips makes it one, without any error that was not
 * there, these slips are told in place of what the reader stumbled over, and nothing of what only followed from them.
 */
export function withMends(
  document: Document,
  found: readonly Problem[],
  judge: (mended: Document) => readonly Problem[],
): readonly Problem[] {
  if (document.text.length > LONGEST) return found
  const mend = mendOf(document, found, judge)
  if (!mend) return found
  const same = (a: Problem) => (b: Problem) => a.code === b.code && a.message === b.message
  const left = found.filter(p => p.code !== 'yaml-syntax' && mend.problems.some(same(p)))
  return [...told(document, mend.slips), ...left]
}

interface Mend {
  readonly slips: readonly Slip[]
  readonly problems: readonly Problem[]
}

/** The one thing that was meant, as far as can be told. */
function mendOf(
  document: Document,
  found: readonly Problem[],
  judge: (mended: Document) => readonly Problem[],
): Mend | undefined {
  const good = (slips: readonly Slip[]): Mend | undefined => {
    const text = applied(document.text, slips)
    if (!isReadable(text)) return undefined
    const mended = parseDocument(text)
    if (mended.errors.length > 0 || policyRoots(mended).length === 0) return undefined
    const problems = judge(mended)
    return adds(problems, found) || isStillWrong(document, slips, { mended, problems })
      ? undefined
      : { slips, problems }
  }
  const tabs = indentation(document, good)
  if (tabs) return tabs
  const slips = nearest(document, [...slipsOf(document.text, styleOf(document).quote)])
  const single = slips.flatMap(slip => good([slip]) ?? [])
  if (single.length > 0)
    return single.every(m => isSameLine(document, m.slips[0], single[0]?.slips[0])) ? single[0] : undefined
  for (const some of together(document, slips)) {
    const mend = good(some)
    if (mend) return mend
  }
  return undefined
}

/** Whether there are errors that were not there. */
function adds(now: readonly Problem[], before: readonly Problem[]): boolean {
  const count = (problems: readonly Problem[], like: Problem) =>
    problems.filter(p => p.severity === 'error' && p.code === like.code && p.message === like.message).length
  return now.some(p => p.severity === 'error' && count(now, p) > count(before, p))
}

/** Whether there is an error on a line that was mended: it was something else, then. */
function isStillWrong(
  { text }: Document,
  slips: readonly Slip[],
  after: { readonly mended: Document; readonly problems: readonly Problem[] },
): boolean {
  const lines = new Set(slips.filter(s => s.kind !== 'indent').map(s => lineOf(text, s.span.start)))
  return after.problems.some(p => p.severity === 'error' && lines.has(lineOf(after.mended.text, p.span.start)))
}

const lineOf = (text: string, offset: number): number => text.slice(0, offset).split(/\r\n|\r|\n/).length

/** Tabs as indentation. How wide the author saw them is not known: every width that can be read must say the same. */
function indentation({ text }: Document, good: (slips: readonly Slip[]) => Mend | undefined): Mend | undefined {
  if (!/^[ -]*[\t\u00a0]/m.test(text)) return undefined
  const found = [2, 4, 8].flatMap(width => good(spaced(text, width)) ?? [])
  const said = new Set(found.map(m => JSON.stringify(plainValue(parseDocument(applied(text, m.slips)).root))))
  return said.size === 1 ? found[0] : undefined
}

/** The slips nearest to where the reader stumbled. */
function nearest({ errors }: Document, slips: readonly Slip[]): readonly Slip[] {
  const distance = ({ span }: Slip) => Math.min(...errors.map(e => Math.abs(e.span.start - span.start)))
  const near = slips.toSorted((a, b) => distance(a) - distance(b)).slice(0, MOST)
  return slips.filter(s => near.includes(s))
}

/** Never right, wherever they stand. */
const NEVER: readonly SlipKind[] = ['quote', 'colon', 'close', 'escape']

/** Several slips at once: of one kind, or those that are never right, one a line. */
function together(document: Document, slips: readonly Slip[]): (readonly Slip[])[] {
  const kinds = new Set(slips.map(s => s.kind))
  const sets = [...kinds].map(kind => slips.filter(s => s.kind === kind))
  const never = slips.filter(s => NEVER.includes(s.kind))
  const apart = never.filter((s, i) => !never.slice(0, i).some(other => isSameLine(document, s, other)))
  return [...sets, apart].filter(s => s.length > 1)
}

function isSameLine({ text }: Document, a: Slip | undefined, b: Slip | undefined): boolean {
  if (!a || !b) return false
  const [start, end] = [a.span.start, b.span.start].sort((x, y) => x - y)
  return !/[\r\n]/.test(text.slice(start, end))
}

function applied(text: string, slips: readonly Slip[]): string {
  let out = ''
  let done = 0
  for (const { start, end, text: put } of changesOf(slips)) {
    out += text.slice(done, start) + put
    done = end
  }
  return out + text.slice(done)
}

const changesOf = (slips: readonly Slip[]): readonly Change[] =>
  slips.flatMap(s => s.changes).toSorted((a, b) => a.start - b.start)

/** The slips as problems; each has the fix for all of them, as one alone leaves what cannot be read. */
function told(document: Document, slips: readonly Slip[]): Problem[] {
  const [first, second] = slips
  const edits = () =>
    changesOf(slips).map(
      ({ start, end, text }): Edit => ({ kind: 'replace', place: { document, span: { start, end } }, text }),
    )
  const titles = new Set(slips.map(s => s.title))
  const title = titles.size === 1 || !second ? first?.title : `Mend all ${slips.length} slips`
  const fixes: Fix[] = [{ title: title ?? '', preferred: true, edits }]
  return slips.map(({ message, span }) => ({
    code: 'yaml-syntax',
    severity: 'error',
    message,
    span,
    fixes,
    related: [],
  }))
}
