// One document's text to its tree: the only file that knows the library `yaml`; resolves scalars, merges and aliases as Kubernetes does.

import {
  Composer,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  type ParsedNode,
  Parser,
  type Document as YamlDocument,
} from 'yaml'
import type { Document, SyntaxProblem } from './file.ts'
import type { MapEntry, MapNode, Node, ScalarNode, ScalarStyle, ScalarValue, SeqNode, Span } from './node.ts'
import { gapsOf, mayHoldMore, meets, sameBranches } from './rendering.ts'
import { hasVariable, type Untemplated, untemplate } from './template.ts'
import { keyName, resolvePlain } from './yaml11.ts'
import { explain } from './yamlErrors.ts'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
type Holder = MapNode | SeqNode | undefined

/** Nesting beyond this is refused: the reader's own stack has an end. */
const MAX_DEPTH = 500

interface Reader {
  readonly source: string
  readonly plain: Untemplated
  /** Where a template may print more. */
  gaps: readonly Span[]
  readonly errors: SyntaxProblem[]
  readonly anchors: Map<string, Node | 'open'>
  readonly sizes: Map<Node, number>
  depth: number
}

/** Characters: etcd stores no object beyond 1.5 MiB, and nobody waits for a longer one at every keystroke. */
export const MAX_LENGTH = 1_500_000
/** Syntax errors that are told of one document: who has so many mends the first ones first. */
const MAX_ERRORS = 100

/** Reads the text of one document; one longer than `limit` is not read, which is its only error. Never throws. */
export function compose(source: string, limit = MAX_LENGTH): Document {
  if (source.length > limit) return tooLong(source)
  const plain = untemplate(source)
  const errors: SyntaxProblem[] = []
  const comments: Span[] = []
  const reader: Reader = { source, plain, gaps: [], errors, anchors: new Map(), sizes: new Map(), depth: 0 }
  let root: Node | undefined
  try {
    const document = read(plain.text, comments)
    reader.gaps = gapsOf(plain, comments)
    if (document) {
      for (const e of document.errors.slice(0, MAX_ERRORS)) {
        const problem = explain(e.code, e.message, e.pos, plain.text)
        if (problem) errors.push(problem)
      }
      root = document.contents ? convert(reader, document.contents as ParsedNode, undefined) : undefined
      if (root?.kind === 'scalar' && root.style === 'plain' && root.text === '') root = undefined
      if (root) root = withinAliasLimit(reader, root)
    }
  } catch (e) {
    errors.push({ code: 'yaml-too-deep', message: tooDeep(e), span: { start: 0, end: Math.min(source.length, 1) } })
    root = undefined
  }
  const templated = plain.lines.length + plain.values.length > 0
  return { text: source, root, errors, templated, comments }
}

function tooLong(source: string): Document {
  const message = 'this document is longer than 1.5 MB, which no cluster stores, so it is not read: split it with ---'
  const errors = [{ code: 'yaml-too-deep', message, span: { start: 0, end: 1 } }]
  return { text: source, root: undefined, errors, templated: false, comments: [] }
}

function tooDeep(e: unknown): string {
  if (e instanceof RangeError) return 'this document is nested too deeply to be read: flatten it'
  return `this document cannot be read (${e instanceof Error ? e.message : String(e)}): write it more plainly`
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

function convert(reader: Reader, node: ParsedNode | null, parent: Holder): Node {
  if (++reader.depth > MAX_DEPTH) throw new RangeError('too deep')
  try {
    if (isAlias(node)) return alias(reader, node.source, spanOf(node), parent)
    const anchor = node && 'anchor' in node ? node.anchor : undefined
    if (anchor) reader.anchors.set(anchor, 'open')
    const made = isMap(node)
      ? map(reader, node as never, parent)
      : isSeq(node)
        ? seq(reader, node as never, parent)
        : scalar(reader, node, parent)
    if (anchor) {
      ;(made as Mutable<Node>).anchor = anchor
      reader.anchors.set(anchor, made)
    }
    return made
  } finally {
    reader.depth--
  }
}

function spanOf(node: { range?: readonly [number, number, number] | null } | null): Span {
  const range = node?.range
  return range ? { start: range[0], end: Math.max(range[0], range[1]) } : { start: 0, end: 0 }
}

function alias(reader: Reader, name: string, span: Span, parent: Holder): Node {
  const target = reader.anchors.get(name)
  if (target === undefined || target === 'open') {
    const message = target
      ? `the alias *${name} stands inside its own anchor: it would never end`
      : `there is no anchor &${name} above: define it first or write the value out`
    reader.errors.push({ code: 'yaml-syntax', message, span })
    return { kind: 'scalar', span, parent, alias: name, style: 'plain', value: null, text: '', unknown: true }
  }
  return { ...target, span, parent, alias: name, anchor: undefined }
}

interface YamlPair {
  readonly key: ParsedNode
  readonly value: ParsedNode | null
}

function map(
  reader: Reader,
  node: { items: readonly YamlPair[]; flow?: boolean; tag?: string; range?: [number, number, number] },
  parent: Holder,
): MapNode {
  const entries: MapEntry[] = []
  const duplicates: MapEntry[] = []
  const span = spanOf(node)
  const made: Mutable<MapNode> = { kind: 'map', span, parent, flow: node.flow === true, entries, duplicates }
  const seen = new Map<string, MapEntry>()
  const merges: Node[] = []
  node.items.forEach((pair, i) => {
    const key = convert(reader, pair.key, made)
    const value = entryValue(reader, pair, { end: node.items[i + 1]?.key.range?.[0] ?? span.end, holder: made, key })
    if (key.kind === 'scalar' && key.style === 'plain' && key.text === '<<' && !key.alias) {
      merges.push(value ?? key)
      return
    }
    const e = entryOf(reader, key, value)
    if (!e) return
    const before = seen.get(e.name)
    if (before) {
      duplicates.push(e)
      if (!isWrittenTwice(reader, before, e)) return
      reader.errors.push({
        code: 'yaml-duplicate-key',
        message: `"${e.name}" is written twice in this map: Kubernetes refuses it, keep one`,
        span: e.key.span,
      })
    } else {
      seen.set(e.name, e)
      entries.push(e)
    }
  })
  for (const m of merges) merge(reader, m, { seen, entries })
  if (mayHoldMore(reader.plain, reader.gaps, made) || entries.some(e => e.key.unknown)) made.open = true
  return made
}

function entryValue(
  reader: Reader,
  pair: YamlPair,
  around: { end: number; holder: MapNode; key: Node },
): Node | undefined {
  const raw = pair.value
  const empty = !raw || (isScalar(raw) && raw.type === 'PLAIN' && (raw.source ?? '') === '' && !raw.anchor && !raw.tag)
  if (!empty) return convert(reader, raw, around.holder)
  const action = reader.plain.lines.find(l => l.start >= around.key.span.end && l.end <= around.end)
  if (!action) return undefined
  return { kind: 'scalar', span: action, parent: around.holder, style: 'plain', value: null, text: '', unknown: true }
}

function entryOf(reader: Reader, key: Node, value: Node | undefined): MapEntry | undefined {
  const end = value && value.span.end > key.span.end ? value.span.end : key.span.end
  const span = { start: key.span.start, end }
  if (key.kind !== 'scalar') {
    reader.errors.push({
      code: 'yaml-bad-key',
      message: `a ${key.kind === 'map' ? 'map' : 'list'} cannot be a key in Kubernetes: write a word`,
      span: key.span,
    })
    return undefined
  }
  const name = keyName(key.value, key.float === true)
  if (name === undefined) {
    reader.errors.push({
      code: 'yaml-bad-key',
      message: 'null cannot be a key in Kubernetes: quote it or write a word',
      span: key.span,
    })
    return undefined
  }
  return { key, name, value, span }
}

function merge(reader: Reader, from: Node, into: { seen: Map<string, MapEntry>; entries: MapEntry[] }): void {
  if (from.kind === 'seq') {
    for (const item of from.items) {
      if (item.kind === 'map') merge(reader, item, into)
      else badMerge(reader, item)
    }
    return
  }
  if (from.kind !== 'map') {
    badMerge(reader, from)
    return
  }
  for (const e of from.entries) {
    if (into.seen.has(e.name)) continue
    const merged = { ...e, merged: true }
    into.seen.set(e.name, merged)
    into.entries.push(merged)
  }
}

function badMerge(reader: Reader, node: Node): void {
  if (node.kind === 'scalar' && node.unknown) return
  reader.errors.push({
    code: 'yaml-bad-merge',
    message: 'a merge (<<) needs a map or a list of maps: give it an alias of one',
    span: node.span,
  })
}

function seq(
  reader: Reader,
  node: { items: readonly (ParsedNode | null)[]; flow?: boolean; range?: [number, number, number] },
  parent: Holder,
): SeqNode {
  const items: Node[] = []
  const span = spanOf(node)
  const made: Mutable<SeqNode> = { kind: 'seq', span, parent, flow: node.flow === true, items }
  for (const item of node.items) {
    if (item && 'key' in item) {
      items.push(
        map(
          reader,
          {
            items: [item as unknown as YamlPair],
            flow: true,
            range: (item as unknown as YamlPair).key.range as [number, number, number],
          },
          made,
        ),
      )
    } else items.push(convert(reader, item, made))
  }
  if (mayHoldMore(reader.plain, reader.gaps, made)) made.open = true
  return made
}

/** Whether an entry is surely there beside another one of its name: not in another condition of a template. */
function isWrittenTwice({ plain, errors }: Reader, a: MapEntry, b: MapEntry): boolean {
  return errors.length < MAX_ERRORS && sameBranches(plain.branches, a.key.span, b.key.span)
}

const STYLES: Readonly<Record<string, ScalarStyle>> = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
}

function scalar(reader: Reader, node: ParsedNode | null, parent: Holder): ScalarNode {
  const span = spanOf(node)
  if (!isScalar(node)) return { kind: 'scalar', span, parent, style: 'plain', value: null, text: '', unknown: false }
  const style = STYLES[node.type ?? 'PLAIN'] ?? 'plain'
  const text = typeof node.value === 'string' ? node.value : (node.source ?? '')
  const { values, lines } = reader.plain
  const unknown = meets(values, span) || meets(lines, span) || hasVariable(text)
  const tag = node.tag?.replace('tag:yaml.org,2002:', '!!')
  const made: Mutable<ScalarNode> = { kind: 'scalar', span, parent, style, value: text, text, unknown }
  if (tag) made.tag = tag
  if (!unknown) resolve(reader, made)
  return made
}

/** Gives the scalar the value that its style and tag make of it. */
function resolve(reader: Reader, node: Mutable<ScalarNode>): void {
  const { tag, text, style } = node
  const wanted: Readonly<Record<string, string>> = {
    '!!int': 'number',
    '!!float': 'number',
    '!!bool': 'boolean',
    '!!null': 'null',
  }
  const type = tag ? wanted[tag] : undefined
  if (type === undefined && (tag || style !== 'plain')) return
  const resolved = resolvePlain(text)
  const value: ScalarValue = resolved.value
  const is = value === null ? 'null' : typeof value
  if (type && (is !== type || (tag === '!!int' && resolved.float))) {
    reader.errors.push({
      code: 'yaml-syntax',
      message: `${JSON.stringify(text)} is not what its tag ${tag} says: take the tag away`,
      span: node.span,
    })
    return
  }
  node.value = value
  if (resolved.float || tag === '!!float') node.float = true
  if (resolved.invalid) {
    node.unknown = true
    reader.errors.push({
      code: 'yaml-not-json',
      message: `${text} has no form in JSON: Kubernetes cannot read it, quote it or write a number`,
      span: node.span,
    })
  }
}

/** go-yaml's guard against alias bombs (decode.go `allowedAliasRatio`), on the expanded number of nodes. */
function withinAliasLimit(reader: Reader, root: Node): Node | undefined {
  const total = expanded(reader, root)
  const direct = Math.max(1, countDirect(root))
  const aliased = total - direct
  const ratio = total <= 400_000 ? 0.99 : total >= 4_000_000 ? 0.1 : 0.99 - 0.89 * ((total - 400_000) / 3_600_000)
  if (aliased <= 100 || total <= 1000 || aliased / total <= ratio) return root
  reader.errors.push({
    code: 'yaml-alias-bomb',
    message: 'document contains excessive aliasing: Kubernetes refuses to unfold it, write the values out',
    span: { start: 0, end: 1 },
  })
  return undefined
}

function children(node: Node): readonly Node[] {
  if (node.kind === 'seq') return node.items
  if (node.kind === 'scalar') return []
  return node.entries.flatMap(e => (e.value ? [e.key, e.value] : [e.key]))
}

function expanded(reader: Reader, node: Node): number {
  // Clones made for aliases share their children arrays: what is expensive is counted once for each of those.
  const key =
    node.kind === 'map'
      ? (node.entries as unknown as Node)
      : node.kind === 'seq'
        ? (node.items as unknown as Node)
        : node
  const known = reader.sizes.get(key)
  if (known !== undefined) return known
  let n = 1
  for (const child of children(node)) n = Math.min(1e9, n + expanded(reader, child))
  reader.sizes.set(key, n)
  return n
}

function countDirect(node: Node): number {
  if (node.alias) return 1
  let n = 1
  if (node.kind === 'seq') for (const item of node.items) n += countDirect(item)
  else if (node.kind === 'map')
    for (const e of node.entries) if (!e.merged) n += 1 + (e.value ? countDirect(e.value) : 0)
  return n
}
