// Slips of the pen in lines of YAML, each with what mends it: only patterns, `mends.ts` tries which of them it was.

import { VERSIONS } from '../model/version.ts'
import { rootSchema, type SchemaNode } from '../schema/catalog.ts'
import type { Span } from '../syntax/node.ts'
import { quoted } from '../syntax/print.ts'

export type SlipKind = 'quote' | 'colon' | 'space' | 'key' | 'close' | 'escape' | 'dash' | 'bracket' | 'indent'

/** Text in place of a span. */
export interface Change extends Span {
  readonly text: string
}

/** What may be wrong in a line and how it is mended. */
export interface Slip {
  readonly kind: SlipKind
  readonly span: Span
  readonly message: string
  readonly title: string
  readonly changes: readonly Change[]
}

/** A line of a text: its content stands behind the indentation and the dashes of list items. */
interface Line {
  readonly start: number
  readonly indent: number
  readonly dashes: string
  readonly content: string
  /** Where the content starts. */
  readonly at: number
  readonly quote: '"' | "'"
}

type Finder = (line: Line) => Slip | undefined

/** The slips that lines of a text may have. Comments, block scalars and templates have none. */
export function* slipsOf(text: string, quote: '"' | "'"): Iterable<Slip> {
  for (const line of linesOf(text, quote)) {
    for (const find of FINDERS) {
      const slip = find(line)
      if (slip) yield slip
    }
  }
}

const LONGEST = 500

function* linesOf(text: string, quote: '"' | "'"): Iterable<Line> {
  /** Deeper lines than this belong to a block scalar. */
  let block = Number.POSITIVE_INFINITY
  for (const m of text.matchAll(/[^\r\n]+/g)) {
    const raw = m[0].length > LONGEST ? '' : m[0].trimEnd()
    const [head = '', dashes = ''] = /^ *((?:- +)*)/.exec(raw) ?? []
    const indent = head.length - dashes.length
    const content = raw.slice(head.length)
    if (content === '' || indent > block) continue
    block = /(?:^|[:-] +)[|>][-+0-9]*(?: +#.*)?$/.test(content) ? indent : Number.POSITIVE_INFINITY
    if (content.startsWith('#') || raw.includes('{{')) continue
    yield { start: m.index, indent, dashes, content, at: m.index + head.length, quote }
  }
}

const KEY = /^(?:[\w./-]+(?::[\w./-]+)*|"[^"]*"|'[^']*') *: +/

/** The value in a line, comment excluded, and where it starts: what follows the key, else an item of a list. */
function valueIn({ content, at, dashes }: Line): { readonly value: string; readonly at: number } | undefined {
  const key = KEY.exec(content)?.[0] ?? ''
  if (key === '' && dashes === '') return undefined
  const value = content.slice(key.length).replace(/(?:^| +)#.*$/, '')
  return value === '' ? undefined : { value, at: at + key.length }
}

const insert = (at: number, text: string): readonly Change[] => [{ start: at, end: at, text }]

/** `matchPattern: *.example.com`, `host: [a-z]+` */
const indicator: Finder = line => {
  const found = valueIn(line)
  const whole = found && /^(?:[*@`%]|\[[^\]]*\][^\s,\]})#:])/.test(found.value) && !isAlias(found.value)
  const values = whole ? [found] : inBrackets(line)
  const [first] = values
  if (!first) return undefined
  const other = asPattern(line, first) ?? openingQuote(first)
  if (other) return other
  const changes = values.map(({ value, at }) => ({
    start: at,
    end: at + value.length,
    text: quoted(value, line.quote),
  }))
  return {
    kind: 'quote',
    span: { start: first.at, end: first.at + first.value.length },
    message: `this value cannot begin with ${first.value[0]}: quote it`,
    title: `Quote: ${changes.map(c => c.text).join(', ')}`,
    changes,
  }
}

/** `matchName: *.example.com`: a quote alone does not make a name of it. */
function asPattern(
  { content, at, quote }: Line,
  found: { readonly value: string; readonly at: number },
): Slip | undefined {
  const key = /(?:^|[{,] *)matchName: +$/.exec(content.slice(0, found.at - at))
  if (!key || !/^\*[^"']*$/.test(found.value)) return undefined
  const start = at + content.lastIndexOf('matchName', found.at - at)
  const text = `matchPattern: ${quoted(found.value, quote)}`
  const end = found.at + found.value.length
  return {
    kind: 'quote',
    span: { start: found.at, end },
    message: 'this value cannot begin with *: quote it, and a name with * is a pattern, use `matchPattern`',
    title: `Change to ${text}`,
    changes: [{ start, end, text }],
  }
}

/** `matchPattern: *.example.com"` */
function openingQuote({ value, at }: { readonly value: string; readonly at: number }): Slip | undefined {
  const quote = /^[^"']+(["'])$/.exec(value)?.[1]
  if (quote === undefined) return undefined
  return {
    kind: 'quote',
    span: { start: at, end: at + value.length },
    message: `the opening ${quote === '"' ? 'double' : 'single'} quote is missing: add it`,
    title: `Add the opening quote: ${quote}${value}`,
    changes: insert(at, quote),
  }
}

const isAlias = (value: string): boolean => /^\*[-\w]+$/.test(value)

/** Such values in `[…]` and `{…}`. */
function inBrackets({ content, at }: Line): { readonly value: string; readonly at: number }[] {
  if (!/[[{]/.test(content)) return []
  return [...content.matchAll(/(?<=[[{,:] *)[*@`%][^\s,[\]{}#"']*(?= *[,\]}])/g)]
    .map(m => ({ value: m[0], at: at + m.index }))
    .filter(({ value }) => !isAlias(value))
}

/** `description: Note: for the shop` */
const colonInside: Finder = line => {
  const found = valueIn(line)
  if (!found || !/^[^\s"'[\]{}|>&*!@`%#,?-]/.test(found.value) || !KEY.test(line.content)) return undefined
  const { value, at } = found
  const colon = /:(?= |$)/.exec(value)
  const words = [...value.matchAll(/([\w-]+) *:(?= |$)/g)].map(m => m[1] ?? '')
  if (!colon || words.some(isKnown)) return undefined
  return {
    kind: 'colon',
    span: { start: at, end: at + value.length },
    message: 'a value that holds ": " is read as a map: quote it',
    title: 'Quote the value',
    changes: [{ start: at, end: at + value.length, text: quoted(value, line.quote) }],
  }
}

/** `port:"53"` */
const spaceMissing: Finder = ({ content, at, quote }) => {
  const [, name, value = ''] = /^([\w.-]+):([^\s:/][^:]*)$/.exec(content) ?? []
  if (name === undefined) return undefined
  const colon = at + name.length
  const isPort = name === 'port' && /^\d+$/.test(value)
  return {
    kind: 'space',
    span: { start: at, end: colon + 1 },
    message: `a space is missing after \`${name}:\`: add it`,
    title: `Add a space after ${name}:`,
    changes: isPort
      ? [{ start: colon + 1, end: colon + 1 + value.length, text: ` ${quoted(value, quote)}` }]
      : insert(colon + 1, ' '),
  }
}

/** `spec` alone, `endpointSelector {}` */
const colonMissing: Finder = ({ content, at }) => {
  const m = /^([A-Za-z]+)(?= *$| +[^\s:#])/.exec(content)
  const name = m?.[1]
  if (name === undefined || !isKnown(name) || KEY.test(content)) return undefined
  return {
    kind: 'key',
    span: { start: at, end: at + name.length },
    message: `a colon is missing after \`${name}\`: add it`,
    title: `Add a colon after ${name}`,
    changes: insert(at + name.length, ':'),
  }
}

/** What is open at the end of a line: a quote, and brackets; and where its comment begins. */
interface Open {
  readonly quote: number | undefined
  readonly brackets: readonly string[]
  readonly end: number
}

const CLOSING: Readonly<Record<string, string>> = { '[': ']', '{': '}' }

/** Undefined where brackets do not match. */
function openIn(content: string): Open | undefined {
  const brackets: string[] = []
  for (let i = 0; i < content.length; i++) {
    const c = content[i] ?? ''
    const begins = i === 0 || ' [{,:'.includes(content[i - 1] ?? '')
    if ((c === '"' || c === "'") && begins) {
      const quote = i
      for (i++; i < content.length && content[i] !== c; i++) if (c === '"' && content[i] === '\\') i++
      if (i >= content.length) return { quote, brackets, end: content.length }
    } else if (c === '#' && content[i - 1] === ' ') return { quote: undefined, brackets, end: i }
    else if (CLOSING[c] !== undefined) brackets.push(CLOSING[c])
    else if ((c === ']' || c === '}') && brackets.pop() !== c) return undefined
  }
  return { quote: undefined, brackets, end: content.length }
}

/** `port: "53` */
const unclosedQuote: Finder = ({ content, at }) => {
  const start = openIn(content)?.quote
  if (start === undefined) return undefined
  const quote = content[start] === '"' ? '"' : "'"
  const other = quote === '"' ? "'" : '"'
  const inside = content.slice(start + 1)
  const wrong = inside.endsWith(other) && inside.indexOf(other) === inside.length - 1
  const length = wrong ? inside.length - 1 : endOfQuoted(inside, content.slice(0, start))
  if (length === undefined) return undefined
  const close = at + start + 1 + length
  return {
    kind: 'close',
    span: { start: at + start, end: close },
    message: `the closing ${quote === '"' ? 'double' : 'single'} quote is missing: add it`,
    title: `Add the closing quote: ${content.slice(start, start + 1 + length)}${quote}`,
    changes: [{ start: close, end: close + (wrong ? 1 : 0), text: quote }],
  }
}

/** How much of what follows an opening quote belongs into it; undefined where that is not clear. */
function endOfQuoted(inside: string, before: string): number | undefined {
  const bare = inside.trimEnd()
  if (/[[{]/.test(before)) return /^[^\s,[\]{}#]+(?=[\]}]+$)/.exec(bare)?.[0].length
  const comment = bare.search(/ +#/)
  if (comment === -1) return bare === '' ? undefined : bare.length
  return bare.slice(0, comment).includes(' ') || comment === 0 ? undefined : comment
}

const ESCAPABLE = '0abt\tnvfre "\'\\N_LPxuU'

/** `path: "/v1/\d+"` */
const escapes: Finder = ({ content, at }) => {
  const wrong = [...content.matchAll(/"([^"]*)"/g)].filter(m => {
    const used = [...(m[1] ?? '').matchAll(/\\(.?)/g)].map(e => e[1] ?? '')
    return used.length > 0 && used.every(c => !ESCAPABLE.includes(c))
  })
  const [first] = wrong
  if (!first) return undefined
  const start = at + first.index
  return {
    kind: 'escape',
    span: { start, end: start + first[0].length },
    message: 'this backslash escape does not exist in YAML: write \\\\ for a backslash, or use single quotes',
    title: 'Use single quotes',
    changes: wrong.map(m => ({
      start: at + m.index,
      end: at + m.index + m[0].length,
      text: `'${(m[1] ?? '').replaceAll("'", "''")}'`,
    })),
  }
}

/** `-cluster` */
const dashWithoutSpace: Finder = ({ content, at }) => {
  if (!/^-[\w"'{[*]/.test(content) || /^-[\d.]+$/.test(content)) return undefined
  return {
    kind: 'dash',
    span: { start: at, end: at + 1 },
    message: 'a space is missing after the dash of a list item: add it',
    title: 'Add a space after the dash',
    changes: insert(at + 1, ' '),
  }
}

/** `toEntities: [cluster` */
const unclosedBracket: Finder = ({ content, at }) => {
  const open = openIn(content)
  if (!open || open.quote !== undefined || open.brackets.length === 0) return undefined
  const body = content.slice(0, open.end).trimEnd()
  if (/[,[{:]$/.test(body)) return undefined
  const closing = open.brackets.toReversed().join('')
  return {
    kind: 'bracket',
    span: { start: at + body.search(/[[{]/), end: at + body.length },
    message: 'this list or map in brackets is not closed: close it',
    title: `Close it with ${closing}`,
    changes: insert(at + body.length, closing),
  }
}

const FINDERS: readonly Finder[] = [
  indicator,
  colonInside,
  spaceMissing,
  colonMissing,
  unclosedQuote,
  escapes,
  dashWithoutSpace,
  unclosedBracket,
]

/** Tabs, and blanks that do not break, in indentations: all of them become spaces, up to the next multiple of a width. */
export function spaced(text: string, width: number): readonly Slip[] {
  return [...text.matchAll(/^[ \t\u00a0]*(?:-[ \t\u00a0]+)*(?=[^\s])/gm)].flatMap((m): Slip[] => {
    const first = m[0].search(/[\t\u00a0]/)
    if (first === -1) return []
    const tab = m[0][first] === '\t'
    return [
      {
        kind: 'indent',
        span: { start: m.index, end: m.index + m[0].length },
        message: tab
          ? 'tabs cannot indent YAML: use spaces'
          : 'this only looks like a space: YAML is indented with real ones, use them',
        title: 'Indent with spaces',
        changes: [change(m.index, m[0], widened(m[0], width))],
      },
    ]
  })
}

/** The smallest change that makes one text of another. */
function change(at: number, from: string, to: string): Change {
  let head = 0
  while (head < from.length && from[head] === to[head]) head++
  let tail = 0
  while (tail < Math.min(from.length, to.length) - head && from.at(-1 - tail) === to.at(-1 - tail)) tail++
  return { start: at + head, end: at + from.length - tail, text: to.slice(head, to.length - tail) }
}

function widened(indentation: string, width: number): string {
  let out = ''
  for (const c of indentation) out += c === '\t' ? ' '.repeat(width - (out.length % width)) : c === '\u00a0' ? ' ' : c
  return out
}

let known: ReadonlySet<string> | undefined

/** Whether a word is a key of policies, in any version. */
function isKnown(word: string): boolean {
  known ??= new Set(VERSIONS.flatMap(v => [...keysOf(rootSchema(v))]))
  return known.has(word)
}

function keysOf(schema: SchemaNode, found = new Set<string>(), seen = new Set<SchemaNode>()): Set<string> {
  if (seen.has(schema)) return found
  seen.add(schema)
  for (const [name, child] of schema.properties) {
    found.add(name)
    keysOf(child, found, seen)
  }
  for (const child of [schema.items, schema.additional]) if (child) keysOf(child, found, seen)
  return found
}
