// A document as plain data, to compare what different readers make of a text.

import assert from 'node:assert/strict'
import type { Document } from '../../server/src/syntax/file.ts'
import { type MapNode, type Node, same } from '../../server/src/syntax/node.ts'

/** Everything that a document says, as plain data. */
export function written({ root, ...rest }: Document): object {
  return { ...rest, root: root && tree(root, undefined) }
}

function tree(node: Node, parent: Node | undefined): object {
  assert.ok(same(node.parent, parent))
  const { kind, span, anchor, alias, tag, open } = node
  const base = { kind, span, anchor, alias, tag, open }
  if (node.kind === 'scalar') {
    const { style, value, text, unknown, float } = node
    return { ...base, style, value, text, unknown, float }
  }
  if (node.kind === 'seq') return { ...base, flow: node.flow, items: node.items.map(item => tree(item, node)) }
  const entries = (list: MapNode['entries']) =>
    list.map(e => {
      const { name, merged } = e
      return { name, merged, span: e.span, key: tree(e.key, node), value: e.value && tree(e.value, node) }
    })
  return { ...base, flow: node.flow, entries: entries(node.entries), duplicates: entries(node.duplicates) }
}
