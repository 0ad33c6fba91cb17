// Which files are patches of a kustomization: parts of objects, that mean something only when merged into others.

import { memo, stamped } from '../memo.ts'
import type { File } from '../syntax/file.ts'
import { get, items, str } from '../syntax/node.ts'
import { kustomizationFiles } from './documents.ts'
import type { Snapshot } from './snapshot.ts'

/** Whether a kustomization of the workspace names the file as a patch. */
export function isPatch(files: Snapshot['files'], uri: string): boolean {
  return patches(files).has(uri)
}

const patches = memo((files: Snapshot['files']): ReadonlySet<string> => {
  const found = new Set<string>()
  for (const file of kustomizationFiles(files)) for (const path of patchesOf(file)) found.add(resolved(file.uri, path))
  return found
})

/** Paths below `patches` and `patchesStrategicMerge`. Text that is a patch itself is none. */
const patchesOf = stamped((file: File): readonly string[] => {
  const found = file.documents.flatMap(({ root }) => [
    ...items(get(root, 'patches')).map(patch => str(get(patch, 'path'))),
    ...items(get(root, 'patchesStrategicMerge')).map(str),
  ])
  return found.filter(path => path !== undefined && !/[\r\n]/.test(path)) as string[]
})

/** The URI of a path relative to a file. */
function resolved(uri: string, path: string): string {
  const steps = uri.split('/').slice(0, -1)
  for (const step of path.split('/')) {
    if (step === '..') steps.pop()
    else if (step !== '.' && step !== '') steps.push(encodeURIComponent(step))
  }
  return steps.join('/')
}
