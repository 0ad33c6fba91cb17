// A cluster's objects as one Kubernetes List in YAML, the same text for the same cluster.

import { CANONICAL, inOrder, printCanonical } from '../syntax/canonical.ts'
import { type Plain, printEntry } from '../syntax/print.ts'
import { at, isObject, type Json } from './plain.ts'

/** One object. */
export function printObject(object: Json): string {
  return printCanonical(plain(object))
}

/** All objects, by kind in the order given, then by namespace and name. */
export function printList(kinds: readonly (readonly Json[])[]): string {
  const items = kinds.flatMap(objects => objects.toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1)))
  const list = { apiVersion: 'v1', kind: 'List', items: items.map(item => inOrder(plain(item))) }
  return `${Object.entries(list)
    .flatMap(([key, value]) => printEntry(key, value, CANONICAL))
    .join('\n')}\n`
}

function sortKey(object: Json): string {
  return `${at(object, 'metadata', 'namespace') ?? ''} ${at(object, 'metadata', 'name') ?? ''}`
}

function plain(value: unknown): Plain {
  if (Array.isArray(value)) return value.map(plain)
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]))
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
}
