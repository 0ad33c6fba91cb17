// A small tree of YAML and its printing in many styles: block, flow, JSON, with this or that quoting.
import type { Random } from './random.ts'

export type Y = Text | Raw | List | Dict
/** A string, whatever it looks like: quoted where it would be read as something else. */
export interface Text {
  readonly t: 'text'
  readonly text: string
}
/** YAML text, printed as it is: `0x1F`, `!!str 5`, `*alias`. Has no line break. */
export interface Raw {
  readonly t: 'raw'
  readonly text: string
}
export interface List {
  readonly t: 'list'
  readonly items: Y[]
}
export interface Dict {
  readonly t: 'dict'
  readonly entries: Entry[]
}
export interface Entry {
  key: Text | Raw
  value: Y
}

export interface Style {
  readonly form: 'block' | 'flow' | 'json'
  readonly indent: number
  /** Whether a sequence in a map is indented. */
  readonly deep: boolean
  readonly quote: '"' | "'" | ''
}

export const text = (value: string): Text => ({ t: 'text', text: value })
export const raw = (value: string): Raw => ({ t: 'raw', text: value })
export const list = (...items: Y[]): List => ({ t: 'list', items })
export const entry = (key: string, value: Y): Entry => ({ key: text(key), value })
export const dict = (entries: Record<string, Y> = {}): Dict => ({
  t: 'dict',
  entries: Object.entries(entries).map(([key, value]) => entry(key, value)),
})

/** A style for a document. */
export function someStyle(random: Random): Style {
  const form = random.chance(0.86) ? 'block' : random.pick(['flow', 'json'] as const)
  return {
    form,
    indent: random.chance(0.9) ? 2 : random.pick([1, 3, 4]),
    deep: random.chance(0.7),
    quote: random.chance(0.6) ? '' : random.pick(['"', "'"] as const),
  }
}

/** The text of a document, ending with a line break. */
export function print(value: Y, style: Style): string {
  if (style.form !== 'block') return `${flow(value, style)}\n`
  return `${block(value, '', style).replace(/^\n/, '')}\n`
}

function block(value: Y, margin: string, style: Style): string {
  if (value.t === 'dict' && value.entries.length > 0)
    return value.entries.map(e => `\n${margin}${pair(e, margin, style)}`).join('')
  if (value.t === 'list' && value.items.length > 0)
    return value.items.map(item => `\n${margin}- ${nested(item, margin, style)}`).join('')
  return flow(value, style)
}

function pair(e: Entry, margin: string, style: Style): string {
  const key = scalar(e.key, style)
  const filled = e.value.t === 'dict' ? e.value.entries.length > 0 : e.value.t === 'list' && e.value.items.length > 0
  if (!filled) return `${key}: ${flow(e.value, style)}`
  const inner = e.value.t === 'list' && !style.deep ? margin : margin + ' '.repeat(style.indent)
  return `${key}:${block(e.value, inner, style)}`
}

/** An item after `- `: a map starts on the same line. */
function nested(item: Y, margin: string, style: Style): string {
  return block(item, `${margin}  `, style).replace(/^\n */, '')
}

function flow(value: Y, style: Style): string {
  switch (value.t) {
    case 'list':
      return `[${value.items.map(item => flow(item, style)).join(', ')}]`
    case 'dict':
      return `{${value.entries.map(e => `${scalar(e.key, style)}: ${flow(e.value, style)}`).join(', ')}}`
    default:
      return scalar(value, style)
  }
}

const PLAIN = /^[A-Za-z_/][A-Za-z0-9_./:*-]*$/
const WORD = /^(y|n|yes|no|on|off|true|false|null|nan|inf)$/i

function scalar(value: Text | Raw, style: Style): string {
  if (value.t === 'raw') return value.text
  const { text } = value
  if (style.form === 'json') return JSON.stringify(text)
  if (style.quote === '' && PLAIN.test(text) && !text.endsWith(':') && !WORD.test(text)) return text
  // biome-ignore lint/suspicious/noControlCharactersInRegex: single quotes hold printable text only
  if (style.quote === "'" && !/[\u0000-\u001f\u007f-\uffff]/.test(text)) return `'${text.replaceAll("'", "''")}'`
  return JSON.stringify(text)
}
