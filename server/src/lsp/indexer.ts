// Reads the workspace: finds its files, looks at each text before parsing it, and never holds the event loop for long.

import type { File } from '../syntax/file.ts'
import { parseFile } from '../syntax/parse.ts'
import { mayMatter } from '../workspace/relevance.ts'
import { inOrder, withFile } from '../workspace/snapshot.ts'
import type { Runtime } from './runtime.ts'
import { belongs, isExcluded, isSkipped, type Session } from './session.ts'
import { fileName } from './uri.ts'

/** Milliseconds of parsing after which the event loop has its turn. */
const SLICE = 15

/** Texts longer than this hold data, not policies; parsing them would take longer than anyone waits. */
const MAX_LENGTH = 8_000_000

export type Progress = (read: number) => void

/**
 * Reads all files of the workspace folders anew and puts them into the snapshot, all at once when they are there; files whose
 * text is as before keep what is remembered of them. Resolves when done.
 */
export async function indexWorkspace(session: Session, runtime: Runtime, progress: Progress): Promise<void> {
  const { folders, snapshot } = session.get()
  const found = new Map<string, File>()
  /** Open files: the editor's text counts, so the one on disk need not be read. */
  const open = new Set<string>()
  let until = runtime.now() + SLICE
  for (const folder of folders) {
    const skip = (path: string) => isSkipped(session.get().snapshot.settings.files.exclude, path)
    for await (const uris of runtime.list(folder, skip)) {
      const names = uris.map(listed => session.keyOf(listed))
      for (const uri of names) if (session.get().open.has(uri)) open.add(uri)
      const texts = await Promise.all(names.map((uri, i) => (open.has(uri) ? undefined : runtime.read(uris[i] ?? uri))))
      for (const [i, uri] of names.entries()) {
        const file = isExcluded(session.get(), uri) ? undefined : readText(session, uri, texts[i])
        if (file) found.set(uri, file)
        if (runtime.now() < until) continue
        progress(found.size)
        await new Promise<void>(resolve => runtime.defer(resolve))
        until = runtime.now() + SLICE
      }
    }
  }
  session.update(state => {
    const files = new Map(found)
    // What was read anew meanwhile is newer, and what was there and is gone was removed.
    for (const [uri, file] of state.snapshot.files)
      if (file !== snapshot.files.get(uri) && belongs(state, uri)) files.set(uri, file)
    for (const uri of snapshot.files.keys()) if (!state.snapshot.files.has(uri)) files.delete(uri)
    // One that was closed in the meantime is in the snapshot.
    for (const uri of open) {
      const file = state.snapshot.files.get(uri)
      if (file && !isExcluded(state, uri)) files.set(uri, file)
    }
    for (const [uri, file] of state.open) if (!isExcluded(state, uri)) files.set(uri, file)
    return { ...state, phase: 'ready', snapshot: { ...state.snapshot, files: inOrder(files) } }
  })
}

/** Reads one file again, after it was changed, made, removed or closed. An open file is the editor's: nothing happens. */
export async function rereadFile(session: Session, runtime: Runtime, uri: string): Promise<void> {
  if (session.get().open.has(uri)) return
  const text = belongs(session.get(), uri) ? await runtime.read(uri) : undefined
  session.update(state => {
    if (state.open.has(uri)) return state
    const file = readText(session, uri, text)
    if (!file && !state.snapshot.files.has(uri)) return state
    return { ...state, snapshot: withFile(state.snapshot, uri, file) }
  })
}

function readText(session: Session, uri: string, text: string | undefined): File | undefined {
  if (text === undefined || text.length > MAX_LENGTH || !mayMatter(text, fileName(uri))) return undefined
  return parseFile(uri, undefined, text, session.get().snapshot.files.get(uri))
}
