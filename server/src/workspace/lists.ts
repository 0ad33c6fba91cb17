// Lists that stay the same object as long as their values do, so that what is computed from a list is remembered.

import { trimmed } from '../memo.ts'

/** How many lists are compared with: what changes back and forth, as when a letter is typed and taken away, finds its list again. */
const MOST = 4

/** A function that gives a list with the same values in the same order as one of those that it gave last as that one. */
export function sameLists<T>(): (values: readonly T[]) => readonly T[] {
  let recent: readonly (readonly T[])[] = []
  return values => {
    const known = recent.find(list => isSame(list, values))
    const list = known ?? trimmed(values)
    if (list !== recent[0]) recent = [list, ...recent.filter(l => l !== list)].slice(0, MOST)
    return list
  }
}

/** Whether two lists have the same values in the same order. */
export function isSame<T>(a: readonly T[], b: readonly T[]): boolean {
  return a === b || (a.length === b.length && a.every((value, i) => value === b[i]))
}
