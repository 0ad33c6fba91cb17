// Items of policies that say the same: one speaks for all that have its words, so that what they mean is worked out once. The same few
// items (the way to the DNS, the health checks) stand in most policies of a repository.

import { byPlace } from '../memo.ts'
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
const known = byPlace<WeakRef<RuleItem>>(MOST)

/** The item that speaks for one of a document. Only in the fast reader's documents do items depend on nothing but their words and their column. */
export function twinOf(document: Document, item: RuleItem): RuleItem {
  const { text } = document
  if (text.length > LONG || !treeOf(document.root)) return item
  const { start, end } = item.node.span
  const place = column(text, start) * 4 + NUMBER[item.section]
  const words = text.slice(start, end)
  const before = known.get(place, words)?.deref()
  if (before) return before
  known.set(place, words, new WeakRef(item))
  return item
}
