// Objects as YAML in one spelling: keys in one order, so that the same object is the same text wherever it comes from.

import { get, items, type Node } from './node.ts'
import { type Plain, printLines, type Style } from './print.ts'

export const CANONICAL: Style = { eol: '\n', quote: '"', listIndent: 2 }

/** An object as the text of a document. */
export function printCanonical(object: Plain): string {
  return `${printLines(inOrder(object), CANONICAL).join('\n')}\n`
}

const FIRST = ['apiVersion', 'kind', 'metadata', 'name', 'namespace']

/** The value with the keys of every map in one order: what names an object first, the rest sorted. */
export function inOrder(value: Plain): Plain {
  if (isList(value)) return value.map(inOrder)
  if (typeof value !== 'object' || value === null) return value
  const rank = (key: string) => (FIRST.includes(key) ? FIRST.indexOf(key) : FIRST.length)
  const entries = Object.entries(value).toSorted(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, item]) => [key, inOrder(item)]))
}

const isList = (value: Plain): value is readonly Plain[] => Array.isArray(value)

/** The value of a node, without entries that are null; undefined when a part of it is not known (a placeholder). */
export function plainValue(node: Node | undefined): Plain | undefined {
  if (!node) return null
  if (node.open) return undefined
  if (node.kind === 'scalar') return node.unknown ? undefined : node.value
  if (node.kind === 'seq') {
    const values = items(node).map(plainValue)
    return values.some(v => v === undefined) ? undefined : values.filter(v => v !== undefined)
  }
  const read: Record<string, Plain> = {}
  for (const { name } of node.entries) {
    const value = plainValue(get(node, name))
    if (value === undefined) return undefined
    if (value !== null) read[name] = value
  }
  return read
}
