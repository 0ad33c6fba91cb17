// How the text of a document is laid out: ends of lines, columns, quotes, and how deep lists stand under their keys.

import { stamped } from '../memo.ts'
import type { Document } from './file.ts'
import { entryOf, type MapEntry, type Node, type ScalarNode, type Span } from './node.ts'
import type { Style } from './print.ts'

/** The offset of the first character of the line. */
export function lineStart(text: string, offset: number): number {
  let i = offset
  while (i > 0 && text[i - 1] !== '\n' && text[i - 1] !== '\r') i--
  return i
}

/** The offset of the line's end, before its line break. */
export function endOfLine(text: string, offset: number): number {
  let i = offset
  while (i < text.length && text[i] !== '\n' && text[i] !== '\r') i++
  return i
}

/** The column of an offset, in code units; a byte order mark does not count. */
export function column(text: string, offset: number): number {
  const start = lineStart(text, offset)
  return offset - start - (text[start] === '\uFEFF' && offset > start ? 1 : 0)
}

/** The white space at the beginning of the line. */
export function indentation(text: string, offset: number): string {
  const start = lineStart(text, offset)
  let end = start
  while (text[end] === ' ' || text[end] === '\t') end++
  return text.slice(start, end)
}

/** The end of the line on which a block node ends, its trailing comment included. */
export function afterContent(text: string, span: Span): number {
  let end = span.end
  while (end > span.start && ' \t\r\n'.includes(text[end - 1] ?? '')) end--
  return endOfLine(text, end)
}

/** How often each depth was seen. */
interface Depths {
  readonly lists: Map<number, number>
  readonly maps: Map<number, number>
  /** Keys with a source, in quotes and without. */
  quoted: number
  bare: number
  /** Scalars in quotes of either kind. */
  single: number
  double: number
}

/** The style at hand: the most frequent line break, quote and depths of lists and maps under their keys in the document. */
export const styleOf: (document: Document) => Style = stamped(document => {
  const { text } = document
  const eol = text.includes('\r\n') ? '\r\n' : text.includes('\n') || !text.includes('\r') ? '\n' : '\r'
  const found = depthsOf(document.root, text)
  return {
    eol,
    quote: found.single > found.double ? "'" : '"',
    listIndent: most(found.lists) ?? 2,
    indent: most(found.maps) ?? 2,
    quotePrefixed: found.quoted > found.bare,
    json: isJson(document.root),
  }
})

/** Written as JSON is: a map in braces with its keys in double quotes. */
function isJson(root: Node | undefined): boolean {
  return root?.kind === 'map' && root.flow && root.entries.every(e => e.key.style === 'double')
}

/** The style inside a list: as deep as the lists in it stand, else as itself stands, else as elsewhere in the document. */
export function styleIn(document: Document, list: Node): Style {
  const style = styleOf(document)
  const { text } = document
  const inside = most(depthsOf(list, text).lists)
  const holder = entryOf(list)
  const own = holder && list.kind === 'seq' ? listDepth(text, holder) : undefined
  return { ...style, listIndent: inside ?? own ?? style.listIndent }
}

function most(depths: ReadonlyMap<number, number>): number | undefined {
  return [...depths].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0]
}

function listDepth(text: string, { key, value }: MapEntry): number | undefined {
  if (value?.kind !== 'seq' || value.flow || value.alias || value.items.length === 0) return undefined
  return Math.max(0, column(text, value.span.start) - column(text, key.span.start))
}

function mapDepth(text: string, { key, value }: MapEntry): number | undefined {
  if (value?.kind !== 'map' || value.flow || value.alias || value.entries.length === 0) return undefined
  return Math.max(1, column(text, value.span.start) - column(text, key.span.start))
}

function depthsOf(root: Node | undefined, text: string): Depths {
  const found: Depths = { lists: new Map(), maps: new Map(), quoted: 0, bare: 0, single: 0, double: 0 }
  const open: Node[] = root ? [root] : []
  for (let node = open.pop(); node; node = open.pop()) {
    if (node.kind === 'scalar') quotes(found, node)
    if (node.kind === 'seq' && !node.alias) open.push(...node.items)
    if (node.kind !== 'map' || node.alias) continue
    for (const e of node.entries) {
      if (e.merged) continue
      quotes(found, e.key)
      if (e.value) open.push(e.value)
      if (e.name.includes(':')) e.key.style === 'plain' ? found.bare++ : found.quoted++
      add(found.lists, listDepth(text, e))
      add(found.maps, mapDepth(text, e))
    }
  }
  return found
}

function quotes(found: Depths, { style }: ScalarNode): void {
  if (style === 'single') found.single++
  if (style === 'double') found.double++
}

function add(counts: Map<number, number>, depth: number | undefined): void {
  if (depth !== undefined) counts.set(depth, (counts.get(depth) ?? 0) + 1)
}
