// Reads YAML in plain block style, as nearly all of it is written, several times faster than the exact reader does; leaves the rest to it.

import { trimmed } from '../memo.ts'
import type { Document } from './file.ts'
import { builder, type Names } from './flat.ts'
import {
  CLOSE_LIST,
  CLOSE_MAP,
  COLON,
  COMMA,
  DASH,
  HASH,
  isBlank,
  NEWLINE,
  NOT_PLAIN,
  OPEN_LIST,
  OPEN_MAP,
  readText,
  type Scan,
  SPACE,
  skipScalar,
} from './plainScalar.ts'
import { findSnippet, isWorthwhile, keepSnippet, LONG_ITEM } from './snippets.ts'

/** Deeper nesting is left to `compose`, which knows its end. */
const MAX_DEPTH = 100

/** Tabs, carriage returns, marks, templates and whatever Unicode says of lines and blanks. */
const UNUSUAL =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\u0000-\u0009\u000b-\u001f\u007f-\u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ud800-\udfff\ufeff\ufff0-\uffff]|\{\{/

/** The document of a text in plain block style; undefined for every other text. What it gives is what `compose` gives. */
export function readPlain(text: string): Document | undefined {
  if (UNUSUAL.test(text)) return undefined
  const scan: Scan = { text, comments: [], at: 0, column: 0, comment: -1, end: 0, depth: 0, isInList: false }
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
  const { isInList } = scan
  const read = isInList ? readItem : readOrCopyItem
  scan.isInList = true
  do read(scan, column, made)
  while (scan.column === column && isDash(scan))
  scan.isInList = isInList
  close(scan, column, made)
}

/** An item of an outermost list: a copy of one that was read before, where it is the same. */
function readOrCopyItem(scan: Scan, column: number, holder: number): void {
  const start = scan.at
  const end = isWorthwhile() ? itemEnd(scan, column) : -1
  if (end < 0 || end - start > LONG_ITEM || scan.depth > SHALLOW) {
    readItem(scan, column, holder)
    return
  }
  const words = scan.text.slice(start, end)
  const snippet = findSnippet(words, column)
  if (snippet && skipItem(scan, column, end)) {
    builder.paste(snippet.cut, start, holder)
    scan.end = start + snippet.end
    return
  }
  const comments = scan.comments.length
  const first = builder.count
  readItem(scan, column, holder)
  // Comments in it have to be read again, deep ones behind it move its end, and a deeper line is none of it.
  const isWhole = (scan.comments[comments]?.start ?? end) >= end && scan.end <= end && scan.column <= column
  if (!snippet && isWhole && builder.count - first < FEW)
    keepSnippet(words, column, { cut: builder.cut(first, start), end: scan.end - start })
}

/** So deep a list of the outermost ones may stand, and so many nodes an item may have, that `MAX_DEPTH` is far. */
const SHALLOW = 10
const FEW = MAX_DEPTH - SHALLOW

/** Where the lines of an item end that begins at hand: before a blank line or one that is not deeper; -1 when a comment comes first. */
function itemEnd({ text, at }: Scan, column: number): number {
  for (let newline = text.indexOf('\n', at); newline !== -1; newline = text.indexOf('\n', newline + 1)) {
    const start = newline + 1
    let i = start
    while (text.charCodeAt(i) === SPACE) i++
    const c = text.charCodeAt(i)
    if (i - start <= column || c === NEWLINE || i >= text.length) return start
    if (c === HASH) return -1
  }
  return text.length
}

/** Goes to the line after an item; false, and back, where the lines at its end may belong to it. */
function skipItem(scan: Scan, column: number, end: number): boolean {
  const before = { at: scan.at, column: scan.column, comment: scan.comment }
  const comments = scan.comments.length
  scan.at = end
  nextLine(scan)
  if (scan.column <= column && scan.comment <= column) return true
  Object.assign(scan, before)
  scan.comments.length = comments
  return false
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

/** A scalar on one line. */
function readScalar(scan: Scan, holder: number, flow: boolean): void {
  const start = scan.at
  const known = readText(scan, flow)
  builder.scalar(start, scan.at, { holder, known })
}
