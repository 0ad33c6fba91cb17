// Other threads judge documents by themselves while this one reads, lowers and judges them among all. Nothing waits for them: what they
// have found clean need not be judged here, and all else is, as if they were not there.

import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { knowClean, lensOf } from '../rules/check.ts'
import type { Lens } from '../rules/rule.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import { type Board, cleanIn, judgeFree, newBoard } from './board.ts'
import type { Task } from './thread.ts'

/** The bundle, or its source. */
const ENTRY = typeof __filename === 'string' ? join(__dirname, 'cli.js') : new URL('./main.ts', import.meta.url)

/** Threads beside this one: more have nothing to do, as this one does most of the work. */
const MOST = 2
/** Characters of text from which on they are worth starting: about three thousand policies. */
const MANY = 4_000_000

/** Threads that are started when there is much to do. */
export interface Helpers {
  /** A text was read that may have to be judged. */
  expect(text: string): void
  /** Has the texts judged, under the lens that the snapshot will probably have. */
  judge(texts: readonly string[], probably: () => Lens): void
  /** Takes their word for what they have found clean, and judges what they have not come to; the files are those of the texts. */
  finish(snapshot: Snapshot): void
  /** Ends the threads. */
  end(): void
}

/** As many threads as this machine can use; none where they cannot be started. */
export function startHelpers({
  threads = Math.min(MOST, availableParallelism() - 1),
  many = MANY,
  entry = ENTRY,
} = {}): Helpers {
  let workers: readonly Worker[] = []
  let length = 0
  let told: { readonly board: Board; readonly lens: Lens } | undefined
  return {
    expect: text => {
      if (length < many && length + text.length >= many) workers = start(threads, entry)
      length += text.length
    },
    judge: (texts, probably) => {
      if (workers.length === 0) return
      const lens = probably()
      const board = newBoard(texts)
      told = { board, lens }
      for (const [i, worker] of workers.entries()) {
        const task: Task = { texts, lens, board, start: Math.floor((i * texts.length) / workers.length) }
        worker.postMessage(task)
      }
    },
    finish: snapshot => {
      if (told && lensOf(snapshot) === told.lens) judgeRest(told.board, told.lens, snapshot)
    },
    end: () => {
      for (const worker of workers) void worker.terminate()
    },
  }
}

function judgeRest(board: Board, lens: Lens, { files }: Snapshot): void {
  const all = [...files.values()]
  // From the end on, as the first of them begins at the start.
  for (const [i, file] of [...all.entries()].reverse()) judgeFree(board, i, { file, lens })
  for (const [i, file] of all.entries()) for (const document of cleanIn(board, i, file)) knowClean(document, lens)
}

function start(threads: number, entry: string | URL): readonly Worker[] {
  const workers: Worker[] = []
  try {
    // Whatever goes wrong there is done here.
    while (workers.length < threads) workers.push(new Worker(entry).on('error', () => {}))
  } catch {
    // Not permitted, or no room for it: those that there are will do.
  }
  return workers
}
