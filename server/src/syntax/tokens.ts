// The next token of a text: which characters begin what.

import {
  atIndicator,
  closeFlow,
  column,
  dropKey,
  indicator,
  isBlank,
  isGap,
  keyHolds,
  lastKey,
  NotYaml,
  openFlow,
  push,
  rollIndent,
  type Scanner,
  saveKey,
  type Token,
  toNextToken,
  undecided,
  unrollIndent,
} from './scanner.ts'
import { scanBlock, scanPlain, scanQuoted } from './scanScalar.ts'
import { scanAnchor, scanDirective, scanTag } from './scanTag.ts'

/** The first token that was not taken yet. */
export function peek(s: Scanner): Token {
  while (undecided(s)) readNext(s)
  const token = s.tokens[0]
  if (!token) throw new Error('no token')
  return token
}

/** Takes the first token away. */
export function take(s: Scanner): Token {
  const token = peek(s)
  s.tokens.shift()
  s.taken++
  return token
}

function readNext(s: Scanner): void {
  toNextToken(s)
  unrollIndent(s, column(s))
  const c = s.text[s.pos] ?? ''
  const gap = isGap(s.text.charCodeAt(s.pos + 1))
  if (c === '') end(s)
  else if (s.pos === s.lineStart && c === '%') directive(s)
  else if (atIndicator(s)) document(s, c === '-' ? 'document-start' : 'document-end')
  else if (c === '[' || c === '{') flowStart(s, c)
  else if (c === ']' || c === '}') flowEnd(s, c)
  else if (c === ',') flowEntry(s)
  else if (c === '-' && gap) blockEntry(s)
  else if (c === '?' && (s.flow > 0 || gap)) key(s)
  else if (c === ':' && (s.flow > 0 || gap)) value(s)
  else content(s, c)
}

function end(s: Scanner): void {
  // The end of the text ends its line: what may be a key on it, in brackets that are still open, is none any more.
  if (s.pos !== s.lineStart) s.line++
  unrollIndent(s, -1)
  dropKey(s)
  s.keyAllowed = false
  push(s, { kind: 'end', start: s.pos, end: s.pos })
}

function directive(s: Scanner): void {
  unrollIndent(s, -1)
  dropKey(s)
  s.keyAllowed = false
  push(s, scanDirective(s))
}

function document(s: Scanner, kind: 'document-start' | 'document-end'): void {
  unrollIndent(s, -1)
  dropKey(s)
  s.keyAllowed = false
  indicator(s, kind, 3)
}

function flowStart(s: Scanner, kind: '[' | '{'): void {
  saveKey(s)
  openFlow(s)
  s.keyAllowed = true
  indicator(s, kind)
}

function flowEnd(s: Scanner, kind: ']' | '}'): void {
  dropKey(s)
  closeFlow(s)
  s.keyAllowed = false
  indicator(s, kind)
}

function flowEntry(s: Scanner): void {
  dropKey(s)
  s.keyAllowed = true
  indicator(s, ',')
}

function blockEntry(s: Scanner): void {
  if (s.flow === 0) {
    if (!s.keyAllowed) throw new NotYaml('a list cannot begin here: put it on the next line, indented', s.pos)
    rollIndent(s, { column: column(s), kind: 'block-seq', pos: s.pos })
  }
  dropKey(s)
  s.keyAllowed = true
  indicator(s, '-')
}

function key(s: Scanner): void {
  if (s.flow === 0) {
    if (!s.keyAllowed) throw new NotYaml('a key cannot begin here: put it on a line of its own', s.pos)
    rollIndent(s, { column: column(s), kind: 'block-map', pos: s.pos })
  }
  dropKey(s)
  s.keyAllowed = s.flow === 0
  indicator(s, '?')
}

function value(s: Scanner): void {
  const simple = lastKey(s)
  if (keyHolds(s, simple)) {
    s.tokens.splice(simple.token - s.taken, 0, { kind: '?', start: simple.pos, end: simple.pos })
    rollIndent(s, { column: simple.column, kind: 'block-map', pos: simple.pos, at: simple.token })
    simple.possible = false
    s.keyAllowed = false
  } else {
    if (s.flow === 0) {
      if (!s.keyAllowed)
        throw new NotYaml(
          'a map cannot begin here: put it on the next line, indented, or quote the value if it holds ": "',
          s.pos,
        )
      rollIndent(s, { column: column(s), kind: 'block-map', pos: s.pos })
    }
    s.keyAllowed = s.flow === 0
  }
  indicator(s, ':')
}

const INDICATORS = '-?:,[]{}#&*!|>\'"%@`'

function content(s: Scanner, c: string): void {
  if ((c === '|' || c === '>') && s.flow === 0) {
    dropKey(s)
    s.keyAllowed = true
    push(s, scanBlock(s, c === '|'))
    return
  }
  const next = s.text.charCodeAt(s.pos + 1)
  const plain =
    (!isGap(s.text.charCodeAt(s.pos)) && !INDICATORS.includes(c)) ||
    (c === '-' && !isBlank(next)) ||
    (s.flow === 0 && (c === '?' || c === ':') && !isGap(next))
  if (!plain && !`*&!'"`.includes(c))
    throw new NotYaml(
      c === '\t' ? 'tabs cannot indent YAML: use spaces' : 'a value cannot begin with this character: quote it',
      s.pos,
    )
  saveKey(s)
  s.keyAllowed = false
  if (plain) push(s, scanPlain(s))
  else if (c === '*') push(s, scanAnchor(s, 'alias'))
  else if (c === '&') push(s, scanAnchor(s, 'anchor'))
  else if (c === '!') push(s, scanTag(s))
  else push(s, scanQuoted(s, c === '"' ? '"' : "'"))
}
