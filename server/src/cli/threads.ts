// Other threads judge documents by themselves while this one reads, lowers and judges them among all. Nothing waits for them: what they
// have found clean, or an earlier run, need not be judged here, and all else is, as if they were not there.

import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { knowClean, lensOf } from '../rules/check.ts'
import { lowered } from '../rules/prepare.ts'
import type { Lens } from '../rules/rule.ts'
import type { File } from '../syntax/file.ts'
import { mayHoldPolicies } from '../workspace/relevance.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import { type Board, cleanIn, judgeFree, newBoard, passOver } from './board.ts'
import { digestOf, type Earlier, openEarlier } from './earlier.ts'
import type { Task } from './thread.ts'
import { openTrees, type Trees } from './trees.ts'

/** The bundle, or its source. */
const ENTRY = typeof __filename === 'string' ? join(__dirname, 'cli.js') : new URL('./main.ts', import.meta.url)

/** Threads beside this one: more have nothing to do, as this one does most of the work. */
const MOST = 2
/** Characters of text from which on they are worth starting: about three thousand policies. */
const MANY = 4_000_000

/** Characters from which on it is worth asking what earlier runs have found: about two hundred policies. */
const SOME = 250_000

/** Threads that are started when there is much to do, and the memory of earlier runs. */
export interface Helpers {
  /** A text was read from these bytes. */
  expect(text: string, bytes: Uint8Array): void
  /** The file of the n-th text, as an earlier run has read it; undefined when it has not. */
  file(index: number, of: { readonly uri: string; readonly text: string }): File | undefined
  /** Has the texts judged, under the lens that the snapshot will probably have. */
  judge(texts: readonly string[], probably: () => Lens): void
  /** Takes the word of both for what they have found clean, and judges what the threads have not come to; the files are those of the texts. */
  finish(snapshot: Snapshot): void
  /** Keeps for later runs what is known now; the snapshot is that of `finish`. */
  keep(snapshot: Snapshot): void
  /** Ends the threads. */
  end(): void
}

/** As many threads as this machine can use; none where they cannot be started. */
export function startHelpers({
  threads = Math.min(MOST, availableParallelism() - 1),
  many = MANY,
  some = SOME,
  entry = ENTRY,
  open = { earlier: () => openEarlier(), trees: () => openTrees() },
} = {}): Helpers {
  let workers: readonly Worker[] = []
  /** Characters that may have to be judged: of all texts, and of those that no earlier run knows. */
  const length = { all: 0, fresh: 0 }
  const digests: string[] = []
  let told: { readonly board: Board; readonly lens: Lens } | undefined
  let kept: { readonly earlier: Earlier; readonly trees: Trees } | undefined
  const opened = () => {
    if (length.all >= some) kept ??= { earlier: open.earlier(), trees: open.trees() }
    return kept
  }
  return {
    expect: (text, bytes) => {
      const digest = digestOf(bytes)
      digests.push(digest)
      if (!mayHoldPolicies(text)) return
      length.all += text.length
      if (opened()?.earlier.knows(digest)) return
      if (length.fresh < many && length.fresh + text.length >= many) workers = start(threads, entry)
      length.fresh += text.length
    },
    file: (index, of) => opened()?.trees.file(digests[index] ?? '', of),
    judge: (texts, probably) => {
      if (workers.length === 0) return
      const lens = probably()
      const board = newBoard(texts)
      for (const [i, digest] of digests.entries()) if (opened()?.earlier.knows(digest, lens)) passOver(board, i)
      told = { board, lens }
      for (const [i, worker] of workers.entries()) {
        const task: Task = { texts, lens, board, start: Math.floor((i * texts.length) / workers.length) }
        worker.postMessage(task)
      }
    },
    finish: snapshot => {
      const lens = lensOf(snapshot)
      const files = [...snapshot.files.values()]
      for (const [i, file] of files.entries()) opened()?.earlier.recall(digests[i] ?? '', file, lens)
      if (lens !== told?.lens) return
      // What the threads need not wait for goes first, so that they have done more by then.
      for (const _ of lowered(snapshot)) {
      }
      judgeRest(told.board, told.lens, files)
    },
    keep: snapshot => {
      const files = new Map([...snapshot.files.values()].map((file, i) => [digests[i] ?? '', file]))
      opened()?.earlier.keep(new Map([...files].filter(([, { text }]) => mayHoldPolicies(text))), lensOf(snapshot))
      opened()?.trees.keep(files)
    },
    end: () => {
      for (const worker of workers) void worker.terminate()
    },
  }
}

function judgeRest(board: Board, lens: Lens, all: readonly File[]): void {
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
