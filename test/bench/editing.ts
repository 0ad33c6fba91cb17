// One file in the editor, beside yaml-language-server: first diagnostics, keystrokes, completion, hover, memory.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Peer } from '../lsp/peer.ts'
import { policyFile } from './corpus.ts'
import { atMost, type Figure, type Measured, timesBetter } from './figures.ts'
import { type Contestant, end, memoryOf, nextDiagnostics, OURS, open, THEIRS, temporaryFolder } from './servers.ts'

const SIZES = [1, 10, 100] as const
/** What their memory may be of ours, as in "at most 80 %". */
const MEMORY = { 1: 1 / 0.8, 10: 1 / 0.7, 100: 1 / 0.4 } as const

interface Values {
  readonly first: number[]
  readonly memory: number[]
  readonly keystroke: number[]
  readonly completion: number[]
  readonly hover: number[]
}

const none = (): Values => ({ first: [], memory: [], keystroke: [], completion: [], hover: [] })

/**
 * Measures files of 1, 10 and 100 policies; servers take turns, so that a busy machine slows both. The first round is left out:
 * it writes the cache of compiled code.
 */
export async function editing(rounds: number): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const size of SIZES) {
    const ours = none()
    const theirs = none()
    for (let round = -1; round < rounds; round++) {
      await session(OURS, size, round < 0 ? none() : ours)
      await session(THEIRS, size, round < 0 ? none() : theirs)
    }
    const beside = (of: keyof Values): Measured => ({ ours: ours[of], other: theirs[of], program: THEIRS.name })
    const name = (work: string) => `${work}, ${size} ${size === 1 ? 'policy' : 'policies'}`
    const completion = timesBetter(name('completion'), 'ms', beside('completion'), size === 100 ? 3 : 1)
    figures.push(
      timesBetter(name('start to first diagnostics'), 'ms', beside('first'), 6),
      timesBetter(name('keystroke to diagnostics'), 'ms', beside('keystroke'), 40),
      atMost(name('keystroke'), 'ms', ours.keystroke, { of: 'p95', value: 16 }),
      completion,
      timesBetter(name('hover'), 'ms', beside('hover'), 1),
      timesBetter(name('memory'), 'MiB', beside('memory'), MEMORY[size]),
    )
  }
  return figures
}

/** Keystrokes of a session; the first ones warm up. */
const KEYS = 24
const WARM = 8

async function session(contestant: Contestant, size: number, values: Values): Promise<void> {
  const folder = temporaryFolder()
  const text = withMistake(policyFile(size))
  const path = join(folder, 'policies.yaml')
  writeFileSync(path, text)
  const uri = pathToFileURL(path).href
  const start = performance.now()
  const peer = await contestant.start(folder)
  await open(peer, uri, text)
  values.first.push(performance.now() - start)
  await typeAndAsk(peer, uri, text, values)
  values.memory.push(memoryOf(peer.process.pid))
  await end(peer)
}

/** The first policy names an entity that there is not. */
function withMistake(text: string): string {
  return text.replace('- world', '- wrld')
}

async function typeAndAsk(peer: Peer, uri: string, text: string, values: Values): Promise<void> {
  const lines = text.split('\n')
  const middle = Math.floor(lines.length / 2)
  const places = lines.flatMap((l, i) => (l.includes('- host') ? [i] : []))
  const line = places.find(i => i >= middle) ?? places[0] ?? 0
  const at = { line, character: (lines[line]?.indexOf('host') ?? 0) + 2 }
  const textDocument = { uri }
  const time = async (run: () => Promise<unknown>, into: number[], i: number) => {
    const start = performance.now()
    await run()
    if (i >= WARM) into.push(performance.now() - start)
  }
  for (let i = 0; i < KEYS; i++) {
    const key = i % 2 === 0 ? insert(at, 'x') : remove(at)
    await time(() => change(peer, uri, i + 2, key), values.keystroke, i)
    await time(() => peer.request('textDocument/completion', { textDocument, position: at }), values.completion, i)
    await time(() => peer.request('textDocument/hover', { textDocument, position: at }), values.hover, i)
  }
}

interface Position {
  readonly line: number
  readonly character: number
}

/** A change that inserts a letter. */
export function insert(at: Position, text: string): object {
  return { range: { start: at, end: at }, text }
}

/** A change that takes one letter away. */
export function remove(at: Position): object {
  return { range: { start: at, end: { line: at.line, character: at.character + 1 } }, text: '' }
}

/** Sends a change and waits for what is published after it. */
export async function change(peer: Peer, uri: string, version: number, contentChange: object): Promise<void> {
  const published = nextDiagnostics(peer, uri, d => d.version === undefined || d.version === version)
  peer.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [contentChange] })
  await published
}
