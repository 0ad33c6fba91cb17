// Reads YAML in plain block style, as nearly all of it is written, several times faster than the exact reader does; leaves the rest to it.

import type { Document } from './file.ts'
import type { MapEntry, MapNode, Node, ScalarNode, ScalarStyle, SeqNode, Span } from './node.ts'
import { hasVariable } from './template.ts'
import { keyName, resolvePlain } from './yaml11.ts'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
type Holder = MapNode | SeqNode

/** Thrown, and caught here, where the text is more than plain block style. */
const NOT_PLAIN = new Error('not plain')
/** Deeper nesting is left to the library, which knows its end. */
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
  /** Where reading goes on: at the first character of a line's content after `nextLine`. */
  at: number
  /** The column of that content; -1 at the end of the text. */
  column: number
  /** The column of the deepest comment between the last value and here; -1 when there is none. */
  comment: number
  /** Where the last value ends as the library sees it: with its line, for a missing value after the colon. */
  end: number
  depth: number
}

/** The document of a text in plain block style; undefined for every other text. What it gives is what `compose` gives. */
export function readPlain(text: string): Document | undefined {
  if (UNUSUAL.test(text)) return undefined
  const scan: Scan = { text, comments: [], at: 0, column: 0, comment: -1, end: 0, depth: 0 }
  try {
    nextLine(scan)
    if (scan.column === 0 && text.startsWith('---', scan.at)) {
      scan.at += 3
      endLine(scan)
    }
    if (scan.column < 0) return undefined
    const root = readMap(scan, undefined)
    return scan.column < 0 ? { text, root, errors: [], templated: false, comments: scan.comments } : undefined
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

function readMap(scan: Scan, parent: Holder | undefined): MapNode {
  if (++scan.depth > MAX_DEPTH) throw NOT_PLAIN
  const { column } = scan
  const entries: MapEntry[] = []
  const span = { start: scan.at, end: scan.at }
  const made: MapNode = { kind: 'map', span, parent, flow: false, entries, duplicates: [] }
  const seen = seenNames()
  do {
    const key = readScalar(scan, made, false)
    if (scan.text.charCodeAt(scan.at) !== COLON || !isBlank(scan, scan.at + 1)) throw NOT_PLAIN
    scan.at++
    const value = readValue(scan, column, made)
    entries.push(entryOf(key, value, entries, seen))
  } while (scan.column === column && !isDash(scan))
  close(scan, column, span)
  return made
}

/** A block list, whose first dash is at hand. */
function readSeq(scan: Scan, parent: Holder): SeqNode {
  if (++scan.depth > MAX_DEPTH) throw NOT_PLAIN
  const { column } = scan
  const items: Node[] = []
  const span = { start: scan.at, end: scan.at }
  const made: SeqNode = { kind: 'seq', span, parent, flow: false, items }
  do items.push(readItem(scan, column, made))
  while (scan.column === column && isDash(scan))
  close(scan, column, span)
  return made
}

/** Leaves a collection. Comments as deep as it stay in it: it ends before them, but what holds it ends behind them. */
function close(scan: Scan, column: number, span: { end: number }): void {
  if (scan.column > column) throw NOT_PLAIN
  span.end = scan.end
  scan.depth--
  if (column === 0 || scan.comment < column) return
  scan.comment = -1
  scan.end = scan.at
}

function readItem(scan: Scan, column: number, holder: SeqNode): Node {
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
function readValue(scan: Scan, column: number, holder: MapNode): Node | undefined {
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
  // The library counts comments after a missing value as a part of it, which matters at the end of a map.
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
function readFlow(scan: Scan, parent: Holder): MapNode | SeqNode {
  if (++scan.depth > MAX_DEPTH) throw NOT_PLAIN
  const isList = scan.text.charCodeAt(scan.at) === OPEN_LIST
  const span = { start: scan.at, end: scan.at }
  scan.at++
  skipSpaces(scan)
  const made = isList ? readFlowList(scan, span, parent) : readFlowMap(scan, span, parent)
  span.end = ++scan.at
  scan.depth--
  return made
}

function readFlowList(scan: Scan, span: Span, parent: Holder): SeqNode {
  const items: Node[] = []
  const made: SeqNode = { kind: 'seq', span, parent, flow: true, items }
  if (scan.text.charCodeAt(scan.at) === CLOSE_LIST) return made
  do items.push(readFlowValue(scan, made))
  while (isNext(scan, CLOSE_LIST))
  return made
}

function readFlowMap(scan: Scan, span: Span, parent: Holder): MapNode {
  const entries: MapEntry[] = []
  const made: MapNode = { kind: 'map', span, parent, flow: true, entries, duplicates: [] }
  if (scan.text.charCodeAt(scan.at) === CLOSE_MAP) return made
  const seen = seenNames()
  do {
    const key = readScalar(scan, made, true)
    if (scan.text.charCodeAt(scan.at) !== COLON || scan.text.charCodeAt(scan.at + 1) !== SPACE) throw NOT_PLAIN
    scan.at++
    skipSpaces(scan)
    entries.push(entryOf(key, readFlowValue(scan, made), entries, seen))
  } while (isNext(scan, CLOSE_MAP))
  return made
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

/** The names of a map; the set is made when there are many. */
function seenNames(): { names: Set<string> | undefined } {
  return { names: undefined }
}

function entryOf(
  key: ScalarNode,
  value: Node | undefined,
  entries: readonly MapEntry[],
  seen: { names: Set<string> | undefined },
): MapEntry {
  const name = key.style === 'plain' ? keyName(key.value, key.float === true) : key.text
  if (key.unknown || name === undefined || (name === '<<' && key.style === 'plain')) throw NOT_PLAIN
  if (entries.length === FEW) seen.names = new Set(entries.map(e => e.name))
  const again = seen.names ? seen.names.has(name) : entries.some(e => e.name === name)
  if (again) throw NOT_PLAIN
  seen.names?.add(name)
  const { start, end } = key.span
  return { key, name, value, span: { start, end: value && value.span.end > end ? value.span.end : end } }
}

const STYLES: Readonly<Record<number, ScalarStyle>> = { [DOUBLE]: 'double', [SINGLE]: 'single' }

/** A scalar on one line. */
function readScalar(scan: Scan, parent: Holder, flow: boolean): ScalarNode {
  const start = scan.at
  const style = STYLES[scan.text.charCodeAt(start)] ?? 'plain'
  const end = skipScalar(scan, flow)
  const text = style === 'plain' ? scan.text.slice(start, end) : scan.text.slice(start + 1, end - 1)
  const unknown = hasVariable(text)
  const made: Mutable<ScalarNode> = {
    kind: 'scalar',
    span: { start, end },
    parent,
    style,
    value: text,
    text,
    unknown,
  }
  if (unknown || style !== 'plain') return made
  const resolved = resolvePlain(text)
  if (resolved.invalid) throw NOT_PLAIN
  made.value = resolved.value
  if (resolved.float) made.float = true
  return made
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
  if (/[A-Za-z0-9_./$+(^~<=;]/.test(character)) CLASS[c] = 1 | 2 | 4
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
