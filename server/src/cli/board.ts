// How threads share out documents without waiting for each other: a board that says of each stretch of text who has taken it.

import { checkAlone } from '../rules/check.ts'
import type { Lens } from '../rules/rule.ts'
import type { Document, File } from '../syntax/file.ts'

/** Characters of a stretch: about one policy. */
const STRETCH = 2048

const STATE = { free: 0, taken: 1, clean: 2, found: 3 } as const

/** What is known of each stretch of all texts, one text after the other. */
export interface Board {
  readonly states: Int32Array<SharedArrayBuffer>
  /** The first stretch of each text, and one more. */
  readonly first: readonly number[]
}

export function newBoard(texts: readonly string[]): Board {
  const first = [0]
  for (const { length } of texts) first.push((first.at(-1) ?? 0) + Math.floor(length / STRETCH) + 1)
  return { states: new Int32Array(new SharedArrayBuffer((first.at(-1) ?? 0) * Int32Array.BYTES_PER_ELEMENT)), first }
}

/** Takes a text away: nobody has to judge it. */
export function passOver(board: Board, text: number): void {
  for (const stretch of stretchesOf(board, text)) Atomics.store(board.states, stretch, STATE.taken)
}

/** Whether something of a text is to be had. */
export function hasFree(board: Board, text: number): boolean {
  return stretchesOf(board, text).some(stretch => Atomics.load(board.states, stretch) === STATE.free)
}

/** Judges the documents of a text that nobody has taken, and writes down where nothing was found. */
export function judgeFree(
  board: Board,
  text: number,
  { file, lens }: { readonly file: File; readonly lens: Lens },
): void {
  const { states } = board
  const beginning = documentsIn(board, text, file)
  for (const stretch of stretchesOf(board, text)) {
    if (Atomics.compareExchange(states, stretch, STATE.free, STATE.taken) !== STATE.free) continue
    const clean = beginning.get(stretch)?.every(document => checkAlone(document, lens).length === 0) ?? true
    Atomics.store(states, stretch, clean ? STATE.clean : STATE.found)
  }
}

/** The documents of a text in which somebody has found nothing. */
export function cleanIn(board: Board, text: number, file: File): readonly Document[] {
  return [...documentsIn(board, text, file)].flatMap(([stretch, documents]) =>
    Atomics.load(board.states, stretch) === STATE.clean ? documents : [],
  )
}

function stretchesOf({ first }: Board, text: number): readonly number[] {
  const from = first[text] ?? 0
  return Array.from({ length: (first[text + 1] ?? from) - from }, (_, i) => from + i)
}

/** The documents that begin in each stretch. */
function documentsIn({ first }: Board, text: number, file: File): ReadonlyMap<number, readonly Document[]> {
  const found = new Map<number, Document[]>()
  for (const [i, document] of file.documents.entries()) {
    const stretch = (first[text] ?? 0) + Math.floor((file.starts[i] ?? 0) / STRETCH)
    const list = found.get(stretch)
    if (list) list.push(document)
    else found.set(stretch, [document])
  }
  return found
}
