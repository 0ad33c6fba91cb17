// Offsets to lines and columns and back, with LF, CRLF and CR ends of lines; columns count UTF-16 code units.

import { stamped } from '../memo.ts'
import type { File } from './file.ts'

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

const startsOf = stamped((file: File) => lineStarts(file.text))

/** The position of an offset into the text of a file. */
export function positionAt(file: File, offset: number): Position {
  const starts = startsOf(file)
  const line = lineAt(starts, offset)
  return { line, character: Math.max(0, offset - (starts[line] ?? 0)) }
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
export function offsetAt(file: File, position: Position): number {
  const starts = startsOf(file)
  const start = starts[position.line]
  if (start === undefined) return file.text.length
  let end = starts[position.line + 1] ?? file.text.length
  if (position.line + 1 < starts.length) while (end > start && '\r\n'.includes(file.text[end - 1] ?? '')) end--
  return Math.min(start + position.character, end)
}
