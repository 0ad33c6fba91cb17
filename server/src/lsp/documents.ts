// Files open in the editor: opened, changed by increments, closed. A long text is read in slices, its beginning first.

import type { TextDocumentContentChangeEvent } from 'vscode-languageserver-protocol'
import type { File } from '../syntax/file.ts'
import { lineStarts, offsetAt, offsetIn, type Position } from '../syntax/lines.ts'
import { parseFile, prefixEnd } from '../syntax/parse.ts'
import { withFile } from '../workspace/snapshot.ts'
import { belongs, isExcluded, type LongText, type Session, type State } from './session.ts'

/** Characters that are read at once; reading them takes a small part of a second. */
const SLICE = 40_000

/** Characters of a long text that are read at first, before the problems in them go out. */
const BEGINNING = 20_000

/** A file is open: from now on the editor's text is what counts. */
export function opened(session: Session, uri: string, version: number, text: string): void {
  const before = session.rename(uri)
  if (before !== undefined)
    session.update(state => ({ ...state, snapshot: withFile(state.snapshot, before, undefined) }))
  const old = session.get().snapshot.files.get(uri)
  take(session, uri, { version, text }, old)
}

/** A text has changed. A file that was never opened is left alone. */
export function changed(
  session: Session,
  uri: string,
  version: number,
  changes: readonly TextDocumentContentChangeEvent[],
): void {
  const { open, reading } = session.get()
  const old = open.get(uri)
  if (!old) return
  const text = changes.reduce((before, change) => applyChange(before, change, old), reading.get(uri)?.text ?? old.text)
  take(session, uri, { version, text }, old)
}

/** Reads the next slice of a long text; whether there is more to read. */
export function readOn(session: Session, uri: string): boolean {
  const { reading, open } = session.get()
  const long = reading.get(uri)
  const old = open.get(uri)
  if (!long || !old) return false
  const end = prefixEnd(long.text, old.text.length + SLICE)
  put(session, uri, long, parseFile(uri, long.version, long.text.slice(0, end), old))
  return end < long.text.length
}

/** A file is closed: what is on disk counts again (the caller reads it), and what is no file of the workspace is forgotten. */
export function closed(session: Session, uri: string): void {
  session.update(state => {
    const open = new Map(state.open)
    const reading = new Map(state.reading)
    const file = open.get(uri)
    open.delete(uri)
    reading.delete(uri)
    const keep = belongs(state, uri) && file ? { ...file, version: undefined } : undefined
    return { ...state, open, reading, snapshot: withFile(state.snapshot, uri, keep) }
  })
}

/** Reads a text, or its beginning when it is long and little of it has been read before. */
function take(session: Session, uri: string, long: LongText, old: File | undefined): void {
  const { version, text } = long
  const known = old?.text.length ?? 0
  const end = text.length > known + SLICE ? prefixEnd(text, Math.max(known, BEGINNING)) : text.length
  put(session, uri, long, parseFile(uri, version, end === text.length ? text : text.slice(0, end), old))
}

function put(session: Session, uri: string, long: LongText, file: File): void {
  session.update(state => {
    const reading = new Map(state.reading)
    if (file.text.length < long.text.length) reading.set(uri, long)
    else reading.delete(uri)
    return { ...withOpen(state, uri, file), reading }
  })
}

function withOpen(state: State, uri: string, file: File): State {
  const open = new Map(state.open).set(uri, file)
  return { ...state, open, snapshot: isExcluded(state, uri) ? state.snapshot : withFile(state.snapshot, uri, file) }
}

function applyChange(text: string, change: TextDocumentContentChangeEvent, file: File): string {
  if (!('range' in change)) return change.text
  // Of the text that is read already the lines are known.
  const known = text === file.text ? undefined : lineStarts(text)
  const offset = (at: Position) => (known ? offsetIn(text, known, at) : offsetAt(file, at))
  const start = offset(change.range.start)
  const end = Math.max(start, offset(change.range.end))
  return text.slice(0, start) + change.text + text.slice(end)
}
