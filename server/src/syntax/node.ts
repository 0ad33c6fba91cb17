// The tree of one YAML document: maps, sequences and scalars with their spans, as Kubernetes reads them.

import { NONE } from '../memo.ts'

/** Offsets into the text of one document: start inclusive, end exclusive (UTF-16 code units). */
export interface Span {
  readonly start: number
  readonly end: number
}

export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded'
export type ScalarValue = string | number | boolean | null

interface NodeBase {
  readonly span: Span
  /** The node that holds this one; undefined for the root. Below an alias it is the holder at the anchor. */
  readonly parent: MapNode | SeqNode | undefined
  /** Name of an anchor (`&name`) written at this node. */
  readonly anchor?: string
  /** Set when the node is an alias (`*name`): its span is the alias's, its content is that of the anchored node. */
  readonly alias?: string
  readonly tag?: string
  /** A template action that was blanked stands inside: there may be more here than what is seen. */
  readonly open?: boolean
  /** For `same`, where nodes are made anew whenever they are asked for. */
  isSame?(other: Node): boolean
}

/** One `key: value` of a map. A half-typed entry has no value. */
export interface MapEntry {
  readonly key: ScalarNode
  /** The key as Kubernetes sees it: YAML 1.1 resolution, then turned into a string (`yes` → "true"). */
  readonly name: string
  readonly value: Node | undefined
  /** From the start of the key to the end of the value. */
  readonly span: Span
  /** Set when the entry came in through a merge key (`<<`): the entry stands elsewhere. */
  readonly merged?: boolean
}

export interface MapNode extends NodeBase {
  readonly kind: 'map'
  /** `{…}` instead of indented lines. */
  readonly flow: boolean
  /** In source order, merges resolved: merged entries (not overridden ones) come last, `<<` itself is left out. */
  readonly entries: readonly MapEntry[]
  /** Entries whose key occurred before in this map (Kubernetes' strict decoding rejects them); not in `entries`. */
  readonly duplicates: readonly MapEntry[]
  /** For `entry` and `get`, where `entries` would be made for them. */
  find?(name: string): MapEntry | undefined
  get?(name: string): Node | undefined
}

export interface SeqNode extends NodeBase {
  readonly kind: 'seq'
  readonly flow: boolean
  readonly items: readonly Node[]
}

export interface ScalarNode extends NodeBase {
  readonly kind: 'scalar'
  readonly style: ScalarStyle
  /** What Kubernetes sees (YAML 1.1 as sigs.k8s.io/yaml resolves it). */
  readonly value: ScalarValue
  /** The text between the quotes, unescaped; the raw text of a plain scalar. */
  readonly text: string
  /** The value is or holds a placeholder (`${VAR}`, `{{ … }}`): its real content is unknown. */
  readonly unknown: boolean
  /** `value` is a float in YAML although it may be whole (`1e2`, `80.0`); integers beyond 2^53 keep their text. */
  readonly float?: boolean
}

export type Node = MapNode | SeqNode | ScalarNode

/** Whether both are one node of one tree: some trees make their nodes anew whenever these are asked for. */
export function same(a: Node | undefined, b: Node | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && a.isSame?.(b) === true)
}

/** The entry of that name, merged ones included. */
export function entry(node: Node | undefined, name: string): MapEntry | undefined {
  if (node?.kind !== 'map') return undefined
  return node.find ? node.find(name) : node.entries.find(e => e.name === name)
}

/** The value under that name; undefined when absent or when the entry has no value. */
export function get(node: Node | undefined, name: string): Node | undefined {
  if (node?.kind !== 'map') return undefined
  return node.get ? node.get(name) : node.entries.find(e => e.name === name)?.value
}

/** The entry whose value, or key, a node is; undefined for others. */
export function entryOf(node: Node, as: 'key' | 'value' = 'value'): MapEntry | undefined {
  const { parent } = node
  return parent?.kind === 'map' ? parent.entries.find(e => same(e[as], node)) : undefined
}

/** Where a node stands in a list; -1 when it does not. */
export function indexIn(list: SeqNode, node: Node): number {
  return list.items.findIndex(item => same(item, node))
}

/** The value at the end of a path of map keys and sequence indexes. */
export function at(node: Node | undefined, path: readonly (string | number)[]): Node | undefined {
  let here = node
  for (const step of path) here = typeof step === 'number' ? items(here)[step] : get(here, step)
  return here
}

/** The items of a sequence; none for anything else. */
export function items(node: Node | undefined): readonly Node[] {
  return node?.kind === 'seq' ? node.items : NONE
}

/** The string of a scalar whose content is known, else undefined. */
export function str(node: Node | undefined): string | undefined {
  return node?.kind === 'scalar' && !node.unknown && typeof node.value === 'string' ? node.value : undefined
}

/** `null` or nothing: Kubernetes drops both. */
export function isNull(node: Node | undefined): boolean {
  return node === undefined || (node.kind === 'scalar' && node.value === null && !node.unknown)
}
