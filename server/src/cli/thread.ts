// A thread beside the main one: judges documents by themselves, from its place in the texts on, until none is left.

import { parentPort } from 'node:worker_threads'
import { lensFor } from '../rules/check.ts'
import type { Lens } from '../rules/rule.ts'
import { parseFile } from '../syntax/parse.ts'
import { type Board, hasFree, judgeFree } from './board.ts'

/** What a thread is told. */
export interface Task {
  readonly texts: readonly string[]
  readonly lens: Lens
  readonly board: Board
  /** Where it begins: a number of a text. */
  readonly start: number
}

parentPort?.on('message', ({ texts, lens: { version, config }, board, start }: Task) => {
  const lens = lensFor(version, config)
  for (let i = 0; i < texts.length; i++) {
    const at = (start + i) % texts.length
    if (hasFree(board, at)) judgeFree(board, at, { file: parseFile('thread:', undefined, texts[at] ?? ''), lens })
  }
})
