// Small values as YAML text that Kubernetes reads back as the same value: for insertions only, never for what is there.

import { resolvePlain } from './yaml11.ts'

/** Plain data to be written: strings come out quoted whenever they would be read as something else. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain }

/** How text is written at a place. */
export interface Style {
  readonly eol: string
  readonly quote: '"' | "'"
  /** Columns that a list is deeper than its key: mostly 0 or 2. */
  readonly listIndent: number
  /** Columns that a map is deeper than its key: 2 when absent. */
  readonly indent?: number
  /** Keys with a source (`k8s:app`) stand in quotes. */
  readonly quotePrefixed?: boolean
  /** The document is JSON. */
  readonly json?: boolean
}

const WORD = /^[A-Za-z0-9_/*.][-\w./*()@%+~]*(?::[-\w./]+)*$/

/** A string as a scalar: plain where that is safe. Ports and other numbers stay strings by their quotes. */
export function printString(text: string, quote: '"' | "'", flow = false): string {
  const plain =
    WORD.test(text) &&
    !text.startsWith('*') &&
    typeof resolvePlain(text).value === 'string' &&
    !(flow && text.includes(':'))
  if (plain && !/^(?:0[xo]|\d+[_:]\d)/.test(text)) return text
  return quoted(text, quote)
}

/** The string in quotes of that kind, or in double quotes where it needs escapes. */
export function quoted(text: string, quote: '"' | "'"): string {
  if (quote === "'" && !/[\p{C}]/u.test(text)) return `'${text.replaceAll("'", "''")}'`
  return JSON.stringify(text)
}

const isMap = (value: Plain): value is { readonly [key: string]: Plain } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isList = (value: Plain): value is readonly Plain[] => Array.isArray(value)

/** A key of a map; one with a source is quoted where such keys are. */
export function printKey(key: string, style: Style, flow = false): string {
  if (style.json) return JSON.stringify(key)
  return style.quotePrefixed && key.includes(':') ? quoted(key, style.quote) : printString(key, style.quote, flow)
}

/** A value in flow style. */
export function printFlow(value: Plain, style: Style): string {
  if (style.json) return JSON.stringify(value)
  if (typeof value === 'string') return printString(value, style.quote, true)
  if (isList(value)) return `[${value.map(v => printFlow(v, style)).join(', ')}]`
  if (isMap(value))
    return `{${Object.entries(value)
      .map(([k, v]) => `${printKey(k, style, true)}: ${printFlow(v, style)}`)
      .join(', ')}}`
  return String(value)
}

const isEmpty = (value: Plain): boolean =>
  (isList(value) && value.length === 0) || (isMap(value) && Object.keys(value).length === 0)
const isScalar = (value: Plain): boolean => typeof value !== 'object' || value === null

/** Lines of a value in block style, relative to its own column. */
export function printLines(value: Plain, style: Style): string[] {
  if (isScalar(value) || isEmpty(value))
    return [printFlow(value, { ...style }).replace(/^(.*)$/s, '$1')].map(t =>
      typeof value === 'string' ? printString(value, style.quote) : t,
    )
  if (isList(value))
    return value.flatMap(item => printLines(item, style).map((line, i) => (i === 0 ? `- ${line}` : `  ${line}`)))
  return Object.entries(value as { readonly [key: string]: Plain }).flatMap(([key, v]) => printEntry(key, v, style))
}

/** Lines of `key: value` in block style, relative to the key's column. */
export function printEntry(key: string, value: Plain, style: Style): string[] {
  const name = printKey(key, style)
  const lines = printLines(value, style)
  if (isScalar(value) || isEmpty(value)) return [`${name}: ${lines[0]}`]
  const indent = ' '.repeat(isList(value) ? style.listIndent : (style.indent ?? 2))
  return [`${name}:`, ...lines.map(line => indent + line)]
}
