// Scalars for the fast reader: plain ones and quoted ones on one line; what they mean.

import { type Known, knownScalar } from './flat.ts'
import type { Span } from './node.ts'

/** Thrown where the text is more than plain block style; `readPlain` catches it. */
export const NOT_PLAIN = new Error('not plain')
const MAX_LINE = 1000

export const NEWLINE = 10
export const SPACE = 32
const DOUBLE = 34
export const HASH = 35
const SINGLE = 39
export const COMMA = 44
export const DASH = 45
export const COLON = 58
export const OPEN_LIST = 91
export const CLOSE_LIST = 93
export const OPEN_MAP = 123
export const CLOSE_MAP = 125

/** A reader within a text: where it is, and what the lines between the last value and here were. */
export interface Scan {
  readonly text: string
  readonly comments: Span[]
  /** Where reading goes on: at the first character of a line's content after `nextLine`. */
  at: number
  /** The column of that content; -1 at the end of the text. */
  column: number
  /** The column of the deepest comment between the last value and here; -1 when there is none. */
  comment: number
  /** Where the last value ends as `compose` sees it: with its line, for a missing value after the colon. */
  end: number
  depth: number
  /** Whether what is at hand stands in a block list. */
  isInList: boolean
}

/** Whether a blank is there, or the end. */
export function isBlank({ text }: Scan, at: number): boolean {
  const c = text.charCodeAt(at)
  return c === SPACE || c === NEWLINE || at >= text.length
}

/** Goes behind a scalar; returns what it means. */
export function readText(scan: Scan, flow: boolean): Known {
  const start = scan.at
  const c = scan.text.charCodeAt(start)
  const style = c === DOUBLE ? 'double' : c === SINGLE ? 'single' : 'plain'
  const end = skipScalar(scan, flow)
  const text = style === 'plain' ? scan.text.slice(start, end) : scan.text.slice(start + 1, end - 1)
  const known = knownScalar(text, style)
  if (!known) throw NOT_PLAIN
  return known
}

/** Goes behind a scalar; returns its end. */
export function skipScalar(scan: Scan, flow: boolean): number {
  const c = scan.text.charCodeAt(scan.at)
  const end = c === DOUBLE || c === SINGLE ? quotedEnd(scan, c) : plainEnd(scan, flow)
  if (end - scan.at > MAX_LINE) throw NOT_PLAIN
  scan.at = end
  return end
}

function quotedEnd({ text, at }: Scan, quote: number): number {
  const end = text.indexOf(quote === DOUBLE ? '"' : "'", at + 1)
  if (end === -1) throw NOT_PLAIN
  for (let i = at + 1; i < end; i++) {
    const c = text.charCodeAt(i)
    if (c === NEWLINE || (c === 92 && quote === DOUBLE)) throw NOT_PLAIN
  }
  if (text.charCodeAt(end + 1) === quote) throw NOT_PLAIN
  return end + 1
}

/** 1: a plain scalar may begin with it; 2: it may stand within one; 4: the same in flow style. */
const CLASS = new Uint8Array(128)
for (let c = 33; c < 127; c++) {
  const character = String.fromCharCode(c)
  if (/[A-Za-z0-9_./$+(^~;]/.test(character)) CLASS[c] = 1 | 2 | 4
  else if (/[-*\\@%&!|>'"`)]/.test(character)) CLASS[c] = 2 | 4
  else CLASS[c] = 2
}

/** Where a plain scalar ends: before `: `, ` #`, the blanks at the end of the line, or in flow style a comma or bracket. */
function plainEnd({ text, at }: Scan, flow: boolean): number {
  if (!((CLASS[text.charCodeAt(at)] ?? 0) & 1)) throw NOT_PLAIN
  const allowed = flow ? 4 : 2
  let end = at
  for (let i = at; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === NEWLINE) break
    if (c === SPACE) {
      if (text.charCodeAt(i + 1) === HASH) break
      continue
    }
    if (c === COLON) {
      const next = text.charCodeAt(i + 1)
      if (next === SPACE || next === NEWLINE || i + 1 === text.length) break
      if (flow && !((CLASS[next] ?? 0) & 1)) throw NOT_PLAIN
    } else if (flow && (c === COMMA || c === CLOSE_LIST || c === CLOSE_MAP)) break
    else if (!((CLASS[c] ?? 0) & allowed)) throw NOT_PLAIN
    end = i + 1
  }
  return end
}
