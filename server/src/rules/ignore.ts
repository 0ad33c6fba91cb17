// Comments that silence a rule: `# cilium-policy-ignore <rule-id> reason`, on the line before or at the top of the document.

import { latest } from '../memo.ts'
import type { Document } from '../syntax/file.ts'
import { endOfLine, lineStart } from '../syntax/layout.ts'
import type { Problem } from '../syntax/problem.ts'

interface Silence {
  readonly rule: string
  /** The start of the line that the comment speaks for; undefined for the whole document. */
  readonly line: number | undefined
}

const silences: (document: Document) => readonly Silence[] = latest(document => {
  const { text } = document
  const first = document.root?.span.start ?? text.length
  return document.comments.flatMap((c): readonly Silence[] => {
    const words = text
      .slice(c.start + 1, c.end)
      .trim()
      .split(/[\s,]+/)
    if (words[0] !== 'cilium-policy-ignore' || !words[1]) return []
    if (c.start < first) return [{ rule: words[1], line: undefined }]
    return [{ rule: words[1], line: nextLine(document, c.start) }]
  })
})

/** The line after the comment, past further comments and blank lines; the comment's own line when something stands before it. */
function nextLine(document: Document, at: number): number {
  const { text } = document
  const start = lineStart(text, at)
  if (text.slice(start, at).trim() !== '') return start
  let line = start
  do {
    const end = endOfLine(text, line)
    line = end + (text.startsWith('\r\n', end) ? 2 : 1)
  } while (line < text.length && /^[ \t]*(?:#|$)/.test(text.slice(line, endOfLine(text, line))))
  return line
}

/** Whether a comment of the document silences the problem. */
export function ignored(document: Document, problem: Problem): boolean {
  const list = silences(document)
  if (list.length === 0) return false
  const line = lineStart(document.text, problem.span.start)
  return list.some(s => s.rule === problem.code && (s.line === undefined || s.line === line))
}
