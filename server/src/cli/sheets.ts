// How threads share out the reading of texts: each takes a few neighbouring ones at a time, a sheet, and the other threads give the
// main one what they have read. Nobody waits: what has not come when all is taken is read here.

import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import type { File } from '../syntax/file.ts'
import { isPackable, type Packed, pack, unpack } from '../syntax/packed.ts'
import { parseFile } from '../syntax/parse.ts'
import { mayHoldPolicies } from '../workspace/relevance.ts'

/** Characters of a sheet: a hundredth of a second. */
const SHEET = 200_000

const FREE = 0
const TAKEN = 1

/** A text of which a file is wanted. */
export interface Unread {
  readonly uri: string
  readonly text: string
}

/** The files of texts, by the same numbers. */
export const readAlone = (wanted: ReadonlyMap<number, Unread>): ReadonlyMap<number, File> =>
  new Map([...wanted].map(([i, { uri, text }]) => [i, parseFile(uri, undefined, text)]))

/** Which sheets are taken, and the first text of each, with one more. */
export interface Sheets {
  readonly states: Int32Array<SharedArrayBuffer>
  readonly first: readonly number[]
}

export function newSheets(texts: readonly string[], size = SHEET): Sheets {
  const first = [0]
  let length = 0
  for (const [i, text] of texts.entries()) {
    length += text.length
    if (length < size && i < texts.length - 1) continue
    first.push(i + 1)
    length = 0
  }
  const bytes = (first.length - 1) * Int32Array.BYTES_PER_ELEMENT
  return { states: new Int32Array(new SharedArrayBuffer(bytes)), first }
}

const take = ({ states }: Sheets, sheet: number): boolean =>
  Atomics.compareExchange(states, sheet, FREE, TAKEN) === FREE

function* textsOf({ first }: Sheets, sheet: number): Iterable<number> {
  for (let i = first[sheet] ?? 0; i < (first[sheet + 1] ?? 0); i++) yield i
}

/** All numbers below a count, from a share of it on: 0 begins with the first, 0.5 in the middle. */
export function* from(share: number, count: number): Iterable<number> {
  for (let k = 0; k < count; k++) yield (Math.floor(share * count) + k) % count
}

/** What a thread gives: some texts by their numbers, and their files in that order. */
interface Given {
  readonly texts: readonly number[]
  readonly packed: Packed
}

/** Reads, as another thread, what nobody has taken, from a share of the sheets on (0: the first); returns the files by the numbers of their texts. */
export function readFor(
  port: MessagePort,
  sheets: Sheets,
  { texts, share }: { readonly texts: readonly string[]; readonly share: number },
): Map<number, File> {
  const files = new Map<number, File>()
  for (const sheet of from(share, sheets.states.length)) {
    if (!take(sheets, sheet)) continue
    const here: number[] = []
    for (const i of textsOf(sheets, sheet)) {
      const text = texts[i] ?? ''
      if (!mayHoldPolicies(text)) continue
      const file = parseFile('thread:', undefined, text)
      files.set(i, file)
      if (isPackable(file)) here.push(i)
    }
    const packed = pack(here.map(i => files.get(i) as File))
    port.postMessage({ texts: here, packed } satisfies Given)
  }
  return files
}

/** Reads those texts of which a file is wanted, by their numbers, together with the threads at the other ends of the ports. */
export function readWith(
  ports: readonly MessagePort[],
  sheets: Sheets,
  wanted: ReadonlyMap<number, Unread>,
): Map<number, File> {
  const files = new Map<number, File>()
  const read = (i: number) => {
    const one = wanted.get(i)
    if (one) files.set(i, parseFile(one.uri, undefined, one.text))
  }
  // From the end on, as the first of them begins at the start.
  for (let sheet = sheets.states.length - 1; sheet >= 0; sheet--)
    if (take(sheets, sheet)) for (const i of textsOf(sheets, sheet)) read(i)
  for (const port of ports) {
    for (let got = receiveMessageOnPort(port); got; got = receiveMessageOnPort(port)) {
      const { texts, packed }: Given = got.message
      const given = unpack(packed)
      for (const [k, i] of texts.entries()) {
        const one = wanted.get(i)
        if (one) files.set(i, given.file(k, one.uri, one.text))
      }
    }
  }
  for (const i of wanted.keys()) if (!files.has(i)) read(i)
  return files
}
