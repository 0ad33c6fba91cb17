// One thing to complete, and how it becomes an LSP completion item: indentation, quotes, tab stops, ranges.

import type { CompletionItem, CompletionItemKind, MarkupContent } from 'vscode-languageserver-types'
import { type Client, fileRange } from './convert.ts'
import { lineBreak, type Place } from './place.ts'

/** What a source yields. */
export interface Suggestion {
  readonly label: string
  readonly kind: CompletionItemKind
  /** Lines relative to the column of the first one; with tab stops when `snippet` is set. */
  readonly lines: readonly string[]
  readonly snippet?: boolean
  /** A short remark beside the label: where it comes from. */
  readonly detail?: string
  /** Markdown. */
  readonly words?: string
  /** Lower comes first; within a group the order is kept. */
  readonly group?: number
  readonly deprecated?: boolean
  /** Opens the suggest list again after it was inserted, where the client has told how. */
  readonly again?: boolean
}

export const KIND = { key: 10, value: 12, snippet: 15, entity: 20, name: 18, label: 5, port: 21, namespace: 9 } as const

/** A plain value, quoted where YAML needs it or the author has begun a quote. */
export function valueText(place: Place, value: string, always = false): string {
  const { quote } = place.cursor.token
  if (quote === "'") return `'${value.replaceAll("'", "''")}'`
  if (quote === '"' || always || place.form.json || needsQuotes(value)) return JSON.stringify(value)
  return value
}

/** A key, quoted where the author has begun a quote or the file is JSON. */
export function keyText(place: Place, name: string): string {
  if (place.cursor.token.quote === "'") return `'${name}'`
  return place.cursor.token.quote || place.form.json ? JSON.stringify(name) : name
}

/** Whether a string would not be itself as a plain scalar, as Kubernetes reads YAML. */
export function needsQuotes(value: string): boolean {
  if (value === '' || value.trim() !== value) return true
  if (/^[-?:,[\]{}#&*!|>'"%@`]/.test(value) || value.includes(': ') || value.includes(' #')) return true
  if (value.endsWith(':') || /[,[\]{}]/.test(value)) return true
  if (/^(?:y|n|yes|no|on|off|true|false|null|~)$/i.test(value)) return true
  return /^[-+.]?\d[\d_.]*(?:e[-+]?\d+)?$/i.test(value) || /^0[xob][\da-f_]+$/i.test(value)
}

/** The completion item of a suggestion at a place; `index` keeps the order of a source. */
export function toItem(place: Place, suggestion: Suggestion, index: number, client: Client): CompletionItem {
  const { cursor, form } = place
  const { token, file, start } = cursor
  const snippet = suggestion.snippet === true && client.snippets
  const text = textOf(place, suggestion, snippet)
  const opening = token.quote ?? ''
  const item: CompletionItem = {
    label: suggestion.label,
    kind: suggestion.kind,
    sortText: String((suggestion.group ?? 5) * 10_000 + index).padStart(6, '0'),
    filterText: opening + suggestion.label,
    insertTextFormat: snippet ? 2 : 1,
    insertTextMode: 1,
    textEdit: { range: fileRange(file, start + token.start, start + token.end), newText: text },
  }
  if (suggestion.detail) item.detail = suggestion.detail
  if (suggestion.words) item.documentation = markup(suggestion.words, client)
  if (suggestion.deprecated) item.tags = [1]
  if (form.start < token.start) {
    item.additionalTextEdits = [{ range: fileRange(file, start + form.start, start + token.start), newText: '' }]
  }
  if (suggestion.again && client.suggestCommand) item.command = { title: 'Suggest', command: client.suggestCommand }
  return item
}

function markup(words: string, client: Client): MarkupContent {
  return client.markdown ? { kind: 'markdown', value: words } : { kind: 'plaintext', value: words.replaceAll('`', '') }
}

function textOf(place: Place, suggestion: Suggestion, snippet: boolean): string {
  const { form } = place
  const styled = form.deepLists ? suggestion.lines : withFlatLists(suggestion.lines)
  const lines = suggestion.snippet && !snippet ? withoutStops(styled) : styled
  const eol = lineBreak(place)
  const indent = ' '.repeat(form.column)
  const body = lines.map((line, i) => (i === 0 ? line : indent + line)).join(eol)
  const [open, close] = form.wrap ?? ['', '']
  return form.lead + open + body + close + form.tail
}

/** Without tab stops: defaults stay, of choices the first; what follows an empty stop at the end of the text goes. */
function withoutStops(lines: readonly string[]): string[] {
  return lines.map(line =>
    line
      .replace(/\$\{\d+\|([^,|}]*)[^}]*\}/g, '$1')
      .replace(/\$\{\d+:?([^}]*)\}/g, '$1')
      .replace(/\$\d+/g, ''),
  )
}

/** The lines with list dashes at the column of the key above them: `key:`, `- item`. */
export function withFlatLists(lines: readonly string[]): string[] {
  const dashes: number[] = []
  return lines.map(line => {
    const column = line.length - line.trimStart().length
    const dash = line.startsWith('- ', column)
    while (dashes.length > 0 && (dashes.at(-1) ?? 0) + (dash ? 0 : 1) > column) dashes.pop()
    if (dash && column > 0 && dashes.at(-1) !== column) dashes.push(column)
    return line.slice(2 * dashes.length)
  })
}
