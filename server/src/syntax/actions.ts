// Actions of Go templates (`{{ }}`): where they are, what they do, and which texts stand under a condition.

import type { Span } from './node.ts'

/** `print` puts text in its place; `open` and `close` begin and end a condition or loop, `else` parts it; `quiet` prints nothing. */
export interface Action extends Span {
  readonly kind: 'print' | 'open' | 'else' | 'close' | 'quiet'
}

/** The actions of a text in order; one that is not closed is none. */
export function actionsOf(text: string): Action[] {
  const found: Action[] = []
  const lastComment = text.lastIndexOf('*/')
  for (let start = text.indexOf('{{'); start !== -1; ) {
    const end = endOf(text, start, lastComment)
    if (end === undefined) break
    found.push({ start, end, kind: kindOf(text.slice(start + 2, end - 2)) })
    start = text.indexOf('{{', end)
  }
  return found
}

/** The comments of a template, which may hold anything, in order; one that is not closed is none. */
export function commentsOf(text: string): readonly Span[] {
  const found: Span[] = []
  const last = text.lastIndexOf('*/')
  for (let start = text.indexOf('{{'); start !== -1 && start < last; ) {
    const head = COMMENT.exec(text.slice(start, start + 16))
    const end = head ? closing(text, text.indexOf('*/', start + head[0].length)) : undefined
    if (head && end === undefined) break
    if (end !== undefined) found.push({ start, end })
    start = text.indexOf('{{', end ?? start + 2)
  }
  return found
}

const COMMENT = /^\{\{-?[ \t]*\/\*/

/** Behind the closing braces: those in strings and comments do not count. */
function endOf(text: string, start: number, lastComment: number): number | undefined {
  const head = start < lastComment ? COMMENT.exec(text.slice(start, start + 16)) : null
  const comment = head ? text.indexOf('*/', start + head[0].length) : -1
  if (comment !== -1) return closing(text, comment)
  let quote = ''
  for (let i = start + 2; i < text.length; i++) {
    const c = text[i] ?? ''
    if (quote === '') {
      if (c === '"' || c === '`') quote = c
      else if (c === '}' && text[i + 1] === '}')
        return i + (text.startsWith('}}}', i) && text[start + 2] === '{' ? 3 : 2)
    } else if (c === '\\' && quote === '"') i++
    else if (c === quote) quote = ''
    else if (c === '\n' && quote === '"') break
  }
  return closing(text, start)
}

function closing(text: string, from: number): number | undefined {
  const at = from === -1 ? -1 : text.indexOf('}}', from)
  return at === -1 ? undefined : at + 2
}

const OPEN = new Set(['if', 'range', 'with', 'define', 'block'])

function kindOf(inner: string): Action['kind'] {
  const body = inner.replace(/^-/, '').trimStart()
  if (body.startsWith('/*') || /^\$\w*(?:[ \t]*,[ \t]*\$\w+)?[ \t]*:?=/.test(body)) return 'quiet'
  const word = /^[a-z]*/.exec(body)?.[0] ?? ''
  if (OPEN.has(word)) return 'open'
  if (word === 'else') return 'else'
  if (word === 'end') return 'close'
  return word === 'break' || word === 'continue' ? 'quiet' : 'print'
}

/** A condition that begins and ends on one line. */
export interface Region extends Span {
  /** It has an `else`. */
  readonly alternatives: boolean
}

/** The conditions within lines, outermost ones, by where they start; those of very long lines are left out. */
export function regionsOf(text: string, actions: readonly Action[]): ReadonlyMap<number, Region> {
  const found: Region[] = []
  const open: { action: Action; alternatives: boolean }[] = []
  for (const action of actions) {
    if (action.kind === 'open') open.push({ action, alternatives: false })
    const innermost = open.at(-1)
    if (action.kind === 'else' && innermost) innermost.alternatives = true
    if (action.kind !== 'close') continue
    const begun = open.pop()
    if (!begun || !isShort(text, begun.action.start, action.end)) continue
    while ((found.at(-1)?.start ?? -1) > begun.action.start) found.pop()
    found.push({ start: begun.action.start, end: action.end, alternatives: begun.alternatives })
  }
  return new Map(found.map(region => [region.start, region]))
}

/** Columns up to which a line is looked at as a whole: longer ones nobody writes. */
export const LONGEST_LINE = 1000

const isShort = (text: string, start: number, end: number): boolean =>
  end - start < LONGEST_LINE && !/[\r\n]/.test(text.slice(start, end))

/** The texts under conditions, each alternative by itself; what is not ended here goes to the end. */
export function branchesOf(actions: readonly Action[], length: number): readonly Span[] {
  const found: Span[] = []
  const open: number[] = []
  for (const { kind, start, end } of actions) {
    if (kind === 'else' || kind === 'close') found.push({ start: open.pop() ?? 0, end: start })
    if (kind === 'else' || kind === 'open') open.push(end)
  }
  for (const start of open) found.push({ start, end: length })
  return found
}
