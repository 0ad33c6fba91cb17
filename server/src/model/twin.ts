// Items of policies that say the same: one speaks for all that have its words, so that what they mean is worked out once. The same few
// items (the way to the DNS, the health checks) stand in most policies of a repository.

import type { Document } from '../syntax/file.ts'
import { treeOf } from '../syntax/flat.ts'
import { column } from '../syntax/layout.ts'
import type { RuleItem, Section } from './policy.ts'

/** Characters of a document from which on its items speak for themselves only: a twin keeps the tree that it stands in. */
const LONG = 20_000
/** Characters of words that are remembered; then all are forgotten. */
const MOST = 4_000_000

const NUMBER: Readonly<Record<Section, number>> = { ingress: 0, ingressDeny: 1, egress: 2, egressDeny: 3 }

/**
 * By their columns and sections, then by their words. Only items keep their twins: what is worked out of one holds the pods of a cluster,
 * which may change every second, and must go with the last policy that says so.
 */
const known = new Map<number, Map<string, WeakRef<RuleItem>>>()
let held = 0

/** The item that speaks for one of a document. Only in the fast reader's documents do items depend on nothing but their words and their column. */
export function twinOf(document: Document, item: RuleItem): RuleItem {
  const { text } = document
  if (text.length > LONG || !treeOf(document.root)) return item
  const { start, end } = item.node.span
  const place = column(text, start) * 4 + NUMBER[item.section]
  const words = text.slice(start, end)
  const before = known.get(place)?.get(words)?.deref()
  if (before) return before
  keep(place, words, item)
  return item
}

function keep(place: number, words: string, item: RuleItem): void {
  if (held > MOST) {
    known.clear()
    held = 0
  }
  const here = known.get(place) ?? new Map<string, WeakRef<RuleItem>>()
  known.set(place, here)
  // A copy: a slice would keep the whole file that it was cut from.
  here.set(` ${words}`.slice(1), new WeakRef(item))
  held += words.length
}
