// Offsets to lines and columns and back, with LF, CRLF and CR ends of lines; columns count UTF-16 code units.

import { stamped } from '../memo.ts'
import type { Document, File } from './file.ts'

/** Zero-based line and character, as in LSP. */
export interface Position {
  readonly line: number
  readonly character: number
}

/** The offset at which each line starts. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0]
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === 10 || (c === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1)
  }
  return starts
}

/** Of a document: when another one of its file changes these stay. */
const linesOf = stamped((document: Document) => lineStarts(document.text))

/** The number of the line with which each document of a file begins. */
const firstLines = stamped((file: File): readonly number[] => {
  let line = 0
  return file.documents.map(document => {
    const first = line
    // The last start is that of the next document.
    line += linesOf(document).length - 1
    return first
  })
})

/** The position of an offset into the text of a file. */
export function positionAt(file: File, offset: number): Position {
  const index = lineAt(file.starts, offset)
  const document = file.documents[index]
  const starts = document ? linesOf(document) : []
  const at = offset - (file.starts[index] ?? 0)
  const line = lineAt(starts, at)
  return { line: (firstLines(file)[index] ?? 0) + line, character: Math.max(0, at - (starts[line] ?? 0)) }
}

/** The line that holds an offset into the text of a file, without its end. */
export function lineOf(file: File, offset: number): string {
  const index = lineAt(file.starts, offset)
  const text = file.documents[index]?.text ?? ''
  const starts = file.documents[index] ? linesOf(file.documents[index]) : []
  const line = lineAt(starts, offset - (file.starts[index] ?? 0))
  return text.slice(starts[line], endOf(text, starts, line))
}

/** The number of the line that holds the offset. */
export function lineAt(starts: readonly number[], offset: number): number {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const mid = (low + high + 1) >> 1
    if ((starts[mid] ?? 0) <= offset) low = mid
    else high = mid - 1
  }
  return low
}

/** The offset of a position; beyond the end of a line or file the nearest one there is. */
export function offsetAt(file: File, { line, character }: Position): number {
  const first = firstLines(file)
  const index = lineAt(first, line)
  const document = file.documents[index]
  if (!document) return file.text.length
  const at = { line: line - (first[index] ?? 0), character }
  return (file.starts[index] ?? 0) + offsetIn(document.text, linesOf(document), at)
}

/** As `offsetAt`, in a text whose lines begin at `starts`. */
export function offsetIn(text: string, starts: readonly number[], { line, character }: Position): number {
  const start = starts[line]
  if (start === undefined) return text.length
  return Math.min(start + character, endOf(text, starts, line))
}

/** The offset of the end of a line, before what ends it. */
function endOf(text: string, starts: readonly number[], line: number): number {
  const start = starts[line] ?? 0
  let end = starts[line + 1] ?? text.length
  if (line + 1 < starts.length) while (end > start && '\r\n'.includes(text[end - 1] ?? '')) end--
  return end
}
