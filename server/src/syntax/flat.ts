// Trees of the fast reader, small in memory: of ten thousand policies there are more than a million nodes. A tree is a table of
// numbers, and its nodes are made anew whenever they are asked for (`same` of node.ts tells whether two are one place).

import { detached, memo, NONE } from '../memo.ts'
import type { MapEntry, MapNode, Node, ScalarNode, ScalarStyle, ScalarValue, SeqNode, Span } from './node.ts'
import { hasVariable } from './template.ts'
import { keyName, resolvePlain } from './yaml11.ts'

/**
 * A node is four numbers: where it starts and ends; its holder's index plus one with its flags below; and of a scalar the index of
 * what is known of it, of a map or list the index of the first node behind its own. A node's children follow it, each with all of
 * its own before the next: of a map a key, its value unless it has none, the next key.
 */
const WIDTH = 4
const END = 1
const HOLD = 2
const MORE = 3

const MAP = 1
const SEQ = 2
const FLOW = 4
/** A key without a value. */
const LONELY = 8
const FLAGS = 4
const FLAG_BITS = 15

/** Below this the numbers of a tree fit into 16 bits. */
const SMALL_TEXT = 0x10000
const SMALL_COUNT = 0x1000

/** What a tree is made of: its numbers, and what is known of each of its scalars in their order. */
export interface Tree {
  readonly numbers: Int32Array | Uint16Array
  readonly known: readonly Known[]
}

/** The tree of a root that the fast reader has made; undefined for others. */
export const treeOf = (root: Node | undefined): Tree | undefined =>
  root instanceof FlatNode && root.index === 0 ? root.tree : undefined

/** The root of a tree that was made before. */
export const rootOf = (tree: Tree): Node => nodeAt(tree, 0)

const flagsOf = ({ numbers }: Tree, index: number): number => numbers[index * WIDTH + HOLD] as number
const moreOf = ({ numbers }: Tree, index: number): number => numbers[index * WIDTH + MORE] as number
const endOf = ({ numbers }: Tree, index: number): number => numbers[index * WIDTH + END] as number
const nameOf = (tree: Tree, index: number): string | undefined => (tree.known[moreOf(tree, index)] as Known).name

/** The index of the first node behind a node and all that it holds. */
const behind = (tree: Tree, index: number): number =>
  flagsOf(tree, index) & (MAP | SEQ) ? moreOf(tree, index) : index + 1

/** The index of the key or item after one. */
const next = (tree: Tree, index: number): number =>
  flagsOf(tree, index) & LONELY ? index + 1 : behind(tree, index + 1)

function nodeAt(tree: Tree, index: number): FlatMap | FlatSeq | FlatScalar {
  const flags = flagsOf(tree, index)
  return flags & MAP ? new FlatMap(tree, index) : flags & SEQ ? new FlatSeq(tree, index) : new FlatScalar(tree, index)
}

/** A place in a tree: what nodes and entries are made of. */
class Flat {
  declare readonly tree: Tree
  declare readonly index: number

  constructor(tree: Tree, index: number) {
    this.tree = tree
    this.index = index
  }
}

class FlatNode extends Flat {
  get span(): Span {
    const at = this.index * WIDTH
    const { numbers } = this.tree
    return { start: numbers[at] as number, end: numbers[at + END] as number }
  }
  get parent(): MapNode | SeqNode | undefined {
    const holder = flagsOf(this.tree, this.index) >> FLAGS
    return holder === 0 ? undefined : (nodeAt(this.tree, holder - 1) as FlatMap | FlatSeq)
  }
  isSame(other: Node): boolean {
    return other instanceof FlatNode && other.index === this.index && other.tree === this.tree
  }
}

class FlatScalar extends FlatNode implements ScalarNode {
  get kind(): 'scalar' {
    return 'scalar'
  }
  private get known(): Known {
    return this.tree.known[moreOf(this.tree, this.index)] as Known
  }
  /** Itself, so that it is a value with the node where it is written. */
  get node(): this {
    return this
  }
  get text(): string {
    return this.known.text
  }
  get style(): ScalarStyle {
    return styleOf(this.known)
  }
  get value(): ScalarValue {
    return this.known.value
  }
  get unknown(): boolean {
    return (this.known.bits & UNKNOWN) !== 0
  }
  get float(): true | undefined {
    return this.known.bits & FLOAT ? true : undefined
  }
}

class FlatHolder extends FlatNode {
  get flow(): boolean {
    return (flagsOf(this.tree, this.index) & FLOW) !== 0
  }
}

class FlatMap extends FlatHolder implements MapNode {
  get kind(): 'map' {
    return 'map'
  }
  get entries(): readonly MapEntry[] {
    const { tree } = this
    const end = moreOf(tree, this.index)
    let count = 0
    for (let at = this.index + 1; at < end; at = next(tree, at)) count++
    const list = new Array<MapEntry>(count)
    for (let at = this.index + 1, i = 0; i < count; at = next(tree, at)) list[i++] = new FlatEntry(tree, at)
    return list
  }
  get duplicates(): readonly MapEntry[] {
    return NONE
  }
  find(name: string): MapEntry | undefined {
    const at = indexOf(this, name)
    return at === 0 ? undefined : new FlatEntry(this.tree, at)
  }
  get(name: string): Node | undefined {
    const at = indexOf(this, name)
    return at === 0 || flagsOf(this.tree, at) & LONELY ? undefined : nodeAt(this.tree, at + 1)
  }
}

/** The index of the key of that name; 0 when there is none. */
function indexOf({ tree, index }: FlatMap, name: string): number {
  const end = moreOf(tree, index)
  let passed = 0
  for (let at = index + 1; at < end; at = next(tree, at)) {
    if (nameOf(tree, at) === name) return at
    if (passed++ === LOOKED) return namesOf(tree, index).get(name) ?? 0
  }
  return 0
}

/** So many keys of a map are looked through: in a longer one the others are looked up. */
const LOOKED = 100

const longMaps = memo((_tree: Tree) => new Map<number, ReadonlyMap<string, number>>())

/** The indexes of the keys of a long map by their names. */
function namesOf(tree: Tree, index: number): ReadonlyMap<string, number> {
  const known = longMaps(tree).get(index)
  if (known) return known
  const names = new Map<string, number>()
  const end = moreOf(tree, index)
  for (let at = index + 1; at < end; at = next(tree, at)) {
    const name = nameOf(tree, at)
    if (name !== undefined) names.set(name, at)
  }
  longMaps(tree).set(index, names)
  return names
}

class FlatSeq extends FlatHolder implements SeqNode {
  get kind(): 'seq' {
    return 'seq'
  }
  get items(): readonly Node[] {
    const { tree } = this
    const end = moreOf(tree, this.index)
    let count = 0
    for (let at = this.index + 1; at < end; at = behind(tree, at)) count++
    const list = new Array<Node>(count)
    for (let at = this.index + 1, i = 0; i < count; at = behind(tree, at)) list[i++] = nodeAt(tree, at)
    return list
  }
}

class FlatEntry extends Flat implements MapEntry {
  get key(): ScalarNode {
    return new FlatScalar(this.tree, this.index)
  }
  get name(): string {
    return nameOf(this.tree, this.index) ?? ''
  }
  get value(): Node | undefined {
    return flagsOf(this.tree, this.index) & LONELY ? undefined : nodeAt(this.tree, this.index + 1)
  }
  get span(): Span {
    const { tree, index } = this
    const end = endOf(tree, index)
    const last = flagsOf(tree, index) & LONELY ? end : Math.max(end, endOf(tree, index + 1))
    return { start: tree.numbers[index * WIDTH] as number, end: last }
  }
}

/** How a scalar is written. */
export const styleOf = ({ bits }: Known): 'plain' | 'double' | 'single' =>
  bits & DOUBLE ? 'double' : bits & SINGLE ? 'single' : 'plain'

/** Maps of more entries find doubled keys by a set. */
const FEW = 12

/** Takes the nodes of a text in its order. There is one only: nothing else is read meanwhile. */
export const builder = {
  numbers: new Int32Array(1 << 14),
  known: [] as Known[],
  count: 0,

  /** Forgets everything. */
  begin(): void {
    this.count = 0
    this.known.length = 0
  },
  /** A map or list; returns its index. `end` tells where it ends. */
  open(kind: 'map' | 'seq', start: number, of: { readonly holder: number; readonly flow: boolean }): number {
    return this.add(start, start, ((of.holder + 1) << FLAGS) | (kind === 'map' ? MAP : SEQ) | (of.flow ? FLOW : 0))
  },
  end(index: number, end: number): void {
    this.numbers[index * WIDTH + END] = end
    this.numbers[index * WIDTH + MORE] = this.count
  },
  scalar(start: number, end: number, of: { readonly holder: number; readonly known: Known }): number {
    const index = this.add(start, end, (of.holder + 1) << FLAGS)
    this.numbers[index * WIDTH + MORE] = this.known.push(of.known) - 1
    return index
  },
  /** A key that turns out to have no value. */
  lonely(key: number): void {
    const at = key * WIDTH + HOLD
    this.numbers[at] = (this.numbers[at] as number) | LONELY
  },
  add(start: number, end: number, hold: number): number {
    const at = this.count * WIDTH
    if (at + WIDTH > this.numbers.length) this.grow(WIDTH)
    this.numbers[at] = start
    this.numbers[at + END] = end
    this.numbers[at + HOLD] = hold
    this.numbers[at + MORE] = 0
    return this.count++
  },
  /** Notes the name of the next key of a map, all of whose entries so far are read; false when it has that name already. */
  isNew(map: number, name: string, names: Names): boolean {
    if (names.count++ === FEW) {
      names.set = new Set()
      for (let at = map + 1; at < this.count; at = next(this, at)) names.set.add(nameOf(this, at) ?? '')
    }
    if (names.set) {
      const size = names.set.size
      return names.set.add(name).size > size
    }
    for (let at = map + 1; at < this.count; at = next(this, at)) if (nameOf(this, at) === name) return false
    return true
  },
  /** A copy of what was read since there were so many nodes: one node with all that it holds, whose text begins at `start`. */
  cut(first: number, start: number): Cut {
    const numbers = this.numbers.slice(first * WIDTH, this.count * WIDTH)
    const known: Known[] = []
    for (let at = 0; at < numbers.length; at += WIDTH) {
      const hold = numbers[at + HOLD] as number
      const more = numbers[at + MORE] as number
      const isScalar = (hold & (MAP | SEQ)) === 0
      numbers[at] = (numbers[at] as number) - start
      numbers[at + END] = (numbers[at + END] as number) - start
      numbers[at + HOLD] = at === 0 ? hold & FLAG_BITS : hold - (first << FLAGS)
      numbers[at + MORE] = isScalar ? known.push(this.known[more] as Known) - 1 : more - first
    }
    return { numbers, known }
  },
  /** Adds a copy of what was cut, whose text begins at `start` here. */
  paste({ numbers, known }: Cut, start: number, holder: number): void {
    const first = this.count
    const scalars = this.known.length
    this.grow(numbers.length)
    const to = this.numbers
    let here = first * WIDTH
    for (let at = 0; at < numbers.length; at += WIDTH, here += WIDTH) {
      const hold = numbers[at + HOLD] as number
      to[here] = (numbers[at] as number) + start
      to[here + END] = (numbers[at + END] as number) + start
      to[here + HOLD] = hold + ((at === 0 ? holder + 1 : first) << FLAGS)
      to[here + MORE] = (numbers[at + MORE] as number) + (hold & (MAP | SEQ) ? first : scalars)
    }
    this.count += numbers.length / WIDTH
    for (let i = 0; i < known.length; i++) this.known.push(known[i] as Known)
  },
  /** Makes room for more numbers. */
  grow(more: number): void {
    const wanted = this.count * WIDTH + more
    if (wanted <= this.numbers.length) return
    const larger = new Int32Array(Math.max(wanted, this.numbers.length * 2))
    larger.set(this.numbers)
    this.numbers = larger
  },
  /** The root of what was read, which was the first. */
  root(textLength: number): Node {
    const { count, known } = this
    const numbers = this.numbers.subarray(0, count * WIDTH)
    const small = textLength < SMALL_TEXT && count < SMALL_COUNT
    return nodeAt({ numbers: small ? new Uint16Array(numbers) : numbers.slice(), known: known.slice() }, 0)
  },
}

/** A part of a tree, of one node and all that it holds: places are counted from its own start, and its first holder is left open. */
export interface Cut {
  readonly numbers: Int32Array
  readonly known: readonly Known[]
}

/** The names of a map that is being read: a set of them when they are many. */
export interface Names {
  count: number
  set?: Set<string>
}

/** A text that was seen before, and what it means. */
export interface Known {
  readonly text: string
  readonly bits: number
  readonly value: ScalarValue
  /** As a key; undefined for what cannot be one here: a placeholder, null, and the merge key. */
  readonly name: string | undefined
}

/** What is known of a scalar by its text and style, in one small number. */
const DOUBLE = 1
const SINGLE = 2
const UNKNOWN = 4
const FLOAT = 8

/** Texts of policies are the same ones again and again: each is kept once, with what it means. */
const seen = { plain: new Map<string, Known>(), double: new Map<string, Known>(), single: new Map<string, Known>() }
const MOST = 20_000
const LONG = 60

/** What a scalar of that text and style is; undefined when it has no form in JSON. */
export function knownScalar(text: string, style: 'plain' | 'double' | 'single'): Known | undefined {
  const before = seen[style].get(text)
  if (before) return before
  const known = meaningOf(detached(text), style)
  if (!known || text.length > LONG) return known
  if (seen[style].size >= MOST) seen[style].clear()
  seen[style].set(known.text, known)
  return known
}

function meaningOf(text: string, style: 'plain' | 'double' | 'single'): Known | undefined {
  const unknown = hasVariable(text)
  const bits = unknown ? UNKNOWN : 0
  if (style !== 'plain') {
    const quoted = style === 'double' ? DOUBLE : SINGLE
    return { text, bits: bits | quoted, value: text, name: unknown ? undefined : text }
  }
  if (unknown) return { text, bits, value: text, name: undefined }
  const { value, float, invalid } = resolvePlain(text)
  if (invalid) return undefined
  const name = text === '<<' ? undefined : typeof value === 'string' ? text : keyName(value, float === true)
  return { text, bits: float ? FLOAT : 0, value, name }
}
