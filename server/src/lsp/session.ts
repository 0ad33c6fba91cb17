// The one variable of the server: what is known now. Everything else is computed from it.

import type { File } from '../syntax/file.ts'
import { matchesAny } from '../workspace/glob.ts'
import type { Inventory } from '../workspace/inventory.ts'
import { DEFAULTS } from '../workspace/settings.ts'
import { type Snapshot, withFile } from '../workspace/snapshot.ts'
import { canonical, pathBelow } from './uri.ts'

/** What is known now: an immutable value, replaced as a whole. */
export interface State {
  readonly snapshot: Snapshot
  /** Files open in the editor, by URI as the editor spells it. Those that are excluded are in no snapshot but `view`'s. */
  readonly open: ReadonlyMap<string, File>
  /** Texts of open files that are long and not wholly read yet: `open` has the beginning of them. */
  readonly reading: ReadonlyMap<string, LongText>
  /** URIs of the workspace folders. */
  readonly folders: readonly string[]
  /** What the inventory file and the cluster say, where there are such. */
  readonly sources: { readonly file?: Inventory; readonly cluster?: Inventory }
  /** URI of the inventory file, when one is set. */
  readonly inventoryFile: string | undefined
  /** `reading`: the settings are known; `ready`: all files are, and answers that need them are right from now on. */
  readonly phase: 'starting' | 'reading' | 'ready'
}

export interface LongText {
  readonly version: number
  readonly text: string
}

export interface Session {
  get(): State
  update(change: (state: State) => State): void
  /** The spelling under which a file is known: the editor's where the editor has named it, else the first one seen. */
  keyOf(uri: string): string
  /** Makes this spelling the one; returns the one before when it was another. */
  rename(uri: string): string | undefined
}

/** A session that knows nothing yet. */
export function createSession(): Session {
  let state: State = {
    snapshot: { files: new Map(), inventories: [], settings: DEFAULTS },
    open: new Map(),
    reading: new Map(),
    folders: [],
    sources: {},
    inventoryFile: undefined,
    phase: 'starting',
  }
  const names = new Map<string, string>()
  return {
    get: () => state,
    update: change => {
      state = change(state)
    },
    keyOf: uri => {
      const name = canonical(uri)
      const known = names.get(name)
      if (known === undefined) names.set(name, uri)
      return known ?? uri
    },
    rename: uri => {
      const name = canonical(uri)
      const before = names.get(name)
      names.set(name, uri)
      return before === uri ? undefined : before
    },
  }
}

/** The snapshot in which this file is, also when it is open but excluded. */
export function view(state: State, uri: string): Snapshot {
  const file = state.open.get(uri)
  return file && !state.snapshot.files.has(uri) ? withFile(state.snapshot, uri, file) : state.snapshot
}

const READ = /\.(?:ya?ml|json)$/i

/** Whether a file is one of the workspace's: below a folder, of a name that is read, not excluded. */
export function belongs(state: State, uri: string): boolean {
  return READ.test(uri) && state.folders.some(folder => pathBelow(folder, uri) !== undefined) && !isExcluded(state, uri)
}

/** Whether a file below a workspace folder is not to be read as part of it. */
export function isExcluded(state: State, uri: string): boolean {
  if (state.inventoryFile !== undefined && canonical(state.inventoryFile) === canonical(uri)) return true
  for (const folder of state.folders) {
    const path = pathBelow(folder, uri)
    if (path !== undefined && isSkipped(state.snapshot.settings.files.exclude, path)) return true
  }
  return false
}

/** Whether a path below a folder is left out: `.git`, `node_modules`, or a glob of the settings. */
export function isSkipped(globs: readonly string[], path: string): boolean {
  return /(?:^|\/)(?:\.git|node_modules)(?:\/|$)/.test(path) || matchesAny(globs, path)
}

/** The state with another inventory of the file or the cluster; undefined takes it out. */
export function withSource(state: State, source: 'file' | 'cluster', inventory: Inventory | undefined): State {
  const sources = { ...state.sources, [source]: inventory }
  const inventories = [sources.cluster, sources.file].filter(i => i !== undefined)
  return { ...state, sources, snapshot: { ...state.snapshot, inventories } }
}
