// The same policies written in other ways: line ends, comments, indentation, lists not indented, flow style, List objects, JSON.

import type { Document } from '../../server/src/syntax/file.ts'
import type { Node, ScalarNode } from '../../server/src/syntax/node.ts'
import { parseFile } from '../../server/src/syntax/parse.ts'

interface Layout {
  readonly indent: number
  /** How much deeper a list is than its key. */
  readonly list: number
  /** Maps and lists at this depth and deeper are in brackets. */
  readonly flowFrom: number
  readonly json: boolean
}

const PLAIN: Layout = { indent: 2, list: 2, flowFrom: Number.POSITIVE_INFINITY, json: false }

/** The variants of a file's text, by name; those that cannot be made of it are left out. */
export function variantsOf(text: string): ReadonlyMap<string, string> {
  const made = new Map<string, string>()
  made.set('CRLF', text.replaceAll('\n', '\r\n'))
  made.set('no newline at the end', text.replace(/\n$/, ''))
  const { documents } = parseFile('variant:', 1, text)
  if (!documents.every(plain)) return made
  made.set('comments', documents.map(d => `---\n${commented(block(d.root, PLAIN))}`).join(''))
  for (const [name, layout] of Object.entries(LAYOUTS))
    made.set(name, documents.map(d => `---\n${block(d.root, layout).join('\n')}\n`).join(''))
  const items = documents.flatMap(d => block(d.root, PLAIN).map((l, i) => (i === 0 ? `  - ${l}` : `    ${l}`)))
  made.set('List', `apiVersion: v1\nkind: List\nitems:\n${items.join('\n')}\n`)
  const [only] = documents
  if (documents.length === 1 && only?.root && saysItself(only.root))
    made.set('JSON', `${flow(only.root, { ...PLAIN, json: true })}\n`)
  return made
}

const LAYOUTS: Readonly<Record<string, Layout>> = {
  'indented by 4': { ...PLAIN, indent: 4, list: 4 },
  'lists not indented': { ...PLAIN, list: 0 },
  'flow style': { ...PLAIN, flowFrom: 0 },
  'flow style inside': { ...PLAIN, flowFrom: 4 },
}

/** Nothing but maps, lists and one-line scalars: what can be written anew without losing anything. */
function plain(document: Document): boolean {
  const simple = (node: Node | undefined): boolean => {
    if (!node) return false
    if (node.anchor !== undefined || node.alias !== undefined || node.tag !== undefined || node.open) return false
    if (node.kind === 'seq') return node.items.every(simple)
    if (node.kind === 'map')
      return node.duplicates.length === 0 && node.entries.every(e => !e.merged && simple(e.value))
    return node.style !== 'literal' && node.style !== 'folded' && node.span.end > node.span.start
  }
  return document.errors.length === 0 && !document.templated && !document.text.includes('<<:') && simple(document.root)
}

/** Whether all that is unquoted is what it looks like: JSON could not say `yes: 010`. */
function saysItself(node: Node): boolean {
  if (node.kind === 'scalar') return node.style !== 'plain' || node.value === null || String(node.value) === node.text
  if (node.kind === 'seq') return node.items.every(saysItself)
  return node.entries.every(e => e.key.text === e.name && (!e.value || saysItself(e.value)))
}

function block(node: Node | undefined, layout: Layout, depth = 0): string[] {
  if (!node) return []
  const empty = node.kind === 'map' ? node.entries.length === 0 : node.kind === 'seq' && node.items.length === 0
  if (node.kind === 'scalar' || empty || depth >= layout.flowFrom) return [flow(node, layout)]
  if (node.kind === 'seq') {
    const dash = '-'.padEnd(layout.indent)
    return node.items.flatMap(item =>
      block(item, layout, depth + 1).map((line, i) => (i === 0 ? dash : ' '.repeat(layout.indent)) + line),
    )
  }
  return node.entries.flatMap(e => {
    const lines = block(e.value, layout, depth + 1)
    const key = written(e.key, layout)
    const inline = e.value?.kind === 'scalar' || /^[[{]/.test(lines[0] ?? '')
    if (inline) return [`${key}: ${lines[0]}`]
    const pad = ' '.repeat(e.value?.kind === 'seq' ? layout.list : layout.indent)
    return [`${key}:`, ...lines.map(l => pad + l)]
  })
}

function flow(node: Node, layout: Layout): string {
  if (node.kind === 'scalar') return written(node, layout)
  if (node.kind === 'seq') return `[${node.items.map(i => flow(i, layout)).join(', ')}]`
  const entries = node.entries.map(e => `${written(e.key, layout, true)}: ${e.value ? flow(e.value, layout) : 'null'}`)
  return `{${entries.join(', ')}}`
}

function written(node: ScalarNode, { json, flowFrom }: Layout, key = false): string {
  if (json) return JSON.stringify(key ? node.text : node.value)
  if (node.style === 'double') return JSON.stringify(node.text)
  if (node.style === 'single') return `'${node.text.replaceAll("'", "''")}'`
  return flowFrom < 99 && typeof node.value === 'string' && /[:,[\]{}]/.test(node.text)
    ? JSON.stringify(node.text)
    : node.text
}

/** A comment above and behind each line. */
function commented(lines: readonly string[]): string {
  return lines.map((l, i) => `${' '.repeat(l.search(/[^ ]/))}# keep ${i}\n${l} # of ${i}\n`).join('')
}
