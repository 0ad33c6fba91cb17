// Other threads read texts and judge documents by themselves while this one reads, lowers and judges them among all. Nothing waits for
// them: what they have read or found clean, or an earlier run, need not be done here, and all else is, as if they were not there.

import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import { keptPrefix } from '../host/kept.ts'
import { checkEarly, knowClean, lensOf } from '../rules/check.ts'
import { lowered } from '../rules/prepare.ts'
import type { Lens } from '../rules/rule.ts'
import type { File } from '../syntax/file.ts'
import { mayHoldPolicies } from '../workspace/relevance.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import { type Board, cleanIn, judgeFree, newBoard, passOver } from './board.ts'
import { digestOf, type Earlier, openEarlier } from './earlier.ts'
import { newSheets, readAlone, readWith, type Sheets, type Unread } from './sheets.ts'
import type { Task } from './thread.ts'

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
  /** Files of so many bytes are going to be read. */
  begin(bytes: number): void
  /** A text was read from these bytes. */
  expect(text: string, bytes: Uint8Array): void
  /** All texts were read from disk: their trees are wanted. */
  read(texts: readonly string[]): void
  /** The files of some texts, by their numbers: as a thread has read them, or read here. */
  files(wanted: ReadonlyMap<number, Unread>): ReadonlyMap<number, File>
  /** Has the documents judged, under the lens that the snapshot will probably have. */
  judge(probably: () => Lens): void
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
  open = () => openEarlier(),
} = {}): Helpers {
  let workers: readonly Worker[] = []
  const tell = (worker: Worker, task: Task, port?: MessagePort) => worker.postMessage(task, port ? [port] : [])
  let started = false
  /** Characters that may have to be judged: of all texts, of those that no earlier run knows, and what may be taken for read before the first. */
  const length = { all: 0, fresh: 0, first: 0 }
  const digests: string[] = []
  let shared: { readonly texts: readonly string[]; readonly sheets: Sheets; readonly ports: MessagePort[] } | undefined
  let told: { readonly board: Board; readonly lens: Lens } | undefined
  let opened: Earlier | undefined
  const earlier = () => {
    if (length.all >= some) opened ??= open()
    return opened
  }
  return {
    begin: bytes => {
      if (bytes < many) return
      opened ??= open()
      // Where nothing is known of anything there will be much to do.
      if (opened.isEmpty) length.first = many
    },
    expect: (text, bytes) => {
      const digest = digestOf(bytes)
      digests.push(digest)
      if (!mayHoldPolicies(text)) return
      length.all += text.length
      if (earlier()?.knows(digest)) return
      length.fresh += text.length
      if (started || length.first + length.fresh < many) return
      started = true
      workers = start(threads, entry)
    },
    read: texts => {
      // What was started in vain has nothing to do.
      if (workers.length === 0 || length.fresh < many) return
      const sheets = newSheets(texts)
      shared = { texts, sheets, ports: [] }
      for (const [i, worker] of workers.entries()) {
        const { port1, port2 } = new MessageChannel()
        shared.ports.push(port1)
        tell(worker, { kind: 'read', texts, sheets, port: port2, share: i / workers.length }, port2)
      }
    },
    files: wanted => {
      // What is wanted before there is something to judge is no policies: the threads leave it out.
      return shared && told ? readWith(shared.ports, shared.sheets, wanted) : readAlone(wanted)
    },
    judge: probably => {
      if (!shared) return
      const lens = probably()
      const board = newBoard(shared.texts)
      for (const [i, digest] of digests.entries()) if (earlier()?.knows(digest, lens)) passOver(board, i)
      told = { board, lens }
      for (const worker of workers) tell(worker, { kind: 'judge', lens, board })
    },
    finish: snapshot => {
      const lens = lensOf(snapshot)
      const files = [...snapshot.files.values()]
      for (const [i, file] of files.entries()) earlier()?.recall(digests[i] ?? '', file, lens)
      if (lens !== told?.lens) return
      // What the threads need not wait for goes first, so that they have done more by then.
      for (const _ of lowered(snapshot)) {
      }
      for (const document of files.flatMap(file => file.documents)) checkEarly(snapshot, document)
      judgeRest(told.board, told.lens, files)
    },
    keep: snapshot => {
      const files = new Map([...snapshot.files.values()].map((file, i) => [digests[i] ?? '', file]))
      earlier()?.keep(new Map([...files].filter(([, { text }]) => mayHoldPolicies(text))), lensOf(snapshot))
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
    while (workers.length < threads) workers.push(startOne(entry))
  } catch {
    // Not permitted, or no room for it: those that there are will do.
  }
  return workers
}

function startOne(entry: string | URL): Worker {
  // Whatever goes wrong there is done here, and whatever it still does when all is done here is of no use.
  // V8's flags have changed since this thread was told where compiled code is kept: Node would name another folder there.
  const worker = new Worker(entry, { workerData: keptPrefix() }).on('error', () => {})
  worker.unref()
  return worker
}
