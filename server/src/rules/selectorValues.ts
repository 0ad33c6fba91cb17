// Where a value of a condition is written, and how it is changed.

import type { Policy, Requirement } from '../model/policy.ts'
import { isShared, replaceValue } from '../syntax/edit.ts'
import { get, items, type Node, type Span, str } from '../syntax/node.ts'
import type { Fix } from '../syntax/problem.ts'

/** The node of a value: of matchLabels, or of an expression. */
function nodeOf(r: Requirement, value: string): Node | undefined {
  if (r.node.kind === 'scalar') return r.node
  return items(get(r.node, 'values')).find(v => str(v) === value)
}

/** The span of a value, else of the key. */
export const valueSpan = (r: Requirement, value: string): Span => (nodeOf(r, value) ?? r.keyNode).span

/** A fix that writes another value. */
export function changeValue(
  policy: Policy,
  r: Requirement,
  change: { readonly from: string; readonly to: string },
): Fix[] {
  const node = nodeOf(r, change.from)
  if (!node || isShared(node)) return []
  const edits = () => replaceValue(policy.document, node, change.to)
  return [{ title: `Change to ${change.to}`, preferred: true, edits }]
}
