// Files open in the editor: opened, changed by increments, closed.

import type { TextDocumentContentChangeEvent } from 'vscode-languageserver-protocol'
import type { File } from '../syntax/file.ts'
import { offsetAt } from '../syntax/lines.ts'
import { parseFile } from '../syntax/parse.ts'
import { withFile } from '../workspace/snapshot.ts'
import { belongs, isExcluded, type Session, type State } from './session.ts'

/** A file is open: from now on the editor's text is what counts. */
export function opened(session: Session, uri: string, version: number, text: string): void {
  const before = session.rename(uri)
  if (before !== undefined) session.update(state => without(state, before))
  session.update(state => withOpen(state, uri, parseFile(uri, version, text, state.snapshot.files.get(uri))))
}

/** A text has changed. A file that was never opened is left alone. */
export function changed(
  session: Session,
  uri: string,
  version: number,
  changes: readonly TextDocumentContentChangeEvent[],
): void {
  const old = session.get().open.get(uri)
  if (!old) return
  const file = parseFile(uri, version, changes.reduce(applyChange, old.text), old)
  session.update(state => withOpen(state, uri, file))
}

/** A file is closed: what is on disk counts again (the caller reads it), and what is no file of the workspace is forgotten. */
export function closed(session: Session, uri: string): void {
  session.update(state => {
    const open = new Map(state.open)
    const file = open.get(uri)
    open.delete(uri)
    const keep = belongs(state, uri) && file ? { ...file, version: undefined } : undefined
    return { ...state, open, snapshot: withFile(state.snapshot, uri, keep) }
  })
}

function withOpen(state: State, uri: string, file: File): State {
  const open = new Map(state.open).set(uri, file)
  return { ...state, open, snapshot: isExcluded(state, uri) ? state.snapshot : withFile(state.snapshot, uri, file) }
}

function without(state: State, uri: string): State {
  return { ...state, snapshot: withFile(state.snapshot, uri, undefined) }
}

function applyChange(text: string, change: TextDocumentContentChangeEvent): string {
  if (!('range' in change)) return change.text
  const file: File = { uri: '', version: undefined, text, documents: [], starts: [] }
  const start = offsetAt(file, change.range.start)
  const end = Math.max(start, offsetAt(file, change.range.end))
  return text.slice(0, start) + change.text + text.slice(end)
}
