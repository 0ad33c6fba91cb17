// Nodes of the fast reader, small in memory: of ten thousand policies there are more than a million. Everything that can be
// told from the rest is told by a getter, which makes a tree half as large as one of plain objects.

import { NONE } from '../memo.ts'
import type { MapEntry, MapNode, Node, ScalarNode, ScalarStyle, ScalarValue, SeqNode, Span } from './node.ts'
import { hasVariable } from './template.ts'
import { keyName, resolvePlain } from './yaml11.ts'

export type Holder = MapNode | SeqNode

/** What is known of a scalar by its text and style, in one small number. */
const DOUBLE = 1
const SINGLE = 2
const UNKNOWN = 4
/** A plain scalar that is no string. */
const RESOLVED = 8
const FLOAT = 16
const INVALID = 32

export class LeanScalar implements ScalarNode {
  declare readonly start: number
  declare readonly end: number
  declare readonly parent: Holder
  declare readonly text: string
  declare readonly bits: number

  constructor(parent: Holder, start: number, end: number, known: Known) {
    this.start = start
    this.end = end
    this.parent = parent
    this.text = known.text
    this.bits = known.bits
  }
  get kind(): 'scalar' {
    return 'scalar'
  }
  get span(): Span {
    return { start: this.start, end: this.end }
  }
  get style(): ScalarStyle {
    return this.bits & DOUBLE ? 'double' : this.bits & SINGLE ? 'single' : 'plain'
  }
  get value(): ScalarValue {
    return this.bits & RESOLVED ? resolvePlain(this.text).value : this.text
  }
  get unknown(): boolean {
    return (this.bits & UNKNOWN) !== 0
  }
  get float(): true | undefined {
    return this.bits & FLOAT ? true : undefined
  }
}

export class LeanMap implements MapNode {
  declare readonly start: number
  declare end: number
  declare readonly parent: Holder | undefined
  declare readonly flow: boolean
  declare entries: readonly MapEntry[]

  constructor(parent: Holder | undefined, start: number, flow: boolean) {
    this.start = start
    this.end = start
    this.parent = parent
    this.flow = flow
    this.entries = NONE
  }
  get kind(): 'map' {
    return 'map'
  }
  get span(): Span {
    return { start: this.start, end: this.end }
  }
  get duplicates(): readonly MapEntry[] {
    return NONE
  }
}

export class LeanSeq implements SeqNode {
  declare readonly start: number
  declare end: number
  declare readonly parent: Holder | undefined
  declare readonly flow: boolean
  declare items: readonly Node[]

  constructor(parent: Holder | undefined, start: number, flow: boolean) {
    this.start = start
    this.end = start
    this.parent = parent
    this.flow = flow
    this.items = NONE
  }
  get kind(): 'seq' {
    return 'seq'
  }
  get span(): Span {
    return { start: this.start, end: this.end }
  }
}

export class LeanEntry implements MapEntry {
  declare readonly key: LeanScalar
  declare readonly name: string
  declare readonly value: Node | undefined

  constructor(key: LeanScalar, name: string, value: Node | undefined) {
    this.key = key
    this.name = name
    this.value = value
  }
  get span(): Span {
    const { start, end } = this.key
    return { start, end: Math.max(end, this.value?.span.end ?? end) }
  }
}

/** A text that was seen before, and what it means. */
export interface Known {
  readonly text: string
  readonly bits: number
}

/** Texts of policies are the same ones again and again: each is kept once, with what it means. */
const seen = { plain: new Map<string, Known>(), double: new Map<string, Known>(), single: new Map<string, Known>() }
const MOST = 20_000
const LONG = 60

/** What a scalar of that text and style is; undefined when it has no form in JSON. */
export function knownScalar(text: string, style: 'plain' | 'double' | 'single'): Known | undefined {
  const before = seen[style].get(text)
  if (before) return before
  const bits = bitsOf(text, style)
  if (bits & INVALID) return undefined
  if (text.length > LONG) return { text, bits }
  if (seen[style].size >= MOST) seen[style].clear()
  // A copy: a slice would keep the whole file that it was cut from.
  const known = { text: ` ${text}`.slice(1), bits }
  seen[style].set(known.text, known)
  return known
}

function bitsOf(text: string, style: 'plain' | 'double' | 'single'): number {
  const unknown = hasVariable(text) ? UNKNOWN : 0
  if (style !== 'plain') return unknown | (style === 'double' ? DOUBLE : SINGLE)
  if (unknown) return unknown
  const { value, float, invalid } = resolvePlain(text)
  if (invalid) return INVALID
  return (typeof value === 'string' ? 0 : RESOLVED) | (float ? FLOAT : 0)
}

/** The name of a key; undefined for what cannot be one here: a placeholder, null, and the merge key. */
export function leanName(key: LeanScalar): string | undefined {
  const { text, bits } = key
  if (bits & UNKNOWN) return undefined
  if (bits & (DOUBLE | SINGLE)) return text
  return text === '<<' ? undefined : bits & RESOLVED ? keyName(key.value, key.float === true) : text
}
