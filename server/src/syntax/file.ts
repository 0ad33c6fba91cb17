// A file and the YAML documents in it.

import type { Node, Span } from './node.ts'

/** A syntax error: what is wrong, where; `code` is a rule id (`yaml-syntax`, `yaml-duplicate-key`, …). */
export interface SyntaxProblem {
  readonly code: string
  readonly message: string
  readonly span: Span
}

/**
 * One YAML document: its text (as typed), its tree and its syntax errors. A value that knows neither its file nor its
 * position. `templated` says that it is a Helm template whose actions were blanked before it was read.
 */
export interface Document {
  readonly text: string
  readonly root: Node | undefined
  readonly errors: readonly SyntaxProblem[]
  readonly templated: boolean
  /** Spans of comments, `#` included, in source order. */
  readonly comments: readonly Span[]
}

/** A URI, its text, its documents and the offset at which each starts in the text. */
export interface File {
  readonly uri: string
  readonly version: number | undefined
  readonly text: string
  readonly documents: readonly Document[]
  readonly starts: readonly number[]
}

/** Whether words of the document may be written in a way that its text does not show: with escapes, or in base64 behind a tag. */
export const mayHideWords = ({ text }: Pick<Document, 'text'>): boolean => text.includes('\\') || text.includes('!')
