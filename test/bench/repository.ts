// A repository of ten thousand policies: the first complete set of diagnostics, stalls, keystrokes and memory.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import type { Diagnostics, Peer } from '../lsp/peer.ts'
import { repository, writeAll } from './corpus.ts'
import { change, insert, remove } from './editing.ts'
import { atMost, type Figure, numbers } from './figures.ts'
import { type Contestant, memoryOf, OURS, open, peakMemoryOf, temporaryFolder } from './servers.ts'

/** What was measured of one run of a server over a repository. */
export interface Run {
  /** From the start of the process to the last file's diagnostics. */
  readonly complete: number
  /** From the start of the process to the diagnostics of the file that is open. */
  readonly open: number
  /** How long the server did not answer a request, at the most, while it read. */
  readonly stall: number
  readonly keystrokes: readonly number[]
  /** When nothing happens any more. */
  readonly memory: number
  /** How long the server did not answer, at the most, while memory went back to the system. */
  readonly pause: number
  readonly peak: number
}

/** The policies of the repository and what is to be reached with them. */
export async function bigRepository(count: number, rounds: number): Promise<Figure[]> {
  const { folder, files } = writtenRepository(count)
  const runs: Run[] = []
  for (let i = 0; i < rounds; i++) runs.push(await measure(OURS, folder, files, {}, AT_REST))
  const name = (work: string) => `${count} policies: ${work}`
  const all = (of: (run: Run) => number | readonly number[]) => runs.flatMap(of)
  return [
    atMost(
      name('start to the open file'),
      'ms',
      all(r => r.open),
      { of: 'median', value: 1000 },
    ),
    atMost(
      name('start to all diagnostics'),
      'ms',
      all(r => r.complete),
      { of: 'median', value: 4000 },
    ),
    atMost(
      name('longest stall while reading'),
      'ms',
      all(r => r.stall),
      { of: 'median', value: 50 },
    ),
    atMost(
      name('keystroke'),
      'ms',
      all(r => r.keystrokes),
      { of: 'p95', value: 25 },
    ),
    atMost(
      name('memory, at rest'),
      'MiB',
      all(r => r.memory),
      { of: 'median', value: 300 },
    ),
    { name: name('longest stall while coming to rest'), unit: 'ms', ours: numbers(all(r => r.pause)) },
    atMost(
      name('most memory, reading and typing'),
      'MiB',
      all(r => r.peak),
      { of: 'median', value: 500 },
    ),
  ]
}

export interface Written {
  readonly folder: string
  readonly files: ReadonlyMap<string, string>
}

/** The repository on disk. */
export function writtenRepository(count: number): Written {
  const folder = temporaryFolder()
  const files = repository(count)
  writeAll(folder, files)
  return { folder, files }
}

/** Milliseconds until memory has gone back to the system: the server's patience, and what V8 takes. */
const AT_REST = 20_000

/** Starts a server on the folder, opens its first file with policies, waits for everything, types. */
export async function measure(
  contestant: Contestant,
  folder: string,
  files: ReadonlyMap<string, string>,
  settings: object = {},
  rest = 0,
): Promise<Run> {
  const expected = [...files].filter(([, text]) => text.includes('cilium.io/v2')).map(([path]) => path)
  const path = expected[Math.floor(expected.length / 2)] ?? ''
  const uri = pathToFileURL(join(folder, path)).href
  const text = readFileSync(join(folder, path), 'utf8').replace('- world', '- wrld')
  const start = performance.now()
  const peer = await contestant.start(folder, settings)
  const everything = published(peer, expected.length)
  await open(peer, uri, text)
  const opened = performance.now() - start
  const stall = await longestStall(peer, uri, everything)
  const complete = performance.now() - start
  const keystrokes = await typeInto(peer, uri, text)
  const peak = peakMemoryOf(peer.process.pid)
  const pause = await longestStall(peer, uri, sleep(rest), 5)
  const run = { complete, open: opened, stall, keystrokes, pause, memory: memoryOf(peer.process.pid), peak }
  await peer.stop()
  return run
}

/** Resolves when that many files have diagnostics. */
export async function published(peer: Peer, count: number): Promise<void> {
  const uris = new Set<string>()
  await peer.until<Diagnostics>('textDocument/publishDiagnostics', ({ uri }) => uris.add(uri).size >= count)
}

/** Asks for something small again and again until the promise resolves; the longest time that an answer took. */
async function longestStall(peer: Peer, uri: string, end: Promise<void>, gap = 0): Promise<number> {
  let longest = 0
  let ended = false
  void end.then(() => {
    ended = true
  })
  while (!ended) {
    const start = performance.now()
    await peer.request('textDocument/hover', { textDocument: { uri }, position: { line: 0, character: 0 } })
    longest = Math.max(longest, performance.now() - start)
    if (gap > 0) await sleep(gap)
  }
  return longest
}

const KEYS = 60
const WARM = 10

/** Types a letter and takes it away, again and again; milliseconds until each keystroke's diagnostics. */
export async function typeInto(peer: Peer, uri: string, text: string): Promise<number[]> {
  const lines = text.split('\n')
  const line = lines.findIndex(l => l.includes('- host'))
  const at = { line, character: (lines[line]?.indexOf('host') ?? 0) + 2 }
  const took: number[] = []
  for (let i = 0; i < KEYS; i++) {
    const start = performance.now()
    await change(peer, uri, i + 2, i % 2 === 0 ? insert(at, 'x') : remove(at))
    if (i >= WARM) took.push(performance.now() - start)
  }
  return took
}
