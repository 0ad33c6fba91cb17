// The five promises of every fix: the text parses, the problem is gone, nothing as bad is new, the rest stays, twice changes nothing.

import type { Document, File } from '../../server/src/syntax/file.ts'
import type { Span } from '../../server/src/syntax/node.ts'
import type { Edit, Fix, Problem, Severity } from '../../server/src/syntax/problem.ts'
import type { Snapshot } from '../../server/src/workspace/snapshot.ts'
import { edited, type Found, problemsOf } from './archive.ts'

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, information: 2, hint: 3 }

/** What a fix of a problem breaks of its promises, one sentence each. */
export function broken(snapshot: Snapshot, { problem }: Found, fix: Fix): string[] {
  const edits = fix.edits()
  if (edits.length === 0) return ['it changes nothing']
  const after = edited(snapshot, edits)
  if (!after) return ['its edits overlap']
  const before = problemsOf(snapshot).map(f => f.problem)
  const now = problemsOf(after).map(f => f.problem)
  return [
    ...unread(snapshot, after),
    ...still(before, now, problem),
    ...fresh(before, now, problem),
    ...touched(snapshot, after, edits),
    ...again(after, problem, fix),
  ]
}

const errors = (snapshot: Snapshot): number =>
  [...snapshot.files.values()].flatMap(f => f.documents.flatMap(d => d.errors)).length

function unread(before: Snapshot, after: Snapshot): string[] {
  return errors(after) > errors(before) ? ['the text does not parse any more'] : []
}

const count = (problems: readonly Problem[], like: Problem): number =>
  problems.filter(p => p.code === like.code && p.message === like.message).length

const kind = (problems: readonly Problem[], like: Problem): number =>
  problems.filter(p => p.code === like.code && p.severity === like.severity).length

function still(before: readonly Problem[], now: readonly Problem[], problem: Problem): string[] {
  return count(now, problem) < count(before, problem) ? [] : [`the problem is still there: ${problem.message}`]
}

function fresh(before: readonly Problem[], now: readonly Problem[], problem: Problem): string[] {
  return now
    .filter(p => RANK[p.severity] <= RANK[problem.severity] && kind(now, p) > kind(before, p))
    .map(p => `it makes a new ${p.severity}: ${p.message}`)
}

/** Line ends, comments and the end of the file stay as they were. */
function touched(before: Snapshot, after: Snapshot, edits: readonly Edit[]): string[] {
  const wrong: string[] = []
  for (const [uri, file] of after.files) {
    const old = before.files.get(uri)
    if (!old || old.text === file.text) continue
    if (old.text.includes('\r\n') && /(?<!\r)\n/.test(file.text)) wrong.push('it mixes ends of lines')
    const lost = comments(old, edits).filter(c => !file.text.includes(c))
    if (lost.length > 0) wrong.push(`it loses the comment ${lost[0]}`)
    if (/[^\n]$/.test(old.text) !== /[^\n]$/.test(file.text)) wrong.push('it changes the end of the file')
    const blank = (text: string) => text.split('\n').filter(l => /[ \t]+\r?$/.test(l)).length
    if (blank(file.text) > blank(old.text)) wrong.push('it leaves blanks at the end of a line')
  }
  return wrong
}

/** Comments on lines of their own, but those inside of what is taken away. */
function comments(file: File, edits: readonly Edit[]): string[] {
  const removals = edits.filter(e => e.kind === 'replace' && ['', '{}', '[]'].includes(e.text.trim()))
  const gone = (d: Document, c: Span) =>
    removals.some(
      e => e.kind === 'replace' && e.place.document === d && e.place.span.start <= c.start && c.end <= e.place.span.end,
    )
  return file.documents.flatMap(d =>
    d.comments
      .filter(c => !gone(d, c))
      .map(c => d.text.slice(c.start, c.end))
      .filter(c => c.startsWith('# keep')),
  )
}

function again(after: Snapshot, problem: Problem, fix: Fix): string[] {
  const same = problemsOf(after).find(
    f =>
      f.problem.code === problem.code &&
      f.problem.span.start === problem.span.start &&
      f.problem.message === problem.message,
  )
  const twice = same?.problem.fixes.find(f => f.title === fix.title)
  return twice && twice.edits().length > 0 ? ['applied twice it changes the text again'] : []
}
