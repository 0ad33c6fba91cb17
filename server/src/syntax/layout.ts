// How the text of a document is laid out: ends of lines, columns, quotes, and how deep lists stand under their keys.

import { memo } from '../memo.ts'
import type { Document } from './file.ts'
import type { Node, Span } from './node.ts'
import type { Style } from './print.ts'

/** The offset of the first character of the line. */
export function lineStart(text: string, offset: number): number {
  let i = offset
  while (i > 0 && text[i - 1] !== '\n' && text[i - 1] !== '\r') i--
  return i
}

/** The offset of the line's end, before its line break. */
export function endOfLine(text: string, offset: number): number {
  let i = offset
  while (i < text.length && text[i] !== '\n' && text[i] !== '\r') i++
  return i
}

/** The column of an offset, in code units; a byte order mark does not count. */
export function column(text: string, offset: number): number {
  const start = lineStart(text, offset)
  return offset - start - (text[start] === '\uFEFF' ? 1 : 0)
}

/** The white space at the beginning of the line. */
export function indentation(text: string, offset: number): string {
  const start = lineStart(text, offset)
  let end = start
  while (text[end] === ' ' || text[end] === '\t') end++
  return text.slice(start, end)
}

/** The end of the line on which a block node ends, its trailing comment included. */
export function afterContent(text: string, span: Span): number {
  let end = span.end
  while (end > span.start && ' \t\r\n'.includes(text[end - 1] ?? '')) end--
  return endOfLine(text, end)
}

/** The style at hand: the most frequent line break, quote and list indentation of the document. */
export const styleOf: (document: Document) => Style = memo(document => {
  const { text } = document
  const eol = text.includes('\r\n') ? '\r\n' : text.includes('\n') || !text.includes('\r') ? '\n' : '\r'
  const single = text.split("'").length
  const double = text.split('"').length
  const found = { deep: 0, flat: 0 }
  if (document.root) count(document.root, text, found)
  return { eol, quote: single > double ? "'" : '"', listIndent: found.flat > found.deep ? 0 : 2 }
})

function count(root: Node, text: string, found: { deep: number; flat: number }): void {
  const open: Node[] = [root]
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.kind === 'seq' && !node.alias) open.push(...node.items)
    if (node.kind !== 'map' || node.alias) continue
    for (const e of node.entries) {
      if (e.merged || !e.value) continue
      open.push(e.value)
      const first = e.value.kind === 'seq' && !e.value.flow && !e.value.alias ? e.value.span.start : undefined
      if (first === undefined) continue
      if (column(text, first) > column(text, e.key.span.start)) found.deep++
      else found.flat++
    }
  }
}
