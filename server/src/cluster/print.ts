// A cluster's objects as one Kubernetes List in YAML, the same text for the same cluster.

import { type Plain, printEntry, printLines, type Style } from '../syntax/print.ts'
import { at, isObject, type Json } from './plain.ts'

const STYLE: Style = { eol: '\n', quote: '"', listIndent: 2 }

/** One object. */
export function printObject(object: Json): string {
  return `${printLines(plain(object), STYLE).join('\n')}\n`
}

/** All objects, by kind in the order given, then by namespace and name. */
export function printList(kinds: readonly (readonly Json[])[]): string {
  const items = kinds.flatMap(objects => objects.toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1)))
  const list = { apiVersion: 'v1', kind: 'List', items: items.map(plain) }
  return `${Object.entries(list)
    .flatMap(([key, value]) => printEntry(key, value, STYLE))
    .join('\n')}\n`
}

function sortKey(object: Json): string {
  return `${at(object, 'metadata', 'namespace') ?? ''} ${at(object, 'metadata', 'name') ?? ''}`
}

/** Labels and the like sorted, so that the text does not depend on the server's order. */
function plain(value: unknown): Plain {
  if (Array.isArray(value)) return value.map(plain)
  if (isObject(value)) return Object.fromEntries(sorted(Object.entries(value)).map(([key, item]) => [key, plain(item)]))
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
}

const FIRST = ['apiVersion', 'kind', 'metadata', 'name', 'namespace']

function sorted(entries: readonly (readonly [string, unknown])[]) {
  const rank = (key: string) => (FIRST.includes(key) ? FIRST.indexOf(key) : FIRST.length)
  return entries.toSorted(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1))
}
