// Scalars as Kubernetes' reader finds them in the text: plain, quoted and block ones, their escapes and folded lines.

import {
  atIndicator,
  column,
  isBlank,
  isBreak,
  isGap,
  NotYaml,
  type Scanner,
  skipComment,
  skipLine,
  type Token,
} from './scanner.ts'

/** What a line break becomes; passes it. */
function readBreak(s: Scanner): string {
  const code = s.text.charCodeAt(s.pos)
  skipLine(s)
  return code === 0x2028 ? '\u2028' : code === 0x2029 ? '\u2029' : '\n'
}

/** White space between two pieces of a scalar, and what it folds to. */
interface Gap {
  white: string
  first: string
  more: string
  broken: boolean
}
const noGap = (): Gap => ({ white: '', first: '', more: '', broken: false })

function folded(gap: Gap): string {
  if (!gap.broken) return gap.white
  if (gap.first.startsWith('\n')) return gap.more === '' ? ' ' : gap.more
  return gap.first + gap.more
}

/** Passes blanks and line breaks. `indent`: a tab before that column is refused. */
function readGap(s: Scanner, gap: Gap, indent?: { readonly column: number; readonly start: number }): void {
  for (let code = s.text.charCodeAt(s.pos); isBlank(code) || isBreak(code); code = s.text.charCodeAt(s.pos)) {
    if (isBlank(code)) {
      if (indent && gap.broken && code === 9 && column(s) < indent.column)
        throw new NotYaml('tabs cannot indent YAML: use spaces', s.pos)
      if (!gap.broken) gap.white += code === 9 ? '\t' : ' '
      s.pos++
    } else if (gap.broken) gap.more += readBreak(s)
    else {
      gap.white = ''
      gap.first += readBreak(s)
      gap.broken = true
    }
  }
}

const FLOW_ENDS = ',?[]{}'

/** The end of the run of characters of a plain scalar. */
function plainRun(s: Scanner): number {
  const { text } = s
  let p = s.pos
  for (let code = text.charCodeAt(p); !isGap(code); code = text.charCodeAt(++p)) {
    if (code === 58 && isGap(text.charCodeAt(p + 1))) break
    if (s.flow > 0 && FLOW_ENDS.includes(text[p] ?? '')) break
  }
  return p
}

/** A plain scalar, which may go on over lines that are indented deeper. */
export function scanPlain(s: Scanner): Token {
  const { text } = s
  const indent = { column: s.indent + 1, start: s.pos }
  const start = s.pos
  let end = s.pos
  let value = ''
  let gap = noGap()
  for (;;) {
    if (atIndicator(s) || text.charCodeAt(s.pos) === 35) break
    const to = plainRun(s)
    if (to > s.pos) {
      value += folded(gap) + text.slice(s.pos, to)
      gap = noGap()
      end = to
      s.pos = to
    }
    const code = text.charCodeAt(s.pos)
    if (!isBlank(code) && !isBreak(code)) break
    readGap(s, gap, indent)
    if (s.flow === 0 && column(s) < indent.column) break
  }
  if (gap.broken) s.keyAllowed = true
  return { kind: 'scalar', style: 'plain', value, start, end }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  "'": "'",
  '\\': '\\',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
}
const HEX: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }

/** The character of a backslash escape; passes it. */
function escaped(s: Scanner): string {
  const name = s.text[s.pos + 1] ?? ''
  const length = HEX[name]
  if (length === undefined) {
    const made = ESCAPES[name]
    if (made === undefined)
      throw new NotYaml(
        'this backslash escape does not exist in YAML: write \\\\ for a backslash, or use single quotes',
        s.pos,
        s.pos + 2,
      )
    s.pos += 2
    return made
  }
  const digits = s.text.slice(s.pos + 2, s.pos + 2 + length)
  const value = /^[0-9a-fA-F]+$/.test(digits) && digits.length === length ? Number.parseInt(digits, 16) : -1
  if (value < 0 || (value >= 0xd800 && value <= 0xdfff) || value > 0x10ffff)
    throw new NotYaml(
      `\\${name} must be followed by ${length} digits of a character that exists: write the character itself`,
      s.pos,
      s.pos + 2 + length,
    )
  s.pos += 2 + length
  return String.fromCodePoint(value)
}

/** The characters of a quoted scalar up to a gap or the closing quote; true when an escaped line break ended them. */
function quotedRun(s: Scanner, quote: "'" | '"', out: { text: string }): boolean {
  const { text } = s
  let from = s.pos
  const flush = () => {
    out.text += text.slice(from, s.pos)
  }
  for (;;) {
    const code = text.charCodeAt(s.pos)
    if (isGap(code)) break
    if (text[s.pos] === quote) {
      if (quote === '"' || text[s.pos + 1] !== "'") break
      s.pos++
      flush()
      from = ++s.pos
    } else if (quote === '"' && code === 92) {
      flush()
      if (isBreak(text.charCodeAt(s.pos + 1))) {
        s.pos++
        skipLine(s)
        return true
      }
      out.text += escaped(s)
      from = s.pos
    } else s.pos++
  }
  flush()
  return false
}

/** A scalar in quotes. */
export function scanQuoted(s: Scanner, quote: "'" | '"'): Token {
  const start = s.pos++
  const out = { text: '' }
  for (;;) {
    if (atIndicator(s) || s.pos >= s.text.length)
      throw new NotYaml(`the closing ${quote === '"' ? 'double' : 'single'} quote is missing: add it`, start)
    const gap = noGap()
    gap.broken = quotedRun(s, quote, out)
    if (s.text[s.pos] === quote) break
    readGap(s, gap)
    out.text += folded(gap)
  }
  s.pos++
  return { kind: 'scalar', style: quote === '"' ? 'double' : 'single', value: out.text, start, end: s.pos }
}

/** The indicators after `|` or `>`: how the end is chomped, and a given indentation (0: none). */
function header(s: Scanner): { chomp: string; increment: number } {
  const start = s.pos
  const m = /^(?:([-+])([0-9])?|([0-9])([-+])?)?/.exec(s.text.slice(s.pos, s.pos + 2))
  const chomp = m?.[1] ?? m?.[4] ?? ''
  const digit = m?.[2] ?? m?.[3]
  if (digit === '0') throw new NotYaml('a block scalar cannot be indented by 0: take the number away', start)
  s.pos += m?.[0].length ?? 0
  while (isBlank(s.text.charCodeAt(s.pos))) s.pos++
  skipComment(s)
  const code = s.text.charCodeAt(s.pos)
  if (isBreak(code)) skipLine(s)
  else if (!Number.isNaN(code))
    throw new NotYaml('text of a block scalar begins on the next line: move it there', s.pos)
  return { chomp, increment: digit ? Number(digit) : 0 }
}

interface Block {
  /** 0 until the first line with text tells. */
  indent: number
  breaks: string
  end: number
}

/** Passes indentation and empty lines of a block scalar. */
function blockBreaks(s: Scanner, block: Block): void {
  let deepest = 0
  block.end = s.pos
  for (;;) {
    while ((block.indent === 0 || column(s) < block.indent) && s.text.charCodeAt(s.pos) === 32) s.pos++
    deepest = Math.max(deepest, column(s))
    const code = s.text.charCodeAt(s.pos)
    if ((block.indent === 0 || column(s) < block.indent) && code === 9)
      throw new NotYaml('tabs cannot indent YAML: use spaces', s.pos)
    if (!isBreak(code)) break
    block.breaks += readBreak(s)
    block.end = s.pos
  }
  if (block.indent === 0) block.indent = Math.max(deepest, s.indent + 1, 1)
}

/** A literal (`|`) or folded (`>`) scalar. */
export function scanBlock(s: Scanner, literal: boolean): Token {
  const { text } = s
  const start = s.pos++
  const { chomp, increment } = header(s)
  const block: Block = { indent: increment > 0 ? Math.max(s.indent, 0) + increment : 0, breaks: '', end: s.pos }
  let value = ''
  let leading = ''
  let wasBlank = false
  blockBreaks(s, block)
  while (column(s) === block.indent && s.pos < text.length) {
    const blank = isBlank(text.charCodeAt(s.pos))
    const fold = !literal && !wasBlank && !blank && leading.startsWith('\n')
    value += fold ? (block.breaks === '' ? ' ' : '') : leading
    value += block.breaks
    wasBlank = blank
    const from = s.pos
    while (s.pos < text.length && !isBreak(text.charCodeAt(s.pos))) s.pos++
    value += text.slice(from, s.pos)
    leading = s.pos < text.length ? readBreak(s) : ''
    block.breaks = ''
    blockBreaks(s, block)
  }
  if (chomp !== '-') value += leading
  if (chomp === '+') value += block.breaks
  return { kind: 'scalar', style: literal ? 'literal' : 'folded', value, start, end: block.end }
}
