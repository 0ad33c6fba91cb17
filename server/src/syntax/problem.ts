// What is wrong at a span, ways out of it, and how a place in the source is named.

import type { Document } from './file.ts'
import type { Span } from './node.ts'

/** How anything points at source, also across files: a document and a span inside it. */
export interface Place {
  readonly document: Document
  readonly span: Span
}

export type Severity = 'error' | 'warning' | 'information' | 'hint'

/** Replaces the text of a place, or makes a new file. */
export type Edit =
  | { readonly kind: 'replace'; readonly place: Place; readonly text: string }
  | { readonly kind: 'create'; readonly uri: string; readonly text: string }

/** A way out of a problem; its edits are computed only when asked for. */
export interface Fix {
  readonly title: string
  readonly preferred?: boolean
  /**
   * What it writes, in its own words: fixes about the same thing are not applied at once, nor about a thing and a part of it
   * ("policy shop/web", and after a blank what is added to a list of it). Parts may be added in one place.
   */
  readonly about?: readonly string[]
  edits(): readonly Edit[]
}

export interface Related {
  readonly place: Place
  readonly message: string
}

/** Something wrong at a span of one document. */
export interface Problem {
  readonly code: string
  readonly severity: Severity
  readonly message: string
  readonly span: Span
  readonly fixes: readonly Fix[]
  readonly related: readonly Related[]
}
