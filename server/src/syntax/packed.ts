// Files that the fast reader has read, as numbers and a list of texts: what is kept so need not be read again.

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
export function pack(files: Iterable<File>): Packed {
  const ints: number[] = []
  const shorts: Uint16Array[] = []
  const scalars = new Map<Known, number>()
  const indexOf = (known: Known): number => {
    const index = scalars.get(known) ?? scalars.size
    scalars.set(known, index)
    return index
  }
  for (const { documents, starts } of files) {
    ints.push(documents.length)
    for (const [i, { root, comments }] of documents.entries()) {
      const { numbers, known } = treeOf(root) as Tree
      const isShort = numbers instanceof Uint16Array
      ints.push(starts[i] ?? 0, numbers.length / WIDTH, known.length, comments.length, isShort ? 1 : 0)
      for (const { start, end } of comments) ints.push(start, end)
      for (const k of known) ints.push(indexOf(k))
      if (isShort) shorts.push(numbers)
      else for (const n of numbers) ints.push(n)
    }
  }
  return {
    ints: Int32Array.from(ints),
    shorts: joined(shorts),
    scalars: [...scalars.keys()].map(k => LETTERS[styleOf(k)] + k.text),
  }
}

function joined(lists: readonly Uint16Array[]): Uint16Array {
  const all = new Uint16Array(lists.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const list of lists) {
    all.set(list, at)
    at += list.length
  }
  return all
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
      at += 5 + (ints[at + 3] as number) * 2 + (ints[at + 2] as number) + (isShort ? 0 : length)
      if (isShort) short += length
    }
  }
  return places
}
