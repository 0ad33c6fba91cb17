// Which file a document stands in, among the workspace's files and the inventories' policies.

import { memo } from '../memo.ts'
import type { Document } from '../syntax/file.ts'
import type { Snapshot } from './snapshot.ts'

/** From each document to the URI of its file. */
export const inventoryDocuments: (snapshot: Snapshot) => ReadonlyMap<Document, string> = memo(snapshot => {
  const found = new Map<Document, string>()
  for (const inventory of snapshot.inventories)
    for (const file of inventory.policies) for (const d of file.documents) found.set(d, file.uri)
  for (const file of snapshot.files.values()) for (const d of file.documents) found.set(d, file.uri)
  return found
})

/** The folder of a file, with the slash at its end. */
export const folderOf = (uri: string): string => uri.slice(0, uri.lastIndexOf('/') + 1)
