// All files together, with what is known of the cluster and the settings: an immutable value.

import type { File } from '../syntax/file.ts'
import { noteDocuments } from './documents.ts'
import type { Inventory } from './inventory.ts'
import type { Settings } from './settings.ts'

/** Everything an answer may depend on. `files` are those of the workspace, by URI, in the order of `inOrder`. */
export interface Snapshot {
  readonly files: ReadonlyMap<string, File>
  /** What the inventory file and the live cluster say (not what the workspace's own manifests say: see `knowledge`). */
  readonly inventories: readonly Inventory[]
  readonly settings: Settings
}

/**
 * Files in one order, by their names, however editors spell them. Of two that say the same thing the last or the first one counts,
 * so an answer must not depend on which of them was opened, or written, first.
 */
export function inOrder(files: Iterable<readonly [string, File]>): Map<string, File> {
  const named = [...files].map(entry => ({ entry, name: nameOf(entry[0]) }))
  named.sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)))
  return new Map(named.map(({ entry }) => entry))
}

function nameOf(uri: string): string {
  if (!uri.includes('%')) return uri
  try {
    return decodeURIComponent(uri)
  } catch {
    return uri
  }
}

/** The snapshot with one file set or, for undefined, taken out. */
export function withFile(snapshot: Snapshot, uri: string, file: File | undefined): Snapshot {
  const isNew = file !== undefined && !snapshot.files.has(uri)
  const files = isNew ? inOrder([...snapshot.files, [uri, file]]) : new Map(snapshot.files)
  if (file) {
    files.set(uri, file)
    noteDocuments(file)
  } else files.delete(uri)
  return { ...snapshot, files }
}
