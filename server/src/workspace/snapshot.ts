// All files together, with what is known of the cluster and the settings: an immutable value.

import type { File } from '../syntax/file.ts'
import { noteDocuments } from './documents.ts'
import type { Inventory } from './inventory.ts'
import type { Settings } from './settings.ts'

/** Everything an answer may depend on. `files` are those of the workspace, by URI, in the order of `byUri`. */
export interface Snapshot {
  readonly files: ReadonlyMap<string, File>
  /** What the inventory file and the live cluster say (not what the workspace's own manifests say: see `knowledge`). */
  readonly inventories: readonly Inventory[]
  readonly settings: Settings
}

/**
 * Which of two files comes first. Of two that say the same thing the last or the first one counts, so an answer must not depend on
 * which of them was opened, or written, first.
 */
export const byUri = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : Number(a > b)

/** The snapshot with one file set or, for undefined, taken out. */
export function withFile(snapshot: Snapshot, uri: string, file: File | undefined): Snapshot {
  const isNew = file !== undefined && !snapshot.files.has(uri)
  const files = new Map(isNew ? [...snapshot.files, [uri, file] as const].sort(byUri) : snapshot.files)
  if (file) {
    files.set(uri, file)
    noteDocuments(file)
  } else files.delete(uri)
  return { ...snapshot, files }
}
