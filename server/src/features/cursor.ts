// Where the cursor is: the document is read again with a marker in it, so that half-typed text has a place in the tree.

import type { Document, File } from '../syntax/file.ts'
import type { MapNode, Node, ScalarNode, SeqNode } from '../syntax/node.ts'
import { parseDocument } from '../syntax/parse.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import { type At, documentAt, offsetAt } from './convert.ts'
import { type Token, tokenAt } from './token.ts'
import { findSpot, MARK, type Path, type Spot, spotAt } from './tree.ts'

/** One way to understand the cursor's place: what could be written there and still be YAML. */
export interface Reading {
  /** A key of the map `holder`, a value, or an item of a list that needs its dash first. */
  readonly as: 'key' | 'value'
  /** A dash must be inserted before it. */
  readonly dash: boolean
  /** Where the text begins: the token's start, or left of it where only a smaller indentation fits. */
  readonly start: number
  /** Blanks to insert before it, where only a larger indentation fits. */
  readonly pad: number
  /** The document with the marker in it. */
  readonly document: Document
  readonly marker: ScalarNode
  /** Of a key: the path of its map. Of a value: the path of the value. From the root of the document. */
  readonly path: Path
  readonly holder: MapNode | SeqNode | undefined
  readonly holders: readonly (MapNode | SeqNode)[]
  /** Read from the text before the cursor only, as what follows does not fit. */
  readonly cut: boolean
}

/** A place in a file and all ways to read it. */
export interface Cursor {
  readonly snapshot: Snapshot
  readonly file: File
  /** The document as it is, and where it starts in the file. */
  readonly document: Document
  readonly start: number
  /** Offset in the document. */
  readonly offset: number
  readonly token: Token
  readonly readings: readonly Reading[]
}

/** Documents beyond this are not read again for one keystroke. */
const LIMIT = 400_000

/** The cursor at a position; undefined in an unknown file, in a comment and inside a block of text. */
export function cursorAt(snapshot: Snapshot, at: At): Cursor | undefined {
  const file = snapshot.files.get(at.uri)
  if (!file) return undefined
  const place = offsetAt(file, at.position)
  const owner = documentAt(file, place)
  if (!owner || owner.document.text.length > LIMIT || isBeyondReading(owner.document)) return undefined
  const { document, start } = owner
  const offset = place - start
  const token = tokenAt(document.text, offset, beginsInFlow(document, offset))
  if (!token) return undefined
  return { snapshot, file, document, start, offset, token, readings: readingsOf(document.text, token) }
}

function isBeyondReading(document: Document): boolean {
  return document.errors.some(e => e.code === 'yaml-too-deep' || e.code === 'yaml-alias-bomb')
}

/** Whether the line of the offset begins inside brackets. */
function beginsInFlow(document: Document, offset: number): boolean {
  const { text } = document
  const line = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1
  const spot = spotAt(document, line)
  const holders = spot ? [...spot.holders, spot.node] : []
  return holders.some(n => n.kind !== 'scalar' && n.flow && n.span.start < line && line < n.span.end)
}

interface Attempt {
  readonly as: 'key' | 'value'
  readonly dash: boolean
  readonly text: string
}

function readingsOf(text: string, token: Token): Reading[] {
  const whole = accepted(text, token, false)
  if (whole.length > 0 || token.after === 'colon' || token.after === 'flow') return whole
  const shifted = token.after === 'indent' ? indented(text, token) : []
  return shifted.length > 0 ? shifted : accepted(text.slice(0, token.line.end), token, true)
}

/** Where nothing fits at the column of the cursor: what fits at the columns of the next line, and at those to the left in use above. */
function indented(text: string, token: Token): Reading[] {
  if (insideText(text, token)) return []
  const column = token.start - token.line.start
  const above = new Set(linesAbove(text, token).flatMap(columnsOf))
  const left = [...above].filter(c => c < column).sort((a, b) => b - a)
  for (const c of [...columnsOf(nextLine(text, token)), ...left.slice(0, 3)]) {
    const found = c < column ? outdented(text, token, c) : deepened(text, token, c - column)
    if (found.length > 0) return found
  }
  return []
}

/** The next line that holds something. */
export function nextLine(text: string, token: Token): string {
  const rest = text.slice(token.line.end)
  return /^[^\S\r\n]*[^\s#].*$/m.exec(rest)?.[0] ?? ''
}

/** Where something begins on a line: behind its blanks, and behind each dash. */
function columnsOf(line: string): number[] {
  const columns: number[] = []
  for (let at = line.search(/\S/); at !== -1; at += 2) {
    columns.push(at)
    if (!line.startsWith('- ', at)) break
  }
  return columns
}

function outdented(text: string, token: Token, column: number): Reading[] {
  return accepted(text, { ...token, start: token.line.start + column }, false)
}

function deepened(text: string, token: Token, pad: number): Reading[] {
  const { start, line } = token
  const padded = text.slice(0, start) + ' '.repeat(pad) + text.slice(start)
  const moved = { ...token, start: start + pad, end: token.end + pad, line: { ...line, end: line.end + pad } }
  return pad === 0 ? [] : accepted(padded, moved, false).map(reading => ({ ...reading, start, pad }))
}

/** Whether a word here is part of a longer text, of several lines or in a block. */
function insideText(text: string, token: Token): boolean {
  const document = parseDocument(text.slice(0, token.start) + MARK + text.slice(token.end))
  return (
    findSpot(document.root, node => node.text.includes(MARK) && (!node.text.startsWith(MARK) || isBlock(node))) !==
    undefined
  )
}

/** The lines above that hold something. */
function linesAbove(text: string, token: Token): string[] {
  return text
    .slice(0, token.line.start)
    .split(/\r\n|\r|\n/)
    .filter(line => /^\s*[^\s#]/.test(line))
}

/** The attempts that make no more syntax errors than the text without the word has. */
function accepted(text: string, token: Token, cut: boolean): Reading[] {
  let blank: number | undefined
  const most = () => {
    blank ??= parseDocument(text.slice(0, token.start) + text.slice(token.end)).errors.length
    return blank
  }
  const found: Reading[] = []
  for (const attempt of attempts(text, token)) {
    for (const tail of tails(text, token)) {
      const marked = text.slice(0, token.start) + attempt.text + tail
      const reading = readMarked(marked, { ...attempt, start: token.start }, { cut, most })
      if (!reading) continue
      found.push(reading)
      break
    }
  }
  return found
}

function attempts(text: string, token: Token): Attempt[] {
  const lead = token.glued ? ' ' : ''
  const value: Attempt = { as: 'value', dash: false, text: lead + MARK }
  if (token.colon) return [{ ...value, as: 'key' }]
  if (token.after === 'colon') return [value]
  const body = token.word !== '' && nextLine(text, token).search(/\S/) > token.start - token.line.start
  const key: Attempt = { as: 'key', dash: false, text: `${lead}${MARK}:${body ? '' : ' ~'}` }
  if (token.after !== 'indent') return [key, value]
  const fits = fitting(text, token)
  if (fits === 'flow') return [key, value]
  const item: Attempt = { as: 'value', dash: true, text: `- ${MARK}` }
  return [...(fits.key ? [key] : []), ...(fits.item ? [{ ...key, dash: true, text: `- ${MARK}: ~` }, item] : [])]
}

/** Whether a key, or an item with its dash, can begin on the token's line, judged by the lines above it. */
function fitting(text: string, token: Token): { key: boolean; item: boolean } | 'flow' {
  const column = token.start - token.line.start
  const lines = linesAbove(text, token)
  const last = lines.at(-1)
  if (last === undefined || last.startsWith('---') || /:(?:\s+[&!]\S*)?\s*(?:#.*)?$/.test(last))
    return { key: true, item: true }
  if (/[,[{]\s*$/.test(last)) return 'flow'
  const outer = lines.findLastIndex(line => line.search(/\S/) <= column)
  const sibling = lines[outer]
  if (sibling?.search(/\S/) !== column || !/^\s*-(?:\s|$)/.test(sibling)) return { key: true, item: false }
  const parent = lines.slice(0, outer).findLast(line => line.search(/\S/) <= column && !/^\s*-(?:\s|$)/.test(line))
  return { key: parent?.search(/\S/) === column, item: true }
}

/** What follows the word: as it is, behind a comma in brackets, and with the brackets closed that this line leaves open. */
function tails(text: string, token: Token): string[] {
  const rest = text.slice(token.end)
  const found = token.after === 'flow' ? [rest, `,${rest}`] : [rest]
  if (token.brackets === '') return found
  const close = [...token.brackets].reverse().map(open => (open === '[' ? ']' : '}'))
  return [...found, close.join('') + text.slice(token.line.end)]
}

function readMarked(
  text: string,
  attempt: Attempt & { start: number },
  limit: { cut: boolean; most: () => number },
): Reading | undefined {
  const document = parseDocument(text)
  const spot = findSpot(document.root, node => node.text === MARK)
  if (!spot || spot.key !== (attempt.as === 'key') || isBlock(spot.node)) return undefined
  if (document.errors.length > 0 && document.errors.length > limit.most()) return undefined
  return toReading(document, spot, { ...attempt, cut: limit.cut })
}

function isBlock(node: Node): boolean {
  return node.kind === 'scalar' && (node.style === 'literal' || node.style === 'folded')
}

function toReading(
  document: Document,
  spot: Spot,
  how: { as: 'key' | 'value'; dash: boolean; start: number; cut: boolean },
): Reading {
  const { node, holders, path } = spot
  return {
    as: how.as,
    dash: how.dash,
    start: how.start,
    pad: 0,
    cut: how.cut,
    document,
    marker: node as ScalarNode,
    path: spot.key ? path.slice(0, -1) : path,
    holder: holders.at(-1),
    holders,
  }
}
