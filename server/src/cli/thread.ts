// A thread beside the main one: reads texts, judges their documents by themselves from its place on until none is left, and keeps the
// trees for the next run.

import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { keepAt, keptPath } from '../host/kept.ts'
import { lensFor } from '../rules/check.ts'
import type { Lens } from '../rules/rule.ts'
import type { File } from '../syntax/file.ts'
import { rootOf, treeOf } from '../syntax/flat.ts'
import { parseFile } from '../syntax/parse.ts'
import { type Board, hasFree, judgeFree } from './board.ts'
import { from, readFor, type Sheets } from './sheets.ts'
import { beginKeeping, endKeeping, openTrees } from './trees.ts'

/** What a thread is told, in this order. */
export type Task =
  | {
      readonly kind: 'read'
      readonly texts: readonly string[]
      readonly sheets: Sheets
      /** Where the trees are wanted. */
      readonly port: MessagePort
      /** Its place among the texts: 0 is the first, 0.5 the middle. */
      readonly share: number
    }
  | { readonly kind: 'judge'; readonly lens: Lens; readonly board: Board }
  /** By the digests of the texts. */
  | { readonly kind: 'keep'; readonly digests: readonly string[]; readonly keeping: Int32Array<SharedArrayBuffer> }

if (typeof workerData === 'string') keepAt(workerData)

let texts: readonly string[] = []
let share = 0
let files = new Map<number, File>()

/** A copy with the same trees: what is remembered of its documents goes with it. */
const passing = (file: File): File => ({
  ...file,
  documents: file.documents.map(d => {
    const tree = treeOf(d.root)
    return tree ? { ...d, root: rootOf(tree) } : { ...d }
  }),
})

/** The file of a text, read now unless it was. */
function fileOf(i: number): File {
  const known = files.get(i)
  if (known) return known
  const file = parseFile('thread:', undefined, texts[i] ?? '')
  files.set(i, file)
  return file
}

parentPort?.on('message', (task: Task) => {
  switch (task.kind) {
    case 'read':
      ;({ texts, share } = task)
      files = readFor(task.port, task.sheets, task)
      return
    case 'judge': {
      const lens = lensFor(task.lens.version, task.lens.config)
      for (const i of from(share, texts.length))
        if (hasFree(task.board, i)) judgeFree(task.board, i, { file: passing(fileOf(i)), lens })
      return
    }
    case 'keep': {
      if (keptPath('trees') === undefined) return
      const trees = openTrees()
      const all = new Map(task.digests.map((digest, i) => [digest, fileOf(i)]))
      if (!beginKeeping(task.keeping)) return
      try {
        trees.keep(all)
      } finally {
        endKeeping(task.keeping)
      }
    }
  }
})
