// Placeholders: Go templates (`{{ }}`) are taken out of the text before it is read as YAML, lengths kept.

import { type Action, actionsOf, branchesOf, LONGEST_LINE, type Region, regionsOf } from './actions.ts'
import { lineAt, lineStarts } from './lines.ts'
import type { Span } from './node.ts'

/** The text with actions replaced by characters of the same number, and where they stood. */
export interface Untemplated {
  readonly text: string
  /** Actions inside a value: the scalar around them is unknown. */
  readonly values: readonly Span[]
  /** Actions that take the place of lines: whatever they print is unknown. */
  readonly lines: readonly Span[]
  /** Those of `lines` that print something; the others decide what of the text is printed. */
  readonly prints: readonly Span[]
  /** Texts that are printed under a condition, each alternative by itself. */
  readonly branches: readonly Span[]
}

const NOTHING = { values: [], lines: [], prints: [], branches: [] }

/** A text and where its lines start. */
interface Page {
  readonly text: string
  readonly starts: readonly number[]
}

interface Piece extends Span {
  readonly as: 'value' | 'line' | 'lead'
  readonly prints: boolean
}

/** Blanks what stands for lines and fills the rest with a letter, so that YAML can be read with ranges kept. */
export function untemplate(text: string): Untemplated {
  if (!text.includes('{{')) return { text, ...NOTHING }
  const actions = actionsOf(text)
  const page = { text, starts: lineStarts(text) }
  const pieces = piecesOf(page, actions)
  let out = ''
  let done = 0
  for (const piece of pieces) {
    out += text.slice(done, piece.start) + filled(page, piece)
    done = piece.end
  }
  const spans = (list: readonly Piece[]) => list.map(({ start, end }) => ({ start, end }))
  const lines = pieces.filter(p => p.as !== 'value')
  return {
    text: out + text.slice(done),
    values: spans(pieces.filter(p => p.as === 'value')),
    lines: spans(lines),
    prints: spans(lines.filter(p => p.prints)),
    branches: branchesOf(actions, text.length),
  }
}

/** What is replaced, in order: conditions within a line as a whole where they are part of a value, else single actions. */
function piecesOf(page: Page, actions: readonly Action[]): Piece[] {
  const pieces: Piece[] = []
  const regions = regionsOf(page.text, actions)
  let done = 0
  for (const action of actions) {
    if (action.start < done) continue
    const region = regions.get(action.start)
    const whole = region && wholeRegion(page, region)
    const piece = whole ?? pieceOf(page, action)
    pieces.push(piece)
    done = piece.end
  }
  return pieces
}

/** A condition on one line (`{{ if a }}b{{ else }}c{{ end }}`) as one piece; undefined where what is in it can be read. */
function wholeRegion(page: Page, region: Region): Piece | undefined {
  const { start, end, alternatives } = region
  if (inLongLine(page, region)) return { start, end, as: 'value', prints: true }
  const before = textBefore(page, start)
  const ends = isBlank(textAfter(page, end))
  if (ends && !alternatives && beginsContent(before)) return undefined
  return { start, end, as: ends && isBlank(before) ? 'line' : 'value', prints: true }
}

function pieceOf(page: Page, action: Action): Piece {
  const { start, end } = action
  const prints = action.kind === 'print'
  if (inLongLine(page, action)) return { start, end, as: 'value', prints }
  const before = withoutActions(textBefore(page, start))
  const after = withoutActions(textAfter(page, end))
  if (isBlank(before) && isBlank(after)) return { start, end, as: 'line', prints }
  if (!prints) return { start, end, as: beginsContent(before) && !isBlank(after) ? 'lead' : 'line', prints }
  const block = isBlank(after) && /(?:^\s*|[-:]\s+)$/.test(before) && goesDeeper(page, action)
  return { start, end, as: block ? 'line' : 'value', prints }
}

function inLongLine({ text, starts }: Page, { start, end }: Span): boolean {
  const next = starts[lineAt(starts, end) + 1] ?? text.length
  return next - (starts[lineAt(starts, start)] ?? 0) - (end - start) > LONGEST_LINE
}

/** Whether the next line with something on it is deeper than the key or dash before the action: the action prints a block. */
function goesDeeper(page: Page, { start, end }: Span): boolean {
  const { text, starts } = page
  const before = textBefore(page, start)
  const column = /:\s+$/.test(before) ? before.search(/[^\s-]|-(?!\s)/) : before.lastIndexOf('-')
  for (let line = lineAt(starts, end) + 1; line < starts.length; line++) {
    const written = text.slice(
      starts[line],
      Math.min(starts[line + 1] ?? text.length, (starts[line] ?? 0) + LONGEST_LINE),
    )
    if (!isBlank(withoutActions(written))) return written.search(/\S/) > column
  }
  return false
}

/** The replacement: letters for a value, blanks for a line; what follows a leading condition begins a line of its own. */
function filled(page: Page, piece: Piece): string {
  const action = page.text.slice(piece.start, piece.end)
  const eol = action.search(/[\r\n]/)
  if (piece.as === 'value') {
    const letters = eol === -1 ? action.length : eol
    return 'x'.repeat(letters) + blank(action.slice(letters))
  }
  const column = textBefore(page, piece.start).search(/[^\s-]|$/)
  const room = action.length - column - 1
  return piece.as === 'lead' && eol === -1 && room >= 0 ? `${' '.repeat(room)}\n${' '.repeat(column)}` : blank(action)
}

const blank = (text: string): string => text.replace(/[^\r\n]/g, ' ')
/** Nothing, or nothing but dashes of lists. */
const beginsContent = (text: string): boolean => /^\s*(?:-\s+)*$/.test(text)
/** Nothing, or nothing but a comment. */
const isBlank = (text: string): boolean => /^\s*(?:#.*)?$/.test(text)

const textBefore = ({ text, starts }: Page, offset: number): string =>
  text.slice(starts[lineAt(starts, offset)], offset)

const textAfter = ({ text, starts }: Page, offset: number): string =>
  text.slice(offset, starts[lineAt(starts, offset) + 1]).replace(/[\r\n]+$/, '')

function withoutActions(line: string): string {
  let out = ''
  let at = 0
  for (let open = line.indexOf('{{'); open !== -1; open = line.indexOf('{{', at)) {
    const close = line.indexOf('}}', open)
    if (close === -1) break
    out += line.slice(at, open)
    at = close + 2
  }
  return out + line.slice(at)
}

/** Whether a scalar's text holds a placeholder of Flux or envsubst (`${VAR}`, `${VAR:=x}`) . */
export function hasVariable(text: string): boolean {
  const open = text.indexOf('${')
  return open !== -1 && text.indexOf('}', open) !== -1
}
