// Placeholders: Go templates (`{{ }}`) are taken out of the text before it is read as YAML, lengths kept.

import type { Span } from './node.ts'

/** The text with actions replaced by characters of the same number, and where they stood. */
export interface Untemplated {
  readonly text: string
  /** Actions inside a value: the scalar around them is unknown. */
  readonly values: readonly Span[]
  /** Actions on lines of their own: whatever they print is unknown. */
  readonly lines: readonly Span[]
}

/** Blanks whole-line actions and fills the others with a letter, so that YAML can be read with ranges kept. */
export function untemplate(text: string): Untemplated {
  const values: Span[] = []
  const lines: Span[] = []
  if (!text.includes('{{')) return { text, values, lines }
  let out = ''
  let done = 0
  for (let start = text.indexOf('{{'); start !== -1; start = text.indexOf('{{', done)) {
    const close = text.indexOf('}}', start + 2)
    if (close === -1) break
    const end = text.startsWith('}}}', close) && text.startsWith('{{{', start) ? close + 3 : close + 2
    const span = { start, end }
    const alone = standsAlone(text, span)
    ;(alone ? lines : values).push(span)
    out += text.slice(done, start) + fill(text.slice(start, end), alone ? ' ' : 'x')
    done = end
  }
  return { text: out + text.slice(done), values, lines }
}

/** Whether the lines of the span hold nothing but actions. */
function standsAlone(text: string, { start, end }: Span): boolean {
  let from = start
  while (from > 0 && text[from - 1] !== '\n') from--
  let to = end
  while (to < text.length && text[to] !== '\n') to++
  const rest = text.slice(from, start) + text.slice(end, to)
  return withoutActions(rest).trim() === ''
}

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

function fill(action: string, letter: string): string {
  const eol = action.indexOf('\n')
  if (eol === -1) return letter.repeat(action.length)
  const rest = action.slice(eol)
  return letter.repeat(eol) + rest.replace(/[^\r\n]/g, ' ')
}

/** Whether a scalar's text holds a placeholder of Flux or envsubst (`${VAR}`, `${VAR:=x}`) . */
export function hasVariable(text: string): boolean {
  const open = text.indexOf('${')
  return open !== -1 && text.indexOf('}', open) !== -1
}
