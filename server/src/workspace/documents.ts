// Which file a document stands in, among the workspace's files and the inventories' policies.

import { memo, stamped } from '../memo.ts'
import type { Document, File } from '../syntax/file.ts'
import { sameLists } from './lists.ts'
import type { Snapshot } from './snapshot.ts'

/** In which file a document was seen last: nearly always it is still there. */
const lastSeen = stamped((_document: Document): { file?: File } => ({}))

/** Notes where the documents of a file are to be found, so that nobody has to look for them. */
export function noteDocuments(file: File): void {
  for (const document of file.documents) lastSeen(document).file = file
}

/** The URI of a document's file. */
export function uriOf(snapshot: Snapshot, document: Document): string | undefined {
  const seen = lastSeen(document)
  const now = seen.file && snapshot.files.get(seen.file.uri)
  if (now && (now === seen.file || now.documents.includes(document))) {
    seen.file = now
    return now.uri
  }
  return inventoryDocuments(snapshot).get(document)
}

/** From each document to the URI of its file. */
export const inventoryDocuments: (snapshot: Snapshot) => ReadonlyMap<Document, string> = memo(snapshot => {
  const found = new Map<Document, string>()
  for (const inventory of snapshot.inventories)
    for (const file of inventory.policies) for (const d of file.documents) found.set(d, file.uri)
  for (const file of snapshot.files.values()) {
    for (const d of file.documents) found.set(d, file.uri)
    noteDocuments(file)
  }
  return found
})

const sameNames = sameLists<string>()

/** The URIs of all files: one list as long as no file comes or goes. */
const urisOf = memo((files: Snapshot['files']) => sameNames([...files.keys()]))

const byFolder = memo((uris: readonly string[]) => Map.groupBy(uris, folderOf))

/** The files in a folder, in their order. */
export const filesIn = (files: Snapshot['files'], folder: string): readonly File[] =>
  (byFolder(urisOf(files)).get(folder) ?? []).flatMap(uri => files.get(uri) ?? [])

const named = memo((uris: readonly string[]) => uris.filter(uri => /\/kustomization\.ya?ml$/i.test(uri)))

/** The files that kustomize reads. */
export const kustomizationFiles = (files: Snapshot['files']): readonly File[] =>
  named(urisOf(files)).flatMap(uri => files.get(uri) ?? [])

/** The folder of a file, with the slash at its end. */
export function folderOf(uri: string): string {
  return uri.slice(0, uri.lastIndexOf('/') + 1)
}
