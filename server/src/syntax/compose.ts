// One document's text to its tree: resolves scalars, merges and aliases as Kubernetes does.

import { unconflict } from './conflicts.ts'
import { readExactly } from './exact.ts'
import type { Document, SyntaxProblem } from './file.ts'
import type { MapEntry, MapNode, Node, ScalarNode, ScalarValue, SeqNode, Span } from './node.ts'
import { MAX_DEPTH, type Raw, type RawMap, type RawPair, type RawScalar, type RawSeq } from './raw.ts'
import { gapsOf, mayHoldMore, meets, sameBranches } from './rendering.ts'
import { NotYaml } from './scanner.ts'
import { hasVariable, type Untemplated, untemplate } from './template.ts'
import { readTolerantly } from './tolerant.ts'
import { keyName, resolvePlain } from './yaml11.ts'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
type Holder = MapNode | SeqNode | undefined

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
/** Keys written twice that are told of one document: who has so many mends the first ones first. */
const MAX_ERRORS = 100

const CONFLICT = 'git could not merge this: keep one side, or parts of both, and take the lines <<<, === and >>> away'

/** Reads the text of one document; one longer than `limit` is not read, which is its only error. Never throws. */
export function compose(source: string, limit = MAX_LENGTH): Document {
  if (source.length > limit) return tooLong(source)
  const { text, conflicts } = unconflict(source)
  const plain = untemplate(text)
  const errors: SyntaxProblem[] = conflicts.map(span => ({ code: 'yaml-syntax', message: CONFLICT, span }))
  const reader: Reader = { source, plain, gaps: [], errors, anchors: new Map(), sizes: new Map(), depth: 0 }
  let root: Node | undefined
  let comments: readonly Span[] = []
  try {
    const found = read(plain.text)
    comments = found.comments
    reader.gaps = gapsOf(plain, comments)
    errors.push(...found.errors)
    root = found.root && convert(reader, found.root, undefined)
    if (root?.kind === 'scalar' && root.style === 'plain' && root.text === '') root = undefined
    if (root) root = withinAliasLimit(reader, root)
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

/** What Kubernetes reads; when it refuses the text, what can be read of it all the same, and why it is refused. */
function read(text: string): {
  readonly root: Raw | undefined
  readonly comments: readonly Span[]
  readonly errors: readonly SyntaxProblem[]
} {
  try {
    return { ...readExactly(text), errors: [] }
  } catch (e) {
    if (!(e instanceof NotYaml)) throw e
    const found = readTolerantly(text)
    if (found.errors.length > 0) return found
    return { ...found, errors: [{ code: 'yaml-syntax', message: e.message, span: within(e.span, text) }] }
  }
}

/** Whether Kubernetes reads the text at all: far less work than to read what is broken. */
export function isReadable(source: string): boolean {
  try {
    readExactly(untemplate(unconflict(source).text).text)
    return true
  } catch {
    return false
  }
}

const within = ({ start, end }: Span, text: string): Span => ({
  start: Math.min(start, text.length),
  end: Math.min(end, text.length),
})

function convert(reader: Reader, raw: Raw, parent: Holder): Node {
  if (++reader.depth > MAX_DEPTH) throw new RangeError('too deep')
  try {
    if (raw.kind === 'alias') return alias(reader, raw.name, { start: raw.start, end: raw.end }, parent)
    const { anchor } = raw
    if (anchor) reader.anchors.set(anchor, 'open')
    const made =
      raw.kind === 'map'
        ? map(reader, raw, parent)
        : raw.kind === 'seq'
          ? seq(reader, raw, parent)
          : scalar(reader, raw, parent)
    if (anchor) {
      ;(made as Mutable<Node>).anchor = anchor
      reader.anchors.set(anchor, made)
    }
    return made
  } finally {
    reader.depth--
  }
}

const spanOf = ({ start, end }: Raw): Span => ({ start, end })

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

function map(reader: Reader, node: RawMap, parent: Holder): MapNode {
  const entries: MapEntry[] = []
  const duplicates: MapEntry[] = []
  const span = spanOf(node)
  const made: Mutable<MapNode> = { kind: 'map', span, parent, flow: node.flow, entries, duplicates }
  const seen = new Map<string, MapEntry>()
  const merges: Node[] = []
  node.pairs.forEach((pair, i) => {
    const key = keyOf(reader, pair.key, made)
    const value = entryValue(reader, pair, { end: node.pairs[i + 1]?.key.start ?? span.end, holder: made, key })
    if (key.kind === 'scalar' && key.style === 'plain' && key.text === '<<' && !key.alias) {
      merges.push(value ?? key)
      return
    }
    const e = entryOf(reader, key, value)
    if (!e) return
    const before = seen.get(e.name)
    if (before) {
      if (!isWrittenTwice(reader, before, e) || !isSameKey(before.key, e.key)) return
      duplicates.push(e)
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

/** A key; infinity and NaN, which are no values, can be keys: they become words. */
function keyOf(reader: Reader, raw: Raw, holder: MapNode): Node {
  const before = reader.errors.length
  const key: Mutable<Node> = convert(reader, raw, holder)
  if (key.kind !== 'scalar' || typeof key.value !== 'number' || Number.isFinite(key.value)) return key
  reader.errors.length = before
  key.unknown = false
  return key
}

function entryValue(
  reader: Reader,
  pair: RawPair,
  around: { end: number; holder: MapNode; key: Node },
): Node | undefined {
  if (pair.value) return convert(reader, pair.value, around.holder)
  const action = reader.plain.prints.find(l => l.start >= around.key.span.end && l.end <= around.end)
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
      span: key.span.end > key.span.start ? key.span : { start: key.span.start, end: key.span.start + 1 },
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

function seq(reader: Reader, node: RawSeq, parent: Holder): SeqNode {
  const items: Node[] = []
  const span = spanOf(node)
  const made: Mutable<SeqNode> = { kind: 'seq', span, parent, flow: node.flow, items }
  for (const item of node.items) items.push(convert(reader, item, made))
  if (mayHoldMore(reader.plain, reader.gaps, made)) made.open = true
  return made
}

/** Kubernetes sees no double in `1` and `"1"`, although both become the same word: either may win. */
function isSameKey(a: ScalarNode, b: ScalarNode): boolean {
  return typeof a.value === typeof b.value && a.float === b.float
}

/** Whether an entry is surely there beside another one of its name: not in another condition of a template. */
function isWrittenTwice({ plain, errors }: Reader, a: MapEntry, b: MapEntry): boolean {
  return errors.length < MAX_ERRORS && sameBranches(plain.branches, a.key.span, b.key.span)
}

function scalar(reader: Reader, node: RawScalar, parent: Holder): ScalarNode {
  const span = spanOf(node)
  const { style, text } = node
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
  if (tag === '!!binary') {
    decodeBinary(reader, node)
    return
  }
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

/** `!!binary` stands for the bytes that its base64 text says. */
function decodeBinary(reader: Reader, node: Mutable<ScalarNode>): void {
  const text = node.text.replace(/[\r\n]/g, '')
  if (/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) {
    node.value = new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(atob(text), c => c.charCodeAt(0)))
    return
  }
  const message = `${JSON.stringify(node.text)} is no base64, as its tag !!binary says: take the tag away`
  reader.errors.push({ code: 'yaml-syntax', message, span: node.span })
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
