// A YAML tree before Kubernetes' meaning is given to it: what both readers, the exact and the tolerant one, make.

import type { ScalarStyle, Span } from './node.ts'

interface RawBase extends Span {
  readonly anchor?: string | undefined
  /** In full (`tag:yaml.org,2002:str`), `!` alone, or of the author's own (`!foo`). */
  readonly tag?: string | undefined
}

export interface RawPair {
  readonly key: Raw
  readonly value: Raw | undefined
}

export interface RawMap extends RawBase {
  readonly kind: 'map'
  readonly flow: boolean
  readonly pairs: readonly RawPair[]
}

export interface RawSeq extends RawBase {
  readonly kind: 'seq'
  readonly flow: boolean
  readonly items: readonly Raw[]
}

export interface RawScalar extends RawBase {
  readonly kind: 'scalar'
  readonly style: ScalarStyle
  readonly text: string
}

export interface RawAlias extends Span {
  readonly kind: 'alias'
  readonly name: string
}

export type Raw = RawMap | RawSeq | RawScalar | RawAlias

/** Nesting beyond this is refused: the reader's own stack has an end. */
export const MAX_DEPTH = 500
