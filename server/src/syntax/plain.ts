// Reads YAML in plain block style, as nearly all of it is written, several times faster than the exact reader does; leaves the rest to it.

import { trimmed } from '../memo.ts'
import type { Document } from './file.ts'
import { type Holder, knownScalar, LeanEntry, LeanMap, LeanScalar, LeanSeq, leanName } from './lean.ts'
import type { MapEntry, Node, Span } from './node.ts'

/** Thrown, and caught here, where the text is more than plain block style. */
const NOT_PLAIN = new Error('not plain')
/** Deeper nesting is left to `compose`, which knows its end. */
const MAX_DEPTH = 100
const MAX_LINE = 1000
/** Maps of more entries find doubled keys by a set. */
const FEW = 12

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
  /** Entries and items of what is being read; each collection takes its own from the end. */
  readonly entries: MapEntry[]
  readonly items: Node[]
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
  const scan: Scan = { text, comments: [], entries: [], items: [], at: 0, column: 0, comment: -1, end: 0, depth: 0 }
  try {
    nextLine(scan)
    if (scan.column === 0 && text.startsWith('---', scan.at)) {
      scan.at += 3
      endLine(scan)
    }
    if (scan.column < 0) return undefined
    const root = readMap(scan, undefined)
    return scan.column < 0 ? { text, root, errors: [], templated: false, comments: trimmed(scan.comments) } : undefined
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

function readMap(scan: Scan, parent: Holder | undefined): LeanMap {
  if (++scan.depth > MAX_DEPTH) throw NOT_PLAIN
  const { column } = scan
  const from = scan.entries.length
  const made = new LeanMap(parent, scan.at, false)
  const names = new Names(scan.entries, from)
  do {
    // The end of a document, after which nothing is read.
    if (column === 0 && scan.text.startsWith('...', scan.at)) throw NOT_PLAIN
    const key = readScalar(scan, made, false)
    if (scan.text.charCodeAt(scan.at) !== COLON || !isBlank(scan, scan.at + 1)) throw NOT_PLAIN
    scan.at++
    const value = readValue(scan, column, made)
    names.add(key, value)
  } while (scan.column === column && !isDash(scan))
  made.entries = take(scan.entries, from)
  close(scan, column, made)
  return made
}

/** A block list, whose first dash is at hand. */
function readSeq(scan: Scan, parent: Holder): LeanSeq {
  if (++scan.depth > MAX_DEPTH) throw NOT_PLAIN
  const { column } = scan
  const from = scan.items.length
  const made = new LeanSeq(parent, scan.at, false)
  do {
    const item = readItem(scan, column, made)
    scan.items.push(item)
  } while (scan.column === column && isDash(scan))
  made.items = take(scan.items, from)
  close(scan, column, made)
  return made
}

/** The end of a list from an index on, taken off it: an array of just the right size. */
function take<T>(list: T[], from: number): readonly T[] {
  const taken = list.slice(from)
  list.length = from
  return taken
}

/** Leaves a collection. Comments as deep as it stay in it: it ends before them, but what holds it ends behind them. */
function close(scan: Scan, column: number, made: { end: number }): void {
  if (scan.column > column) throw NOT_PLAIN
  made.end = scan.end
  scan.depth--
  if (column === 0 || scan.comment < column) return
  scan.comment = -1
  scan.end = scan.at
}

function readItem(scan: Scan, column: number, holder: LeanSeq): Node {
  const { text } = scan
  let at = scan.at + 1
  while (text.charCodeAt(at) === SPACE) at++
  scan.column += at - scan.at
  scan.at = at
  const c = text.charCodeAt(at)
  if (c === HASH || c === NEWLINE || at >= text.length || isDash(scan)) throw NOT_PLAIN
  if (!isFlow(scan) && isKey(scan)) return readMap(scan, holder)
  return readInline(scan, column, holder)
}

/** Whether the rest of the line begins with a key. */
function isKey(scan: Scan): boolean {
  const { at } = scan
  skipScalar(scan, false)
  const found = scan.text.charCodeAt(scan.at) === COLON && isBlank(scan, scan.at + 1)
  scan.at = at
  return found
}

/** What stands after a key's colon, or on deeper lines; undefined when there is nothing. */
function readValue(scan: Scan, column: number, holder: LeanMap): Node | undefined {
  const { text } = scan
  while (text.charCodeAt(scan.at) === SPACE) scan.at++
  const c = text.charCodeAt(scan.at)
  const after = scan.at
  if (c !== NEWLINE && c !== HASH && after < text.length) return readInline(scan, column, holder)
  const comments = scan.comments.length
  endLine(scan)
  if (scan.column >= column && isDash(scan)) return readSeq(scan, holder)
  if (scan.column > column)
    return isFlow(scan) || !isKey(scan) ? readInline(scan, column, holder) : readMap(scan, holder)
  // `compose` counts comments after a missing value as a part of it, which matters at the end of a map.
  if (scan.comments.length > comments && scan.column !== column) throw NOT_PLAIN
  scan.end = after
  return undefined
}

/** A value on the line at hand, which must not go on below. */
function readInline(scan: Scan, column: number, holder: Holder): Node {
  const made = isFlow(scan) ? readFlow(scan, holder) : readScalar(scan, holder, false)
  endLine(scan)
  if (scan.column > column || scan.comment > column) throw NOT_PLAIN
  return made
}

/** `[…]` or `{…}` on one line. */
function readFlow(scan: Scan, parent: Holder): LeanMap | LeanSeq {
  if (++scan.depth > MAX_DEPTH) throw NOT_PLAIN
  const start = scan.at
  const isList = scan.text.charCodeAt(start) === OPEN_LIST
  scan.at++
  skipSpaces(scan)
  const made = isList ? new LeanSeq(parent, start, true) : new LeanMap(parent, start, true)
  if (made.kind === 'seq') readFlowItems(scan, made)
  else readFlowEntries(scan, made)
  made.end = ++scan.at
  scan.depth--
  return made
}

function readFlowItems(scan: Scan, made: LeanSeq): void {
  if (scan.text.charCodeAt(scan.at) === CLOSE_LIST) return
  const from = scan.items.length
  do {
    const item = readFlowValue(scan, made)
    scan.items.push(item)
  } while (isNext(scan, CLOSE_LIST))
  made.items = take(scan.items, from)
}

function readFlowEntries(scan: Scan, made: LeanMap): void {
  if (scan.text.charCodeAt(scan.at) === CLOSE_MAP) return
  const from = scan.entries.length
  const names = new Names(scan.entries, from)
  do {
    const key = readScalar(scan, made, true)
    if (scan.text.charCodeAt(scan.at) !== COLON || scan.text.charCodeAt(scan.at + 1) !== SPACE) throw NOT_PLAIN
    scan.at++
    skipSpaces(scan)
    const value = readFlowValue(scan, made)
    names.add(key, value)
  } while (isNext(scan, CLOSE_MAP))
  made.entries = take(scan.entries, from)
}

function readFlowValue(scan: Scan, holder: Holder): Node {
  return isFlow(scan) ? readFlow(scan, holder) : readScalar(scan, holder, true)
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

/** The entries of one map, of which no two may have the same name; a set of names is made when there are many. */
class Names {
  declare private readonly entries: MapEntry[]
  declare private readonly from: number
  private many: Set<string> | undefined

  constructor(entries: MapEntry[], from: number) {
    this.entries = entries
    this.from = from
  }

  add(key: LeanScalar, value: Node | undefined): void {
    const name = leanName(key)
    if (name === undefined || this.has(name)) throw NOT_PLAIN
    this.many?.add(name)
    this.entries.push(new LeanEntry(key, name, value))
  }

  private has(name: string): boolean {
    const { entries, from } = this
    if (entries.length - from === FEW) this.many = new Set(entries.slice(from).map(e => e.name))
    if (this.many) return this.many.has(name)
    for (let i = from; i < entries.length; i++) if (entries[i]?.name === name) return true
    return false
  }
}

/** A scalar on one line. */
function readScalar(scan: Scan, parent: Holder, flow: boolean): LeanScalar {
  const start = scan.at
  const c = scan.text.charCodeAt(start)
  const style = c === DOUBLE ? 'double' : c === SINGLE ? 'single' : 'plain'
  const end = skipScalar(scan, flow)
  const text = style === 'plain' ? scan.text.slice(start, end) : scan.text.slice(start + 1, end - 1)
  const known = knownScalar(text, style)
  if (!known) throw NOT_PLAIN
  return new LeanScalar(parent, start, end, known)
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
