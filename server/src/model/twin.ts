// Items of policies that say the same: one speaks for all that have its words, so that what they mean is worked out once. The same few
// items (the way to the DNS, the health checks) stand in most policies of a repository.

import type { Document } from '../syntax/file.ts'
import { treeOf } from '../syntax/flat.ts'
import { column } from '../syntax/layout.ts'
import type { RuleItem, Section } from './policy.ts'

/** Characters of a document from which on its items speak for themselves only: a twin keeps the tree that it stands in. */
const LONG = 50_000
/** Characters of documents whose trees are kept so; then all is forgotten. */
const MOST = 10_000_000

const NUMBER: Readonly<Record<Section, number>> = { ingress: 0, ingressDeny: 1, egress: 2, egressDeny: 3 }

/** By their columns and sections, then by their words. */
const known = new Map<number, Map<string, RuleItem>>()
let held = 0
let last: Document | undefined

/** The item that speaks for one of a document. Only in the fast reader's documents do items depend on nothing but their words and their column. */
export function twinOf(document: Document, item: RuleItem): RuleItem {
  const { text } = document
  if (text.length > LONG || !treeOf(document.root)) return item
  const { start, end } = item.node.span
  const place = column(text, start) * 4 + NUMBER[item.section]
  const words = text.slice(start, end)
  const before = known.get(place)?.get(words)
  if (before) return before
  keep(place, words, item)
  if (document !== last) held += text.length
  last = document
  return item
}

function keep(place: number, words: string, item: RuleItem): void {
  if (held > MOST) {
    known.clear()
    held = 0
    last = undefined
  }
  const here = known.get(place) ?? new Map<string, RuleItem>()
  known.set(place, here)
  // A copy: a slice would keep the whole file that it was cut from.
  here.set(` ${words}`.slice(1), item)
}
