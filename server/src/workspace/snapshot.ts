// All files together, with what is known of the cluster and the settings: an immutable value.

import type { File } from '../syntax/file.ts'
import { noteDocuments } from './documents.ts'
import type { Inventory } from './inventory.ts'
import type { Settings } from './settings.ts'

/** Everything an answer may depend on. `files` are those of the workspace, by URI. */
export interface Snapshot {
  readonly files: ReadonlyMap<string, File>
  /** What the inventory file and the live cluster say (not what the workspace's own manifests say: see `knowledge`). */
  readonly inventories: readonly Inventory[]
  readonly settings: Settings
}

/** The snapshot with one file set or, for undefined, taken out. */
export function withFile(snapshot: Snapshot, uri: string, file: File | undefined): Snapshot {
  const files = new Map(snapshot.files)
  if (file) {
    files.set(uri, file)
    noteDocuments(file)
  } else files.delete(uri)
  return { ...snapshot, files }
}
