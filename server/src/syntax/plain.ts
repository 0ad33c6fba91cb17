// Reads YAML in plain block style, as nearly all of it is written, several times faster than the exact reader does; leaves the rest to it.

import { trimmed } from '../memo.ts'
import type { Document } from './file.ts'
import { builder, type Known, knownScalar, type Names } from './flat.ts'
import type { Span } from './node.ts'

/** Thrown, and caught here, where the text is more than plain block style. */
const NOT_PLAIN = new Error('not plain')
/** Deeper nesting is left to `compose`, which knows its end. */
const MAX_DEPTH = 100
const MAX_LINE = 1000

/** Tabs, carriage returns, marks, templates and whatever Unicode says of lines and blanks. */
const UNUSUAL =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\u0000-\u0009\u000b-\u001f\u007f-\u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ud800-\udfff\ufeff\ufff0-\uffff]|\{\{/

const NEWLINE = 10
const SPACE = 32
const DOUBLE = 34
const HASH = 35
const SINGLE = 39
const COMMA = 44
const DASH = 45
const COLON = 58
const OPEN_LIST = 91
const CLOSE_LIST = 93
const OPEN_MAP = 123
const CLOSE_MAP = 125

/** A reader within a text: where it is, and what the lines between the last value and here were. */
interface Scan {
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
}

/** The document of a text in plain block style; undefined for every other text. What it gives is what `compose` gives. */
export function readPlain(text: string): Document | undefined {
  if (UNUSUAL.test(text)) return undefined
  const scan: Scan = { text, comments: [], at: 0, column: 0, comment: -1, end: 0, depth: 0 }
  builder.begin()
  try {
    nextLine(scan)
    if (scan.column === 0 && text.startsWith('---', scan.at)) {
      scan.at += 3
      endLine(scan)
    }
    if (scan.column < 0) return undefined
    readMap(scan, ROOT)
    if (scan.column >= 0) return undefined
    return { text, root: builder.root(text.length), errors: [], templated: false, comments: trimmed(scan.comments) }
  } catch (error) {
    if (error === NOT_PLAIN) return undefined
    throw error
  }
}

/** Goes to the next line with content, past blank lines and comments. Stands at the start of a line. */
function nextLine(scan: Scan): void {
  const { text } = scan
  let start = scan.at
  scan.comment = -1
  while (start < text.length) {
    let at = start
    while (text.charCodeAt(at) === SPACE) at++
    const c = text.charCodeAt(at)
    if (c === HASH) {
      scan.comment = Math.max(scan.comment, at - start)
      at = readComment(scan, at)
    } else if (c !== NEWLINE && at < text.length) {
      scan.at = at
      scan.column = at - start
      return
    }
    start = at + 1
  }
  scan.at = text.length
  scan.column = -1
}

/** Notes a comment; returns the end of its line. */
function readComment(scan: Scan, start: number): number {
  const newline = scan.text.indexOf('\n', start)
  const end = newline === -1 ? scan.text.length : newline
  scan.comments.push({ start, end })
  return end
}

/** Goes from behind a value to the next line with content: nothing but blanks and a comment may follow. */
function endLine(scan: Scan): void {
  const { text } = scan
  let at = scan.at
  while (text.charCodeAt(at) === SPACE) at++
  const c = text.charCodeAt(at)
  if (c === HASH && at > scan.at) at = readComment(scan, at)
  else if (c !== NEWLINE && at < text.length) throw NOT_PLAIN
  scan.at = Math.min(at + 1, text.length)
  scan.end = scan.at
  nextLine(scan)
}

/** What holds the root: nothing. */
const ROOT = -1

/** A map, whose first key is at hand. What is read goes to the builder; `holder` is the index of what holds it. */
function readMap(scan: Scan, holder: number): void {
  if (++scan.depth > MAX_DEPTH) throw NOT_PLAIN
  const { column } = scan
  const made = builder.open('map', scan.at, { holder, flow: false })
  const names: Names = { count: 0 }
  do {
    // The end of a document, after which nothing is read.
    if (column === 0 && scan.text.startsWith('...', scan.at)) throw NOT_PLAIN
    const key = readKey(scan, made, { names, flow: false })
    if (!isBlank(scan, scan.at)) throw NOT_PLAIN
    if (!readValue(scan, column, made)) builder.lonely(key)
  } while (scan.column === column && !isDash(scan))
  close(scan, column, made)
}

/** A block list, whose first dash is at hand. */
function readSeq(scan: Scan, holder: number): void {
  if (++scan.depth > MAX_DEPTH) throw NOT_PLAIN
  const { column } = scan
  const made = builder.open('seq', scan.at, { holder, flow: false })
  do readItem(scan, column, made)
  while (scan.column === column && isDash(scan))
  close(scan, column, made)
}

/** A key that the map does not have yet, and its colon; returns its index. */
function readKey(scan: Scan, map: number, { names, flow }: { readonly names: Names; readonly flow: boolean }): number {
  const start = scan.at
  const known = readText(scan, flow)
  if (scan.text.charCodeAt(scan.at) !== COLON) throw NOT_PLAIN
  const { name } = known
  if (name === undefined || !builder.isNew(map, name, names)) throw NOT_PLAIN
  const key = builder.scalar(start, scan.at, { holder: map, known })
  scan.at++
  return key
}

/** Leaves a collection. Comments as deep as it stay in it: it ends before them, but what holds it ends behind them. */
function close(scan: Scan, column: number, made: number): void {
  if (scan.column > column) throw NOT_PLAIN
  builder.end(made, scan.end)
  scan.depth--
  if (column === 0 || scan.comment < column) return
  scan.comment = -1
  scan.end = scan.at
}

function readItem(scan: Scan, column: number, holder: number): void {
  const { text } = scan
  let at = scan.at + 1
  while (text.charCodeAt(at) === SPACE) at++
  scan.column += at - scan.at
  scan.at = at
  const c = text.charCodeAt(at)
  if (c === HASH || c === NEWLINE || at >= text.length || isDash(scan)) throw NOT_PLAIN
  if (!isFlow(scan) && isKey(scan)) readMap(scan, holder)
  else readInline(scan, column, holder)
}

/** Whether the rest of the line begins with a key. */
function isKey(scan: Scan): boolean {
  const { at } = scan
  skipScalar(scan, false)
  const found = scan.text.charCodeAt(scan.at) === COLON && isBlank(scan, scan.at + 1)
  scan.at = at
  return found
}

/** What stands after a key's colon, or on deeper lines; false when there is nothing. */
function readValue(scan: Scan, column: number, holder: number): boolean {
  const { text } = scan
  while (text.charCodeAt(scan.at) === SPACE) scan.at++
  const c = text.charCodeAt(scan.at)
  const after = scan.at
  if (c !== NEWLINE && c !== HASH && after < text.length) {
    readInline(scan, column, holder)
    return true
  }
  const comments = scan.comments.length
  endLine(scan)
  if (scan.column >= column && isDash(scan)) {
    readSeq(scan, holder)
    return true
  }
  if (scan.column > column) {
    if (isFlow(scan) || !isKey(scan)) readInline(scan, column, holder)
    else readMap(scan, holder)
    return true
  }
  // `compose` counts comments after a missing value as a part of it, which matters at the end of a map.
  if (scan.comments.length > comments && scan.column !== column) throw NOT_PLAIN
  scan.end = after
  return false
}

/** A value on the line at hand, which must not go on below. */
function readInline(scan: Scan, column: number, holder: number): void {
  if (isFlow(scan)) readFlow(scan, holder)
  else readScalar(scan, holder, false)
  endLine(scan)
  if (scan.column > column || scan.comment > column) throw NOT_PLAIN
}

/** `[…]` or `{…}` on one line. */
function readFlow(scan: Scan, holder: number): void {
  if (++scan.depth > MAX_DEPTH) throw NOT_PLAIN
  const start = scan.at
  const isList = scan.text.charCodeAt(start) === OPEN_LIST
  scan.at++
  skipSpaces(scan)
  const made = builder.open(isList ? 'seq' : 'map', start, { holder, flow: true })
  if (isList) readFlowItems(scan, made)
  else readFlowEntries(scan, made)
  builder.end(made, ++scan.at)
  scan.depth--
}

function readFlowItems(scan: Scan, made: number): void {
  if (scan.text.charCodeAt(scan.at) === CLOSE_LIST) return
  do readFlowValue(scan, made)
  while (isNext(scan, CLOSE_LIST))
}

function readFlowEntries(scan: Scan, made: number): void {
  if (scan.text.charCodeAt(scan.at) === CLOSE_MAP) return
  const names: Names = { count: 0 }
  do {
    readKey(scan, made, { names, flow: true })
    if (scan.text.charCodeAt(scan.at) !== SPACE) throw NOT_PLAIN
    skipSpaces(scan)
    readFlowValue(scan, made)
  } while (isNext(scan, CLOSE_MAP))
}

function readFlowValue(scan: Scan, holder: number): void {
  if (isFlow(scan)) readFlow(scan, holder)
  else readScalar(scan, holder, true)
}

function isFlow(scan: Scan): boolean {
  const c = scan.text.charCodeAt(scan.at)
  return c === OPEN_LIST || c === OPEN_MAP
}

/** Past a comma, to the next item; false at the end of the collection. */
function isNext(scan: Scan, end: number): boolean {
  skipSpaces(scan)
  const c = scan.text.charCodeAt(scan.at)
  if (c === end) return false
  if (c !== COMMA) throw NOT_PLAIN
  scan.at++
  skipSpaces(scan)
  return true
}

function skipSpaces(scan: Scan): void {
  while (scan.text.charCodeAt(scan.at) === SPACE) scan.at++
}

/** Whether a dash with a blank behind it is at hand. */
function isDash(scan: Scan): boolean {
  return scan.text.charCodeAt(scan.at) === DASH && isBlank(scan, scan.at + 1)
}

function isBlank({ text }: Scan, at: number): boolean {
  const c = text.charCodeAt(at)
  return c === SPACE || c === NEWLINE || at >= text.length
}

/** A scalar on one line. */
function readScalar(scan: Scan, holder: number, flow: boolean): void {
  const start = scan.at
  const known = readText(scan, flow)
  builder.scalar(start, scan.at, { holder, known })
}

/** Goes behind a scalar; returns what it means. */
function readText(scan: Scan, flow: boolean): Known {
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
function skipScalar(scan: Scan, flow: boolean): number {
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
