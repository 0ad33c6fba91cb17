// Reads text that Kubernetes refuses, as far as it goes, for who is still typing: the only file that knows the library `yaml`.

import {
  Composer,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  type Pair,
  type ParsedNode,
  Parser,
  type Document as YamlDocument,
} from 'yaml'
import type { SyntaxProblem } from './file.ts'
import type { ScalarStyle, Span } from './node.ts'
import { MAX_DEPTH, type Raw, type RawPair } from './raw.ts'
import { explain } from './yamlErrors.ts'

/** Syntax errors that are told of one document: who has so many mends the first ones first. */
const MAX_ERRORS = 100

/** What could be read, and what is wrong with the rest. Throws when it is too deep. */
export function readTolerantly(text: string): {
  root: Raw | undefined
  comments: readonly Span[]
  errors: readonly SyntaxProblem[]
} {
  const comments: Span[] = []
  const document = read(text, comments)
  const errors = (document?.errors ?? [])
    .slice(0, MAX_ERRORS)
    .flatMap(e => explain(e.code, e.message, e.pos, text) ?? [])
  const root = document?.contents ? toRaw(document.contents, 0) : undefined
  return { root, comments, errors }
}

const STYLES: Readonly<Record<string, ScalarStyle>> = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
}

function spanOf(node: { range?: readonly [number, number, number] | null } | null): Span {
  const range = node?.range
  return range ? { start: range[0], end: Math.max(range[0], range[1]) } : { start: 0, end: 0 }
}

function toRaw(node: ParsedNode | null, depth: number): Raw {
  if (depth > MAX_DEPTH) throw new RangeError('too deep')
  const span = spanOf(node)
  if (isAlias(node)) return { kind: 'alias', name: node.source, ...span }
  const props = { anchor: node?.anchor, tag: node?.tag }
  if (isMap(node)) {
    const pairs = node.items.map(pair => toPair(pair as Pair<ParsedNode, ParsedNode | null>, depth))
    return { kind: 'map', flow: node.flow === true, pairs, ...span, ...props }
  }
  if (isSeq(node)) {
    const items = node.items.map(item => toItem(item as ParsedNode | Pair<ParsedNode, ParsedNode | null>, depth))
    return { kind: 'seq', flow: node.flow === true, items, ...span, ...props }
  }
  if (!isScalar(node)) return { kind: 'scalar', style: 'plain', text: '', ...span }
  const text = typeof node.value === 'string' ? node.value : (node.source ?? '')
  return { kind: 'scalar', style: STYLES[node.type ?? 'PLAIN'] ?? 'plain', text, ...span, ...props }
}

function toPair(pair: Pair<ParsedNode, ParsedNode | null>, depth: number): RawPair {
  const { value } = pair
  const none =
    !value || (isScalar(value) && value.type === 'PLAIN' && (value.source ?? '') === '' && !value.anchor && !value.tag)
  return { key: toRaw(pair.key, depth + 1), value: none ? undefined : toRaw(value, depth + 1) }
}

/** An item of a list; `[a: b]` holds a pair. */
function toItem(item: ParsedNode | Pair<ParsedNode, ParsedNode | null>, depth: number): Raw {
  if (!item || !('key' in item)) return toRaw(item, depth + 1)
  const pair = toPair(item, depth + 1)
  return { kind: 'map', flow: true, pairs: [pair], start: pair.key.start, end: (pair.value ?? pair.key).end }
}

function read(text: string, comments: Span[]): YamlDocument.Parsed | undefined {
  const composer = new Composer({
    schema: 'failsafe',
    uniqueKeys: false,
    merge: false,
    strict: true,
    prettyErrors: false,
    logLevel: 'silent',
  })
  const parser = new Parser()
  const lexer = new Lexer()
  let first: YamlDocument.Parsed | undefined
  let offset = 0
  let lastDepth = 0
  let before = ''
  let misplaced = 0
  const take = (documents: Iterable<YamlDocument.Parsed>) => {
    for (const d of documents) first ??= d
  }
  for (const lexeme of lexer.lex(text)) {
    if (lexeme[0] === '#') comments.push({ start: offset, end: offset + lexeme.length })
    if (lexeme !== '\u0002' && lexeme !== '\u001f' && lexeme !== '\u0018') offset += lexeme.length
    if (lexeme === '[' || lexeme === '{') {
      if (++lastDepth > 5000) throw new RangeError('too deep')
      if ((before === ']' || before === '}') && ++misplaced > MAX_ERRORS) throw new Error('brackets follow each other')
    }
    if (lexeme === ']' || lexeme === '}') lastDepth--
    before = lexeme
    for (const token of parser.next(lexeme)) take(composer.next(token))
  }
  for (const token of parser.end()) take(composer.next(token))
  take(composer.end(false, text.length))
  return first
}
