// Text to documents: cuts a file at `---` and parses the pieces, reusing the documents of pieces that did not change.

import { NONE, trimmed } from '../memo.ts'
import { commentsOf } from './actions.ts'
import { compose, MAX_LENGTH } from './compose.ts'
import type { Document, File } from './file.ts'
import type { Span } from './node.ts'
import { readPlain } from './plain.ts'

/**
 * Reads a file. Pieces of `old` that are still there keep their Document objects, so that whatever was remembered of
 * them holds. Never throws: what cannot be read is in the documents' errors.
 */
export function parseFile(uri: string, version: number | undefined, text: string, old?: File): File {
  if (old && old.text === text) return { ...old, uri, version }
  const starts = cut(text)
  const pieces = starts.map((start, i) => text.slice(start, starts[i + 1] ?? text.length))
  const known = reusable(pieces, old)
  const documents = pieces.map((piece, i) => known[i] ?? parseDocument(piece))
  return { uri, version, text, documents, starts }
}

/** Reads a file of any length, as an inventory may have. */
export function parseWhole(uri: string, text: string): File {
  const starts = cut(text)
  const documents = starts.map((start, i) => read(text.slice(start, starts[i + 1] ?? text.length), Infinity))
  return { uri, version: undefined, text, documents, starts }
}

/** Where a prefix of about that length ends: before a document of the text, or at its end. */
export function prefixEnd(text: string, length: number): number {
  const next = text.indexOf('\n---', length)
  return next === -1 ? text.length : next + 1
}

/** Reads one piece of text as one document. */
export function parseDocument(text: string): Document {
  return read(text, MAX_LENGTH)
}

function read(text: string, limit: number): Document {
  const plain = text.length > limit ? undefined : readPlain(text)
  return plain ?? compose(text, limit)
}

/** Offsets at which documents start: 0, and each line that begins with `---`, but for those in comments of a template. */
function cut(text: string): readonly number[] {
  const starts = [0, ...jsonStarts(text)]
  let comments: readonly Span[] | undefined
  let passed = 0
  if (/^%/m.test(text) && /^%[A-Z]/.test(text.trimStart())) return starts
  for (let i = text.indexOf('---'); i !== -1; i = text.indexOf('---', i + 3)) {
    const before = text[i - 1]
    const after = text[i + 3]
    const lineStart = i === 0 || before === '\n' || before === '\r' || (i === 1 && before === '\uFEFF')
    if (!lineStart || !(after === undefined || ' \t\r\n'.includes(after))) continue
    comments ??= commentsOf(text)
    while ((comments[passed]?.end ?? text.length) <= i) passed++
    if ((comments[passed]?.start ?? i) < i) continue
    const head = text.slice(starts.at(-1), i)
    if (starts.length === 1 && isBlank(head)) continue
    starts.push(i)
  }
  return trimmed(starts)
}

/** A JSON object, and a line on which another begins. */
const STREAM = /\}[^\S\r\n]*(?:\r\n|\r|\n)\s*\{\s*"/

/** Where in a stream of JSON objects, as `jq '.items[]'` writes, those after the first begin: kubectl creates them all (YAMLOrJSONDecoder). */
function jsonStarts(text: string): readonly number[] {
  if (!/^\uFEFF?\s*\{\s*"/.test(text) || !STREAM.test(text)) return NONE
  const starts: number[] = []
  let depth = 0
  let closed = false
  let line = 0
  for (let i = 0; i < text.length; i++) {
    const c = text[i]
    if (c === '"') i = endOfString(text, i)
    else if (c === '\n' || c === '\r') line = i + 1
    else if (c === '{') {
      if (depth === 0 && closed && text.slice(line, i).trim() === '') starts.push(line)
      depth++
    } else if (c === '}') closed = --depth === 0
    else if (depth === 0 && c?.trim() !== '' && c !== '\uFEFF') break
  }
  return starts
}

/** The offset of the closing quote. */
function endOfString(text: string, start: number): number {
  let i = start + 1
  while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1
  return i
}

/** Nothing but blank lines and comments before the first `---`: it belongs to the first document. */
function isBlank(head: string): boolean {
  return !/(?:^|[\r\n])[^\S\r\n]*[^\s#]/.test(head)
}

/** Documents of the old file that can stay, matched from both ends. */
function reusable(pieces: readonly string[], old: File | undefined): (Document | undefined)[] {
  const known: (Document | undefined)[] = new Array(pieces.length).fill(undefined)
  if (!old) return known
  let head = 0
  while (head < pieces.length && old.documents[head]?.text === pieces[head]) {
    known[head] = old.documents[head]
    head++
  }
  for (let k = 1; k <= pieces.length - head && k <= old.documents.length - head; k++) {
    const document = old.documents[old.documents.length - k]
    if (document?.text !== pieces[pieces.length - k]) break
    known[pieces.length - k] = document
  }
  return known
}
