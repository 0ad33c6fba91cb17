// A thread beside the main one: reads texts, and judges their documents by themselves from its place on until none is left.

import { type MessagePort, parentPort } from 'node:worker_threads'
import { lensFor } from '../rules/check.ts'
import type { Lens } from '../rules/rule.ts'
import type { File } from '../syntax/file.ts'
import { parseFile } from '../syntax/parse.ts'
import { type Board, hasFree, judgeFree } from './board.ts'
import { from, readFor, type Sheets } from './sheets.ts'

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

let texts: readonly string[] = []
let share = 0
let files = new Map<number, File>()

/** The file of a text, read now unless it was; nobody asks for it again. */
function fileOf(i: number): File {
  const known = files.get(i)
  files.delete(i)
  return known ?? parseFile('thread:', undefined, texts[i] ?? '')
}

parentPort?.on('message', (task: Task) => {
  if (task.kind === 'read') {
    ;({ texts, share } = task)
    files = readFor(task.port, task.sheets, task)
    return
  }
  const lens = lensFor(task.lens.version, task.lens.config)
  for (const i of from(share, texts.length))
    if (hasFree(task.board, i)) judgeFree(task.board, i, { file: fileOf(i), lens })
})
