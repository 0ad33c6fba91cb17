// List items that were read before: most items of a repository's policies stand word for word in other ones too. Their part of the tree
// is copied instead of read again.

import { byPlace } from '../memo.ts'
import type { Cut } from './flat.ts'

/** An item that was read: its part of the tree, and where it ends as those that hold it see it, from its dash on. */
export interface Snippet {
  readonly cut: Cut
  readonly end: number
}

/** Items of more characters are rarely the same: they are not looked for. */
export const LONG_ITEM = 2000
/** Characters that are remembered; then all is forgotten. */
const MOST = 2_000_000

/** By the column of the dash, then by the text from the dash on. */
const known = byPlace<Snippet>(MOST)

/** Of so many items at least so many have to be known already; else as many are left alone, as nothing is the same there. */
const TRIES = 2000
const WORTH = 200
const tried = { all: 0, known: 0, left: 0 }

/** The item of a text that begins at such a column. */
export function findSnippet(text: string, column: number): Snippet | undefined {
  const found = known.get(column, text)
  if (found) tried.known++
  return found
}

/** Whether it is worth looking for items just now. */
export function isWorthwhile(): boolean {
  if (tried.left > 0) {
    tried.left--
    return false
  }
  if (++tried.all > TRIES) {
    if (tried.known < WORTH) tried.left = TRIES
    tried.all = 0
    tried.known = 0
  }
  return true
}

/** Remembers an item. */
export const keepSnippet = (text: string, column: number, snippet: Snippet): void => known.set(column, text, snippet)
