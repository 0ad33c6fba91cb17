// Cuts text into YAML tokens exactly where Kubernetes' reader does (YAML 1.1, as go.yaml.in/yaml/v2 scannerc.go decides): what it refuses is refused here.

import type { ScalarStyle, Span } from './node.ts'

export type TokenKind =
  | 'version'
  | 'tag-directive'
  | 'document-start'
  | 'document-end'
  | 'block-seq'
  | 'block-map'
  | 'block-end'
  | '['
  | ']'
  | '{'
  | '}'
  | ','
  | '-'
  | '?'
  | ':'
  | 'alias'
  | 'anchor'
  | 'tag'
  | 'scalar'
  | 'end'

export interface Token extends Span {
  readonly kind: TokenKind
  /** Text of a scalar, name of an anchor, handle of a tag. */
  readonly value?: string
  /** What follows the handle of a tag. */
  readonly suffix?: string
  readonly style?: ScalarStyle
}

/** A token that may turn out to be a key once a `:` follows on the same line. */
interface SimpleKey {
  possible: boolean
  readonly required: boolean
  readonly token: number
  readonly pos: number
  readonly line: number
  readonly column: number
}

export interface Scanner {
  readonly text: string
  pos: number
  line: number
  /** Where the line starts: a column is the distance from here. */
  lineStart: number
  indent: number
  readonly indents: number[]
  flow: number
  /** Whether a key may start here without `?`. */
  keyAllowed: boolean
  readonly keys: SimpleKey[]
  readonly tokens: Token[]
  /** How many tokens were taken. */
  taken: number
  readonly comments: Span[]
}

/** Why a text is not YAML to Kubernetes, and where. */
export class NotYaml extends Error {
  readonly span: Span
  constructor(message: string, start: number, end = start + 1) {
    super(message)
    this.span = { start, end }
  }
}

const NO_KEY: SimpleKey = { possible: false, required: false, token: -1, pos: 0, line: 0, column: 0 }

/** A scanner at the beginning of a text. */
export function scanner(text: string): Scanner {
  const start = text.startsWith('\uFEFF') ? 1 : 0
  return {
    text,
    pos: start,
    line: 0,
    lineStart: start,
    indent: -1,
    indents: [],
    flow: 0,
    keyAllowed: true,
    keys: [NO_KEY],
    tokens: [],
    taken: 0,
    comments: [],
  }
}

export const column = (s: Scanner): number => s.pos - s.lineStart

/** A line break; NaN is the end of the text. */
export function isBreak(code: number): boolean {
  return code === 10 || code === 13 || code === 0x85 || code === 0x2028 || code === 0x2029
}
export const isBlank = (code: number): boolean => code === 32 || code === 9
/** A space, a tab, a line break or the end of the text. */
export function isGap(code: number): boolean {
  return code === 32 || code === 9 || isBreak(code) || Number.isNaN(code)
}

/** Passes one line break. */
export function skipLine(s: Scanner): void {
  const { text } = s
  s.pos += text.charCodeAt(s.pos) === 13 && text.charCodeAt(s.pos + 1) === 10 ? 2 : 1
  s.line++
  s.lineStart = s.pos
}

/** Passes a comment, up to the line break. */
export function skipComment(s: Scanner): void {
  if (s.text.charCodeAt(s.pos) !== 35) return
  const start = s.pos
  while (s.pos < s.text.length && !isBreak(s.text.charCodeAt(s.pos))) s.pos++
  s.comments.push({ start, end: s.pos })
}

/** `---` or `...` at the beginning of a line. */
export function atIndicator(s: Scanner): boolean {
  if (s.pos !== s.lineStart) return false
  const code = s.text.charCodeAt(s.pos)
  if (code !== 45 && code !== 46) return false
  return (
    s.text.charCodeAt(s.pos + 1) === code &&
    s.text.charCodeAt(s.pos + 2) === code &&
    isGap(s.text.charCodeAt(s.pos + 3))
  )
}

/** Passes blanks, comments and line breaks up to the next token. */
export function toNextToken(s: Scanner): void {
  const { text } = s
  for (;;) {
    let code = text.charCodeAt(s.pos)
    while (code === 32 || (code === 9 && (s.flow > 0 || !s.keyAllowed))) code = text.charCodeAt(++s.pos)
    if (code === 35) {
      skipComment(s)
      code = text.charCodeAt(s.pos)
    }
    if (!isBreak(code)) return
    skipLine(s)
    if (s.flow === 0) s.keyAllowed = true
  }
}

export function push(s: Scanner, token: Token): void {
  s.tokens.push(token)
}

/** A token of indicator characters. */
export function indicator(s: Scanner, kind: TokenKind, length = 1): void {
  push(s, { kind, start: s.pos, end: s.pos + length })
  s.pos += length
}

/** Opens a block collection when the column is deeper than what is open; `at` is the index among all tokens. */
export function rollIndent(
  s: Scanner,
  to: { column: number; kind: 'block-seq' | 'block-map'; pos: number; at?: number },
): void {
  if (s.flow > 0 || s.indent >= to.column) return
  s.indents.push(s.indent)
  s.indent = to.column
  const token = { kind: to.kind, start: to.pos, end: to.pos }
  if (to.at === undefined) push(s, token)
  else s.tokens.splice(to.at - s.taken, 0, token)
}

/** Closes the block collections that are deeper than the column. */
export function unrollIndent(s: Scanner, to: number): void {
  if (s.flow > 0) return
  while (s.indent > to) {
    push(s, { kind: 'block-end', start: s.pos, end: s.pos })
    s.indent = s.indents.pop() ?? -1
  }
}

const missingColon = (key: SimpleKey, s: Scanner) => {
  let end = key.pos
  while (end < s.text.length && !isBreak(s.text.charCodeAt(end))) end++
  return new NotYaml('a key must be followed by ":": add the colon', key.pos, end)
}

/** Whether the key can still get its colon. Throws when it had to. */
export function keyHolds(s: Scanner, key: SimpleKey): boolean {
  if (!key.possible) return false
  if (key.line === s.line && key.pos + 1024 >= s.pos) return true
  if (key.required) throw missingColon(key, s)
  key.possible = false
  return false
}

/** Remembers that what starts here may be a key. */
export function saveKey(s: Scanner): void {
  if (!s.keyAllowed) return
  dropKey(s)
  const required = s.flow === 0 && s.indent === column(s)
  s.keys[s.keys.length - 1] = {
    possible: true,
    required,
    token: s.taken + s.tokens.length,
    pos: s.pos,
    line: s.line,
    column: column(s),
  }
}

/** Gives up the key that was possible. Throws when it had to be one. */
export function dropKey(s: Scanner): void {
  const key = s.keys.at(-1)
  if (!key?.possible) return
  if (key.required) throw missingColon(key, s)
  key.possible = false
}

export function openFlow(s: Scanner): void {
  s.keys.push(NO_KEY)
  s.flow++
}

export function closeFlow(s: Scanner): void {
  if (s.flow === 0) return
  s.flow--
  s.keys.pop()
}

/** The key that was possible at this level of flow, without which it may yet be. */
export const lastKey = (s: Scanner): SimpleKey => s.keys.at(-1) ?? NO_KEY

/** Whether more must be read before the first token is known to be what it is. */
export function undecided(s: Scanner): boolean {
  if (s.tokens.length === 0) return true
  return s.keys.some(key => key.token === s.taken && key.possible && keyHolds(s, key))
}
