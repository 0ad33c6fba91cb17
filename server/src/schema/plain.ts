// A tree as the plain data that the API server validates, with a way back from a JSON pointer to the node.

import { entry as entryAt, isNull, type MapEntry, type MapNode, type Node, type SeqNode } from '../syntax/node.ts'
import type { SchemaNode } from './catalog.ts'

/** A value for what is unknown: a string that no two places share. */
let hidden = 0

/**
 * The node as plain data. Null values of known keys are dropped as the API server does; those of unknown keys stay, as the key alone is
 * refused. Unknown scalars become unique strings. List items that start at `without` may be left out.
 */
export function toPlain(node: Node, schema: SchemaNode | undefined, without?: ReadonlySet<number>): unknown {
  const seen = { null: false, without }
  const plain = withoutNulls(node, seen)
  return seen.null ? known(node, schema) : plain
}

/** As long as nothing is null, without a look at the schema. */
function withoutNulls(node: Node, seen: { null: boolean; readonly without: ReadonlySet<number> | undefined }): unknown {
  if (node.kind === 'seq') {
    const { without } = seen
    const items = without ? node.items.filter(item => !without.has(item.span.start)) : node.items
    return items.map(item => withoutNulls(item, seen))
  }
  if (node.kind === 'scalar') return node.unknown ? `\u0000unknown${hidden++}` : node.value
  const made: Record<string, unknown> = {}
  for (const { name, value } of node.entries) {
    if (isNull(value)) seen.null = true
    if (seen.null || !value) break
    put(made, name, withoutNulls(value, seen))
  }
  return made
}

function known(node: Node, schema: SchemaNode | undefined): unknown {
  if (node.kind === 'seq') return node.items.map(item => known(item, schema?.items))
  if (node.kind === 'scalar') return node.unknown ? `\u0000unknown${hidden++}` : node.value
  const made: Record<string, unknown> = {}
  for (const e of node.entries) {
    const inner = schema?.properties.get(e.name) ?? schema?.additional
    if (e.value && !isNull(e.value)) put(made, e.name, known(e.value, inner))
    else if (schema?.type === 'object' && !inner && !e.key.unknown) put(made, e.name, null)
  }
  return made
}

/** `__proto__` is a key like any other. */
function put(map: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true })
  else map[key] = value
}

/** The node that a JSON pointer names, the entry that holds it, and the path. */
export interface Found {
  readonly node: Node
  readonly entry: MapEntry | undefined
  readonly holder: Node | undefined
  readonly path: readonly (string | number)[]
}

/**
 * Follows a JSON pointer of a validation error from the root that was validated; `lists`: the items of lists on the way, by their
 * pointers, as a list may have as many errors as items and a tree may make them anew.
 */
export function locate(root: MapNode, pointer: string, lists: Map<string, readonly Node[]>): Found | undefined {
  const found: { node: Node; entry: MapEntry | undefined; holder: Node | undefined } = {
    node: root,
    entry: undefined,
    holder: undefined,
  }
  const path: (string | number)[] = []
  if (pointer === '') return { ...found, path }
  const itemsOf = (list: SeqNode, way: string) => {
    const items = lists.get(way) ?? list.items
    lists.set(way, items)
    return items
  }
  let way = ''
  for (const raw of pointer.slice(1).split('/')) {
    const step = raw.replaceAll('~1', '/').replaceAll('~0', '~')
    const here: Node = found.node
    const entry = entryAt(here, step)
    const next: Node | undefined = here.kind === 'seq' ? itemsOf(here, way)[Number(step)] : entry?.value
    if (!next) return undefined
    found.holder = here
    found.entry = entry
    found.node = next
    path.push(here.kind === 'seq' ? Number(step) : step)
    way += `/${raw}`
  }
  return { ...found, path }
}
