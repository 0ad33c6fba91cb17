// The word at the cursor, read from its line alone: what is typed, what it would replace, and what stands around it.

/** What is being typed at the cursor. Offsets are those of the text given. */
export interface Token {
  /** The word, quotes included; empty when nothing is typed yet. */
  readonly start: number
  readonly end: number
  /** What is typed before the cursor, without the opening quote. */
  readonly word: string
  readonly quote: '"' | "'" | undefined
  /** What stands before it: nothing but blanks, a dash, `key:`, or a bracket or comma of a flow collection. */
  readonly after: 'indent' | 'dash' | 'colon' | 'flow'
  /** A blank must be inserted before the word (`key:|`, `-|`). */
  readonly glued: boolean
  /** A colon follows: the word is a key that has its colon. */
  readonly colon: boolean
  /** Number of flow brackets opened on this line before the word, innermost last. */
  readonly brackets: string
  /** Start and end of the line, line break not included. */
  readonly line: { readonly start: number; readonly end: number }
}

/** Words that take a colon inside a label key: `k8s:|` is half a key, not a key with its value. */
const LABEL_SOURCES = new Set(['k8s', 'any', 'reserved', 'cidrgroup', 'node'])

interface Scan {
  start: number
  quote: '"' | "'" | undefined
  after: Token['after']
  brackets: string
  /** Nothing but blanks since the start. */
  fresh: boolean
  /** The line begins inside a flow collection. */
  readonly within: boolean
}

const inFlow = (scan: Scan): boolean => scan.within || scan.brackets !== ''

/** Reads the line around the offset, which may begin inside a flow collection; undefined inside a comment. */
export function tokenAt(text: string, offset: number, within = false): Token | undefined {
  const line = lineAround(text, offset)
  const scan: Scan = { start: line.start, quote: undefined, after: 'indent', brackets: '', fresh: true, within }
  for (let i = line.start; i < offset; i++) {
    const next = step(text, i, scan, offset)
    if (next === undefined) return undefined
    i = next
  }
  while (!scan.quote && scan.start < offset && isBlank(text[scan.start])) scan.start++
  const end = tokenEnd(text, scan, { offset, lineEnd: line.end })
  const before = text[scan.start - 1]
  return {
    start: scan.start,
    end,
    word: text.slice(scan.start + (scan.quote ? 1 : 0), offset),
    quote: scan.quote,
    after: scan.after,
    glued: scan.start > line.start && (before === ':' || before === '-') && scan.after !== 'flow',
    colon: /^[ \t]*:(?:[ \t]|$)/.test(text.slice(end, line.end)),
    brackets: scan.brackets,
    line,
  }
}

function lineAround(text: string, offset: number): { start: number; end: number } {
  let start = offset
  while (start > 0 && text[start - 1] !== '\n' && text[start - 1] !== '\r') start--
  let end = offset
  while (end < text.length && text[end] !== '\n' && text[end] !== '\r') end++
  if (start === 0 && text.startsWith('\uFEFF') && offset > 0) start = 1
  return { start, end }
}

/** Moves the scan over one character; answers the last offset read, undefined at a comment. */
function step(text: string, i: number, scan: Scan, offset: number): number | undefined {
  const c = text[i] ?? ''
  if (scan.quote) {
    if (c === '\\' && scan.quote === '"') return i + 1
    if (c !== scan.quote) return i
    if (c === "'" && text[i + 1] === "'" && i + 1 < offset) return i + 1
    scan.quote = undefined
    return i
  }
  const { fresh } = scan
  if (!isBlank(c)) scan.fresh = false
  if (c === '#' && (fresh || isBlank(text[i - 1]))) return undefined
  if ((c === '"' || c === "'") && fresh) {
    scan.quote = c
    scan.start = i
  } else if (c === '-' && fresh && scan.after !== 'colon' && !inFlow(scan) && endsWord(text[i + 1])) {
    if (text.startsWith('--', i)) return i
    restart(scan, i + 1, 'dash')
  } else if (c === ':' && endsWord(text[i + 1], inFlow(scan)) && !isSource(text, scan.start, i)) {
    restart(scan, i + 1, 'colon')
  } else flow(c, i, scan, fresh)
  return i
}

function flow(c: string, i: number, scan: Scan, fresh: boolean): void {
  if ((c === '[' || c === '{') && (fresh || inFlow(scan))) {
    scan.brackets += c
    restart(scan, i + 1, 'flow')
  } else if (inFlow(scan) && c === ',') restart(scan, i + 1, 'flow')
  else if (inFlow(scan) && (c === ']' || c === '}')) {
    scan.brackets = scan.brackets.slice(0, -1)
    restart(scan, i + 1, 'flow')
  }
}

function restart(scan: Scan, start: number, after: Token['after']): void {
  scan.start = start
  scan.after = after
  scan.fresh = true
}

function isBlank(c: string | undefined): boolean {
  return c === ' ' || c === '\t'
}

function endsWord(c: string | undefined, flow = false): boolean {
  return c === undefined || isBlank(c) || c === '\n' || c === '\r' || (flow && ',]}'.includes(c))
}

/** Whether the colon at `i` belongs to a label key that is being typed (`k8s:|`). */
function isSource(text: string, start: number, i: number): boolean {
  return !isBlank(text[i + 1]) && LABEL_SOURCES.has(text.slice(start, i).trim())
}

function tokenEnd(text: string, scan: Scan, at: { offset: number; lineEnd: number }): number {
  const { offset, lineEnd } = at
  if (scan.quote) {
    const close = text.indexOf(scan.quote, Math.max(offset, scan.start + 1))
    if (close !== -1 && close < lineEnd) return close + 1
  }
  let end = offset
  while (end < lineEnd) {
    const c = text[end] ?? ''
    if (inFlow(scan) && ',[]{}'.includes(c)) break
    if (c === ':' && endsWord(text[end + 1], inFlow(scan)) && !isSource(text, scan.start, end)) break
    if (isBlank(c) && text[end + 1] === '#') break
    if (isBlank(c) && scan.fresh) break
    if (!isBlank(c)) scan.fresh = false
    if (c === '-' && end === scan.start && endsWord(text[end + 1])) break
    end++
  }
  while (end > offset && isBlank(text[end - 1])) end--
  return end
}
