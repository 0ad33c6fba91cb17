// Files that the fast reader has read, as numbers and a list of texts: so another thread takes them over without reading.

import { trimmed } from '../memo.ts'
import type { Document, File } from './file.ts'
import { type Known, knownScalar, rootOf, styleOf, type Tree, treeOf } from './flat.ts'
import type { Span } from './node.ts'

/**
 * Files one after the other. Of each file `ints` has the number of its documents, and of each document where it starts, how many nodes,
 * scalars and comments it has, whether its numbers are among the `shorts`, the spans of its comments, and the indices of its scalars in
 * `scalars`; then its numbers, unless they are among the `shorts`.
 */
export interface Packed {
  readonly ints: Int32Array
  readonly shorts: Uint16Array
  /** A letter for the style, and the text. */
  readonly scalars: readonly string[]
}

/** A node is as many numbers. */
const WIDTH = 4
const STYLES = { p: 'plain', d: 'double', s: 'single' } as const
const LETTERS = { plain: 'p', double: 'd', single: 's' } as const

/** Whether all documents of a file are of the fast reader. */
export const isPackable = ({ documents }: File): boolean => documents.every(d => treeOf(d.root) !== undefined)

/** Files all of whose documents are of the fast reader. */
export function pack(files: readonly File[]): Packed {
  const ints = new Int32Array(files.reduce((sum, file) => sum + intsOf(file), 0))
  const shorts = new Uint16Array(files.reduce((sum, file) => sum + shortsOf(file), 0))
  const scalars = new Map<Known, number>()
  const indexOf = (known: Known): number => {
    const before = scalars.get(known)
    if (before === undefined) scalars.set(known, scalars.size)
    return before ?? scalars.size - 1
  }
  let [at, short] = [0, 0]
  for (const { documents, starts } of files) {
    ints[at++] = documents.length
    for (const [i, { root, comments }] of documents.entries()) {
      const { numbers, known } = treeOf(root) as Tree
      const isShort = numbers instanceof Uint16Array
      ints.set([starts[i] ?? 0, numbers.length / WIDTH, known.length, comments.length, isShort ? 1 : 0], at)
      at += HEAD
      for (const { start, end } of comments) {
        ints[at++] = start
        ints[at++] = end
      }
      for (let k = 0; k < known.length; k++) ints[at++] = indexOf(known[k] as Known)
      if (isShort) shorts.set(numbers, short)
      else ints.set(numbers, at)
      if (isShort) short += numbers.length
      else at += numbers.length
    }
  }
  return { ints, shorts, scalars: [...scalars.keys()].map(k => LETTERS[styleOf(k)] + k.text) }
}

/** How many numbers stand before the comments of a document. */
const HEAD = 5

function intsOf({ documents }: File): number {
  return documents.reduce((sum, { root, comments }) => {
    const { numbers, known } = treeOf(root) as Tree
    return sum + HEAD + comments.length * 2 + known.length + (numbers instanceof Uint16Array ? 0 : numbers.length)
  }, 1)
}

function shortsOf({ documents }: File): number {
  return documents.reduce((sum, { root }) => {
    const { numbers } = treeOf(root) as Tree
    return sum + (numbers instanceof Uint16Array ? numbers.length : 0)
  }, 0)
}

/** Gives the files back, each by its place among them. */
export interface Unpacking {
  readonly count: number
  /** The file of that text, which has to be the text that it was packed with. */
  file(index: number, uri: string, text: string): File
}

/** Reads what `pack` has made; the numbers are those of the arrays given. */
export function unpack({ ints, shorts, scalars }: Packed): Unpacking {
  const places = placesIn(ints)
  const known: Known[] = []
  const knownAt = (index: number): Known => {
    const before = known[index]
    if (before) return before
    const written = scalars[index] ?? ''
    const made = knownScalar(written.slice(1), STYLES[written[0] as keyof typeof STYLES])
    if (!made) throw new Error('no scalar')
    known[index] = made
    return made
  }
  return {
    count: places.length,
    file: (index, uri, text) => {
      const place = places[index] as Place
      const starts: number[] = []
      const trees: { readonly tree: Tree; readonly comments: readonly Span[] }[] = []
      let { int: at, short } = place
      for (let left = ints[at++] as number; left > 0; left--) {
        const next = () => ints[at++] as number
        starts.push(next())
        const length = next() * WIDTH
        const own = new Array<Known>(next())
        const comments = new Array<Span>(next())
        const isShort = next() === 1
        for (let i = 0; i < comments.length; i++) comments[i] = { start: next(), end: next() }
        for (let i = 0; i < own.length; i++) own[i] = knownAt(next())
        const numbers = isShort ? shorts.subarray(short, short + length) : ints.slice(at, at + length)
        if (isShort) short += length
        else at += length
        trees.push({ tree: { numbers, known: own }, comments: trimmed(comments) })
      }
      const documents = trees.map(({ tree, comments }, i): Document => {
        const piece = text.slice(starts[i], starts[i + 1] ?? text.length)
        return { text: piece, root: rootOf(tree), errors: [], templated: false, comments }
      })
      return { uri, version: undefined, text, documents, starts: trimmed(starts) }
    },
  }
}

/** Where a file begins. */
interface Place {
  readonly int: number
  readonly short: number
}

function placesIn(ints: Int32Array): readonly Place[] {
  const places: Place[] = []
  let short = 0
  for (let at = 0; at < ints.length; ) {
    places.push({ int: at, short })
    const documents = ints[at++] as number
    for (let i = 0; i < documents; i++) {
      const length = (ints[at + 1] as number) * WIDTH
      const isShort = ints[at + 4] === 1
      at += HEAD + (ints[at + 3] as number) * 2 + (ints[at + 2] as number) + (isShort ? 0 : length)
      if (isShort) short += length
    }
  }
  return places
}
