// Finding one's way in the tree of a document: the node at an offset, the path to it, the policy around it.

import { listedType } from '../model/kinds.ts'
import type { Document } from '../syntax/file.ts'
import { get, type MapEntry, type MapNode, type Node, type ScalarNode, type SeqNode, str } from '../syntax/node.ts'

export type Path = readonly (string | number)[]

/** A scalar or an empty place in the tree with the way to it from the root of the document. */
export interface Spot {
  /** Maps and sequences from the root down to the holder of the node. */
  readonly holders: readonly (MapNode | SeqNode)[]
  /** Path of the value; of a key it is the path of the entry. */
  readonly path: Path
  readonly node: Node
  /** Set when the node is a key, or the value of an entry. */
  readonly entry: MapEntry | undefined
  readonly key: boolean
}

/** The innermost node whose span holds the offset (its end included). */
export function spotAt(document: Document, offset: number): Spot | undefined {
  const holds = ({ span }: Node) => span.start <= offset && offset <= span.end
  let best: Spot | undefined
  for (const spot of spots(document.root, holds)) {
    if (holds(spot.node) && (!best || spot.holders.length >= best.holders.length)) best = spot
  }
  return best
}

/** The key or scalar value for which `test` holds. */
export function findSpot(root: Node | undefined, test: (node: ScalarNode) => boolean): Spot | undefined {
  for (const spot of spots(root)) if (spot.node.kind === 'scalar' && test(spot.node)) return spot
  return undefined
}

/**
 * Every key and value written in the tree, holders before what they hold. Content of aliases and merges is left out, and
 * what is below nodes that are not worth entering.
 */
export function* spots(root: Node | undefined, enter: (node: Node) => boolean = () => true): Iterable<Spot> {
  if (root) yield* walk({ holders: [], path: [], node: root, entry: undefined, key: false }, enter)
}

function* walk(spot: Spot, enter: (node: Node) => boolean): Iterable<Spot> {
  yield spot
  const { node, path } = spot
  if (node.alias !== undefined || node.kind === 'scalar' || !enter(node)) return
  const holders = [...spot.holders, node]
  if (node.kind === 'seq') {
    for (const [i, item] of node.items.entries()) {
      yield* walk({ holders, path: [...path, i], node: item, entry: undefined, key: false }, enter)
    }
    return
  }
  for (const entry of [...node.entries, ...node.duplicates]) {
    if (entry.merged) continue
    const at = [...path, entry.name]
    yield { holders, path: at, node: entry.key, entry, key: true }
    if (entry.value) yield* walk({ holders, path: at, node: entry.value, entry, key: false }, enter)
  }
}

export type PolicyKind = 'CiliumNetworkPolicy' | 'CiliumClusterwideNetworkPolicy'

/** The policy object around a path: where it starts, and of which kind it is. */
export interface Around {
  readonly root: Node | undefined
  readonly depth: number
  readonly kind: PolicyKind | undefined
}

/** A word that nobody writes: stands where the cursor is when a document is read again. */
export const MARK = 'qCuRsOrq'

const HEAD = new Set(['apiVersion', 'kind', 'metadata', 'spec', 'specs', MARK])

/**
 * The object that a path lies in: an item of a `List`, or the document's root. `foreign` when it says that it is
 * something else than a Cilium policy, or when it says nothing and does not look like one.
 */
export function objectAround(document: Document, path: Path): Around | 'foreign' {
  let root = document.root
  let depth = 0
  if (said(root, 'kind')?.endsWith('List') && path[0] === 'items' && typeof path[1] === 'number') {
    const items = get(root, 'items')
    root = items?.kind === 'seq' ? items.items[path[1]] : undefined
    depth = 2
  }
  const of = said(root, 'kind') === undefined && said(root, 'apiVersion') === undefined ? listedType(root) : undefined
  const kind = of ? of.kind : said(root, 'kind')
  const version = of ? of.apiVersion : said(root, 'apiVersion')
  if (version !== undefined && version !== 'cilium.io/v2') return 'foreign'
  if (kind === 'CiliumNetworkPolicy' || kind === 'CiliumClusterwideNetworkPolicy') return { root, depth, kind }
  if (kind !== undefined) return 'foreign'
  const looks = version !== undefined || root?.kind !== 'map' || root.entries.every(e => HEAD.has(e.name))
  return looks ? { root, depth, kind: undefined } : 'foreign'
}

function said(root: Node | undefined, key: string): string | undefined {
  const value = str(get(root, key))
  return value === MARK ? undefined : value
}
