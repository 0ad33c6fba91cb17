// Reads the first document of a text as Kubernetes does, and refuses what it refuses (go.yaml.in/yaml/v2 parserc.go): no more, no less.

import type { Span } from './node.ts'
import { MAX_DEPTH, type Raw, type RawPair } from './raw.ts'
import { isBlank, isBreak, NotYaml, type Scanner, scanner, type Token, type TokenKind } from './scanner.ts'
import { peek, take } from './tokens.ts'

interface Parser {
  readonly s: Scanner
  readonly tags: Map<string, string>
  depth: number
  /** Where a block collection would end that closed here: behind the line of the last value. */
  end: number
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that YAML forbids
const FORBIDDEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff]/

/** Where bytes were that are not UTF-8 (`decode` of host/files.ts). */
const STRAY = /[\udc80-\udcff]/u

/** The tree of the first document, undefined when there is none, and the comments passed. Throws NotYaml. */
export function readExactly(text: string): { root: Raw | undefined; comments: readonly Span[] } {
  const forbidden = FORBIDDEN.exec(text)
  if (forbidden)
    throw new NotYaml(
      'this control character cannot stand in YAML: take it away, or escape it in double quotes',
      forbidden.index,
    )
  const stray = text.search(STRAY)
  // Of JSON kubectl reads whatever bytes a text in quotes has.
  if (stray !== -1 && !isJson(text)) {
    const byte = (text.charCodeAt(stray) - 0xdc00).toString(16).toUpperCase()
    throw new NotYaml(`this byte (0x${byte}) is not UTF-8, and nothing else is read: save the file as UTF-8`, stray)
  }
  const s = scanner(text)
  const parser: Parser = { s, tags: new Map(), depth: 0, end: 0 }
  const root = document(parser)
  return { root, comments: s.comments }
}

function isJson(text: string): boolean {
  try {
    return text.trimStart().startsWith('{') && typeof JSON.parse(text) === 'object'
  } catch {
    return false
  }
}

function document(p: Parser): Raw | undefined {
  const first = peek(p.s).kind
  if (first === 'end') return undefined
  if (first === 'version' || first === 'tag-directive' || first === 'document-start') {
    directives(p)
    const start = take(p.s)
    if (start.kind !== 'document-start')
      throw new NotYaml('after a directive the document must begin with ---: add it', start.start)
    const next = peek(p.s)
    if (['version', 'tag-directive', 'document-start', 'document-end', 'end'].includes(next.kind)) return undefined
  } else directives(p)
  const root = node(p, { block: true, indentless: false })
  peek(p.s)
  return root
}

function directives(p: Parser): void {
  let version = false
  for (let t = peek(p.s); t.kind === 'version' || t.kind === 'tag-directive'; t = peek(p.s)) {
    take(p.s)
    if (t.kind === 'version') {
      if (version) throw new NotYaml('%YAML is written twice: take one away', t.start, t.end)
      if (t.value !== '1.1')
        throw new NotYaml('Kubernetes reads YAML 1.1 only: take the %YAML line away', t.start, t.end)
      version = true
    } else {
      const handle = t.value ?? ''
      if (p.tags.has(handle)) throw new NotYaml('this %TAG is written twice: take one away', t.start, t.end)
      p.tags.set(handle, t.suffix ?? '')
    }
  }
  if (!p.tags.has('!')) p.tags.set('!', '!')
  if (!p.tags.has('!!')) p.tags.set('!!', 'tag:yaml.org,2002:')
}

/** Anchor and tag before a node, in either order. */
interface Properties {
  readonly anchor?: string | undefined
  readonly tag?: string | undefined
}

function properties(p: Parser, start: number): Properties & { readonly end: number } {
  let anchor: string | undefined
  let tag: Token | undefined
  let end = start
  for (let t = peek(p.s); (t.kind === 'anchor' && anchor === undefined) || (t.kind === 'tag' && !tag); t = peek(p.s)) {
    take(p.s)
    end = t.end
    if (t.kind === 'anchor') anchor = t.value
    else tag = t
  }
  return { anchor, tag: tag && fullTag(p, tag), end }
}

function fullTag(p: Parser, tag: Token): string {
  if (!tag.value) return tag.suffix ?? ''
  const prefix = p.tags.get(tag.value)
  if (prefix === undefined)
    throw new NotYaml(`no %TAG line says what ${tag.value} means: take the tag away`, tag.start, tag.end)
  return prefix + (tag.suffix ?? '')
}

interface Context {
  readonly block: boolean
  /** A list may stand at the column of its key. */
  readonly indentless: boolean
}
const BLOCK: Context = { block: true, indentless: false }
const VALUE: Context = { block: true, indentless: true }
const FLOW: Context = { block: false, indentless: false }

function node(p: Parser, context: Context): Raw {
  if (++p.depth > MAX_DEPTH) throw new RangeError('too deep')
  try {
    const first = peek(p.s)
    if (first.kind === 'alias') {
      take(p.s)
      return { kind: 'alias', name: first.value ?? '', start: first.start, end: first.end }
    }
    const { end, ...props } = properties(p, first.start)
    const t = peek(p.s)
    if (context.indentless && t.kind === '-') return blockSeq(p, props, false)
    if (t.kind === 'scalar') {
      take(p.s)
      return { kind: 'scalar', style: t.style ?? 'plain', text: t.value ?? '', start: t.start, end: t.end, ...props }
    }
    if (t.kind === '[') return flowSeq(p, props)
    if (t.kind === '{') return flowMap(p, props)
    if (context.block && t.kind === 'block-seq') return blockSeq(p, props, true)
    if (context.block && t.kind === 'block-map') return blockMap(p, props)
    if (props.anchor !== undefined || props.tag !== undefined) return { ...empty(end), ...props }
    throw unexpected(t, context)
  } finally {
    p.depth--
  }
}

function unexpected(t: Token, context: Context): NotYaml {
  if (t.kind === 'end' || t.kind === 'block-end') return new NotYaml('something is missing here', t.start)
  return new NotYaml(
    context.block
      ? 'this cannot stand here: check quotes, brackets and indentation'
      : 'this list or map in brackets is not closed rightly: check commas, brackets and indentation',
    t.start,
    Math.max(t.end, t.start + 1),
  )
}

const empty = (at: number): Raw & { kind: 'scalar' } => ({
  kind: 'scalar',
  style: 'plain',
  text: '',
  start: at,
  end: at,
})

function blockSeq(p: Parser, props: Properties, indented: boolean): Raw {
  const { start } = peek(p.s)
  if (indented) take(p.s)
  const items: Raw[] = []
  while (peek(p.s).kind === '-') {
    const dash = take(p.s)
    const next = peek(p.s).kind
    const none = next === '-' || next === 'block-end' || (!indented && (next === '?' || next === ':'))
    const item = none ? empty(afterBlanks(p.s.text, dash.end)) : node(p, BLOCK)
    items.push(item)
    passLine(p, item)
  }
  const end = close(p, start)
  if (indented) blockEnd(p, 'this line is not indented as the items of the list are: line it up with them')
  return { kind: 'seq', flow: false, items, start, end, ...props }
}

function blockEnd(p: Parser, message: string): void {
  const t = peek(p.s)
  if (t.kind !== 'block-end') throw new NotYaml(message, t.start, Math.max(t.end, t.start + 1))
  take(p.s)
}

const NOTHING: readonly TokenKind[] = ['?', ':', 'block-end']

function blockMap(p: Parser, props: Properties): Raw {
  const { start } = take(p.s)
  const pairs: RawPair[] = []
  while (peek(p.s).kind === '?') {
    const mark = take(p.s)
    const key = NOTHING.includes(peek(p.s).kind) ? empty(mark.end) : node(p, VALUE)
    let last: Raw = key
    let value: Raw | undefined
    if (peek(p.s).kind === ':') {
      last = empty(take(p.s).end)
      if (!NOTHING.includes(peek(p.s).kind)) last = value = node(p, VALUE)
    }
    passLine(p, last)
    pairs.push({ key, value })
  }
  const end = close(p, start)
  blockEnd(p, 'this cannot stand here: check quotes, brackets and indentation')
  return { kind: 'map', flow: false, pairs, start, end, ...props }
}

function afterBlanks(text: string, offset: number): number {
  let end = offset
  while (isBlank(text.charCodeAt(end))) end++
  return end
}

/** Notes the end of the line of a value, comment included; a block collection has noted it itself. */
function passLine(p: Parser, last: Raw): void {
  const { text } = p.s
  if ((last.kind === 'map' || last.kind === 'seq') && !last.flow) return
  p.end = last.end
  if (last.kind === 'scalar' && (last.style === 'literal' || last.style === 'folded')) return
  p.end = afterBlanks(text, p.end)
  if (last.start === last.end) return
  if (text[p.end] === '#') while (p.end < text.length && !isBreak(text.charCodeAt(p.end))) p.end++
  if (text.startsWith('\r\n', p.end)) p.end += 2
  else if (isBreak(text.charCodeAt(p.end))) p.end++
}

/** The end of a block collection. It ends before comments as deep as it; what holds it ends behind them. */
function close(p: Parser, start: number): number {
  const { text, comments } = p.s
  const { end } = p
  const next = peek(p.s).start
  const deep = columnOf(text, start)
  if (deep === 0) return end
  for (let i = comments.length - 1; i >= 0; i--) {
    const comment = comments[i]
    if (!comment || comment.start < end) break
    if (comment.start < next && columnOf(text, comment.start) >= deep) p.end = next
  }
  return end
}

function columnOf(text: string, offset: number): number {
  let start = offset
  while (start > 0 && !isBreak(text.charCodeAt(start - 1))) start--
  return offset - start - (text[start] === '\uFEFF' ? 1 : 0)
}

const unclosed = (t: Token) =>
  new NotYaml(
    'this list or map in brackets is not closed rightly: check commas, brackets and indentation',
    t.start,
    Math.max(t.end, t.start + 1),
  )

function flowSeq(p: Parser, props: Properties): Raw {
  const { start } = take(p.s)
  const items: Raw[] = []
  while (peek(p.s).kind !== ']') {
    if (items.length > 0) {
      if (peek(p.s).kind !== ',') throw unclosed(peek(p.s))
      take(p.s)
    }
    if (peek(p.s).kind === '?') items.push(singlePair(p))
    else if (peek(p.s).kind !== ']') items.push(node(p, FLOW))
    else break
  }
  return { kind: 'seq', flow: true, items, start, end: take(p.s).end, ...props }
}

/** `[a: b]`: a map of one entry without braces. */
function singlePair(p: Parser): Raw {
  const mark = take(p.s)
  const after = peek(p.s)
  // After a `?` with nothing behind it Kubernetes' reader passes one more token, whatever it is.
  const none = [':', ',', ']'].includes(after.kind)
  const key = none ? empty(take(p.s).end) : node(p, FLOW)
  const value = peek(p.s).kind === ':' ? flowValue(p, ']') : undefined
  const start = none ? mark.start : key.start
  return { kind: 'map', flow: true, pairs: [{ key, value }], start, end: value?.end ?? key.end }
}

/** What follows a colon in brackets. */
function flowValue(p: Parser, close: ']' | '}'): Raw | undefined {
  take(p.s)
  const { kind } = peek(p.s)
  return kind === ',' || kind === close ? undefined : node(p, FLOW)
}

function flowMap(p: Parser, props: Properties): Raw {
  const { start } = take(p.s)
  const pairs: RawPair[] = []
  while (peek(p.s).kind !== '}') {
    if (pairs.length > 0) {
      if (peek(p.s).kind !== ',') throw unclosed(peek(p.s))
      take(p.s)
    }
    const t = peek(p.s)
    if (t.kind === '?') {
      take(p.s)
      const after = peek(p.s)
      const key = [':', ',', '}'].includes(after.kind) ? empty(after.start) : node(p, FLOW)
      pairs.push({ key, value: peek(p.s).kind === ':' ? flowValue(p, '}') : undefined })
    } else if (t.kind !== '}') pairs.push({ key: node(p, FLOW), value: undefined })
    else break
  }
  return { kind: 'map', flow: true, pairs, start, end: take(p.s).end, ...props }
}
