// The primitives that every fix is made of: small insertions and replacements that leave everything else as it is.

import type { Document } from './file.ts'
import { afterContent, column, endOfLine, indentation, lineStart, styleIn, styleOf } from './layout.ts'
import { entryOf, type MapEntry, type MapNode, type Node, type ScalarNode, type SeqNode, type Span } from './node.ts'
import { type Plain, printEntry, printFlow, printKey, printLines, printString, quoted } from './print.ts'
import type { Edit } from './problem.ts'

export type { Plain } from './print.ts'
export type Position = 'start' | 'end' | { readonly after: string } | { readonly before: string }

export function replace(document: Document, start: number, end: number, text: string): Edit {
  return { kind: 'replace', place: { document, span: { start, end } }, text }
}

/** Writes another scalar in a scalar's place; quotes stay as they were. */
export function replaceValue(document: Document, node: Node, text: string): readonly Edit[] {
  const style = node.kind === 'scalar' ? node.style : 'plain'
  const { quote } = styleOf(document)
  const written =
    style === 'double'
      ? quoted(text, '"')
      : style === 'single'
        ? quoted(text, "'")
        : /^\d+$/.test(text)
          ? text
          : printString(text, quote, inFlow(node))
  return [replace(document, node.span.start, node.span.end, written)]
}

/** Puts a scalar in quotes, its characters as they are written. */
export function quoteScalar(document: Document, node: ScalarNode, text = node.text): readonly Edit[] {
  return [replace(document, node.span.start, node.span.end, quoted(text, styleOf(document).quote))]
}

/** Writes a number or a word of YAML in a scalar's place, without quotes. */
export function replacePlain(document: Document, node: Node, text: string): readonly Edit[] {
  return [replace(document, node.span.start, node.span.end, text)]
}

/** Gives an entry another key. */
export function renameKey(document: Document, entry: MapEntry, name: string): readonly Edit[] {
  const { key } = entry
  const written =
    key.style === 'double'
      ? quoted(name, '"')
      : key.style === 'single'
        ? quoted(name, "'")
        : printString(name, styleOf(document).quote, inFlow(key))
  return [replace(document, key.span.start, key.span.end, written)]
}

/** Whether the node stands inside brackets. */
export function inFlow(node: Node): boolean {
  for (let n: Node | undefined = node; n; n = n.parent) if (n.kind !== 'scalar' && n.flow) return true
  return false
}

/** The entries that are written in a map, in the order of the text. */
export const own = (map: MapNode): readonly MapEntry[] =>
  map.entries.filter(e => !e.merged).toSorted((a, b) => a.span.start - b.span.start)

/** Adds `key: value` to a map. */
export function addEntry(
  document: Document,
  map: MapNode,
  key: string,
  value: Plain,
  position: Position = 'end',
): readonly Edit[] {
  const style = styleOf(document)
  if (map.flow && (inFlow(map.parent ?? map) || own(map).length > 0 || !map.parent)) {
    const text = `${printKey(key, style, true)}: ${printFlow(value, style)}`
    return [
      addToFlow(
        document,
        map,
        own(map).map(e => e.span),
        text,
        position === 'start',
      ),
    ]
  }
  if (own(map).length === 0) return [fillEmpty(document, map, printEntry(key, value, style), style.indent)]
  return [addLines(document, map, printEntry(key, value, style), position)]
}

/** Adds lines that are an entry of a block map; the map must have entries. */
export function addLines(document: Document, map: MapNode, lines: readonly string[], position: Position = 'end'): Edit {
  const { eol } = styleOf(document)
  const entries = own(map)
  const first = entries[0]
  if (!first) return fillEmpty(document, map, lines, styleOf(document).indent)
  const pad = ' '.repeat(column(document.text, first.key.span.start))
  const named = typeof position === 'object' ? ('after' in position ? position.after : position.before) : undefined
  const at = entries.find(e => e.name === named)
  if (position === 'start' || (at && typeof position === 'object' && 'before' in position)) {
    const start = (at ?? first).key.span.start
    return replace(document, start, start, lines.map(l => l + eol).join(pad) + pad)
  }
  const last = at ?? entries.at(-1) ?? first
  const end = afterContent(document.text, last.span)
  return replace(document, end, end, lines.map(l => eol + pad + l).join(''))
}

function addToFlow(
  document: Document,
  node: MapNode | SeqNode,
  spans: readonly { start: number; end: number }[],
  text: string,
  start: boolean,
): Edit {
  const first = spans[0]
  const last = spans.at(-1)
  if (!first || !last) return replace(document, node.span.start + 1, node.span.end - 1, text)
  if (start) return replace(document, first.start, first.start, `${text}, `)
  return replace(document, last.end, last.end, `, ${text}`)
}

/** Turns an empty `{}` or `[]` (or nothing) after a key, or after a dash, into block lines. */
function fillEmpty(document: Document, node: Node, lines: readonly string[], indent = 2): Edit {
  const { eol } = styleOf(document)
  const { text } = document
  const holder = node.parent
  if (!holder) return replace(document, node.span.start, node.span.end, lines.join(eol))
  if (holder.kind === 'seq') {
    const pad = ' '.repeat(column(text, node.span.start))
    return replace(document, node.span.start, node.span.end, lines.map((l, i) => (i ? pad : '') + l).join(eol))
  }
  const e = entryOf(node)
  const pad = ' '.repeat(column(text, e ? e.key.span.start : node.span.start) + indent)
  let from = node.span.start
  while (from > 0 && text[from - 1] === ' ') from--
  const comment = text.slice(node.span.end, endOfLine(text, node.span.end))
  return replace(document, from, node.span.end + comment.length, comment + lines.map(l => eol + pad + l).join(''))
}

/** Adds an item to a list. */
export function addItem(document: Document, seq: SeqNode, value: Plain, after?: number): readonly Edit[] {
  const style = styleIn(document, seq)
  if (seq.flow && (seq.items.length > 0 || inFlow(seq.parent ?? seq) || !seq.parent)) {
    return [
      addToFlow(
        document,
        seq,
        seq.items.map(i => i.span),
        printFlow(value, style),
        false,
      ),
    ]
  }
  const lines = printLines([value], style)
  if (seq.items.length === 0) return [fillEmpty(document, seq, lines, style.listIndent)]
  return [addItemLines(document, seq, lines, after ?? seq.items.length - 1)]
}

/** Adds lines that are one item (dash included) of a block list, after the item with that index. */
export function addItemLines(document: Document, seq: SeqNode, lines: readonly string[], after: number): Edit {
  const { eol } = styleOf(document)
  const item = seq.items[after] ?? seq.items.at(-1)
  const first = seq.items[0]
  if (!item || !first) return fillEmpty(document, seq, lines, styleOf(document).listIndent)
  const pad = ' '.repeat(column(document.text, dash(document, first)))
  const end = afterContent(document.text, item.span)
  return replace(document, end, end, lines.map(l => eol + (l === '' ? '' : pad + l)).join(''))
}

/** The offset of the dash before a block list's item. */
export function dash(document: Document, item: Node): number {
  const at = document.text.lastIndexOf('-', Math.max(0, item.span.start - 1))
  return at === -1 ? item.span.start : at
}

/** Sets a value for a key that has none or an empty one; keeps anything else and adds to lists and maps. */
export function fillEntry(document: Document, entry: MapEntry, value: Plain): readonly Edit[] {
  const style = styleOf(document)
  const list = Array.isArray(value)
  const lines = printLines(value, style)
  const { text } = document
  const keyEnd = text.indexOf(':', entry.key.span.end - 1)
  const colon = keyEnd === -1 ? entry.key.span.end : keyEnd + 1
  const start = entry.value ? entry.value.span.start : colon
  const end = entry.value ? entry.value.span.end : colon
  const pad = ' '.repeat(column(text, entry.key.span.start) + (list ? style.listIndent : (style.indent ?? 2)))
  const rest = text.slice(end, endOfLine(text, end))
  let from = start
  while (from > 0 && text[from - 1] === ' ') from--
  return [replace(document, from, end + rest.length, rest.trimEnd() + lines.map(l => style.eol + pad + l).join(''))]
}

/** Writes another key and value in an entry's place; comments inside come after it. */
export function replaceEntry(
  document: Document,
  of: { readonly map: MapNode; readonly name: string },
  key: string,
  value: Plain,
): readonly Edit[] {
  const e = own(of.map).find(x => x.name === of.name)
  if (!e) return []
  const style = styleOf(document)
  const end = trimmed(document.text, e.span.end)
  if (inFlow(e.key))
    return [
      replace(document, e.key.span.start, end, `${printString(key, style.quote, true)}: ${printFlow(value, style)}`),
    ]
  const pad = ' '.repeat(column(document.text, e.key.span.start))
  const inside = document.comments.filter(c => c.start > e.key.span.start && c.end < end)
  const kept = inside.map(c => document.text.slice(c.start, c.end))
  return [replace(document, e.key.span.start, end, [...printEntry(key, value, style), ...kept].join(style.eol + pad))]
}

/** Takes an entry out of a map; the last one leaves `{}` behind. */
export function removeEntry(document: Document, map: MapNode, name: string): readonly Edit[] {
  const entries = own(map)
  const index = entries.findIndex(e => e.name === name)
  const e = entries[index]
  if (!e) return []
  const spans = entries.map(x => withColon(document, x))
  const end = map.flow ? map.span.end : trimmed(document.text, spans[index]?.end ?? e.span.end)
  if (entries.length === 1) return [replace(document, map.span.start, end, '{}')]
  return [cut(document, { flow: map.flow, spans, index })]
}

/** The end of what is written before an offset, without blanks and line ends. */
function trimmed(text: string, end: number): number {
  let at = end
  while (at > 0 && ' \t\r\n'.includes(text[at - 1] ?? '')) at--
  return at
}

/** The span of an entry; of one without a value it goes to the colon. */
export function withColon({ text }: Document, { span, value }: MapEntry): Span {
  const colon = value ? undefined : /^[ \t]*:/.exec(text.slice(span.end, span.end + 100))
  return colon ? { start: span.start, end: span.end + colon[0].length } : span
}

/** Takes an item out of a list; the last one leaves `[]` behind. */
export function removeItem(document: Document, seq: SeqNode, index: number): readonly Edit[] {
  const item = seq.items[index]
  if (!item) return []
  if (seq.items.length === 1) {
    const start = seq.flow ? seq.span.start : dash(document, item)
    return [replace(document, start, seq.flow ? seq.span.end : trimmed(document.text, item.span.end), '[]')]
  }
  const spans = seq.items.map(i => ({ start: seq.flow ? i.span.start : dash(document, i), end: i.span.end }))
  return [cut(document, { flow: seq.flow, spans, index })]
}

function cut(
  document: Document,
  of: { flow: boolean; spans: readonly { start: number; end: number }[]; index: number },
): Edit {
  const { text } = document
  const { flow, spans, index } = of
  const here = spans[index] ?? { start: 0, end: 0 }
  const next = spans[index + 1]
  const before = spans[index - 1]
  if (flow)
    return next
      ? replace(document, here.start, next.start, '')
      : replace(document, before?.end ?? here.start, here.end, '')
  if (!before && next) return replace(document, here.start, next.start, '')
  const start = lineStart(text, here.start)
  const end = afterContent(text, here)
  const newline = text.startsWith('\r\n', end) ? 2 : end < text.length ? 1 : 0
  if (newline === 0)
    return replace(document, start > 0 ? start - (text.startsWith('\r\n', start - 2) ? 2 : 1) : 0, end, '')
  return replace(document, start, end + newline, '')
}

/** Makes the value of an entry the only item of a list. */
export function wrapInSeq(document: Document, entry: MapEntry): readonly Edit[] {
  const { value } = entry
  if (!value) return []
  const { text } = document
  const { eol, listIndent } = styleOf(document)
  if (inFlow(entry.key))
    return [
      replace(document, value.span.start, value.span.start, '['),
      replace(document, value.span.end, value.span.end, ']'),
    ]
  const pad = ' '.repeat(column(text, entry.key.span.start) + listIndent)
  const sameLine = lineStart(text, value.span.start) === lineStart(text, entry.key.span.start)
  if (sameLine) {
    let from = value.span.start
    while (from > 0 && text[from - 1] === ' ') from--
    return [replace(document, from, value.span.start, `${eol}${pad}- `)]
  }
  const edits = [
    replace(document, lineStart(text, value.span.start), value.span.start, `${indentation(text, value.span.start)}- `),
  ]
  for (let line = endOfLine(text, value.span.start) + 1; line < value.span.end; line = endOfLine(text, line) + 1) {
    if (text[line] === '\n' || text[line] === '\r' || line >= text.length) continue
    edits.push(replace(document, line, line, '  '))
  }
  return edits
}

/** Puts entries that follow each other under a key that is not there yet; `list`: as the only item of a list. */
export function nestEntries(
  document: Document,
  entries: readonly MapEntry[],
  under: { readonly key: string; readonly list: boolean },
): readonly Edit[] {
  const [first] = entries
  const last = entries.at(-1)
  if (!first || !last) return []
  const { text } = document
  const { eol, listIndent, indent } = styleOf(document)
  const key = first.key.style === 'double' ? quoted(under.key, '"') : under.key
  const { start } = first.key.span
  if (inFlow(first.key)) {
    const [open, close] = under.list ? ['[{', '}]'] : ['{', '}']
    return [replace(document, start, start, `${key}: ${open}`), replace(document, last.span.end, last.span.end, close)]
  }
  const deeper = ' '.repeat((under.list ? listIndent : indent) ?? 2)
  const pad = ' '.repeat(column(text, start)) + deeper
  const edits = [replace(document, start, start, `${key}:${eol}${pad}${under.list ? '- ' : ''}`)]
  const more = under.list ? `${deeper}  ` : deeper
  const end = afterContent(text, last.span)
  for (let line = nextLine(text, start); line < end; line = nextLine(text, line)) {
    if (endOfLine(text, line) > line) edits.push(replace(document, line, line, more))
  }
  return edits
}

/** Where the next line starts. */
function nextLine(text: string, offset: number): number {
  const end = endOfLine(text, offset)
  return end + (text.startsWith('\r\n', end) ? 2 : 1)
}

/** The lines of an entry as they are written, relative to its key's column. */
export function entryLines(document: Document, entry: MapEntry): string[] {
  const { text } = document
  const col = column(text, entry.key.span.start)
  const lines = text.slice(entry.key.span.start, afterContent(text, entry.span)).split(/\r\n|\r|\n/)
  return lines.map((line, i) =>
    i === 0 ? line : line.startsWith(' '.repeat(col)) ? line.slice(col) : line.trimStart(),
  )
}

/** Appends a document to the file of the document given, which must be its last; the file ends as it did before. */
export function appendDocument(document: Document, body: string): Edit {
  const { text } = document
  const { eol } = styleOf(document)
  const ended = text === '' || text.endsWith('\n') || text.endsWith('\r')
  const added = `---${eol}${body.replaceAll('\n', eol)}`
  return replace(document, text.length, text.length, ended ? added : eol + added.slice(0, -eol.length))
}

/** Whether the node is anchored, stands under an anchor, or came in by an alias: a change would show in other places too. */
export function isShared(node: Node): boolean {
  for (let n: Node | undefined = node; n; n = n.parent) if (n.anchor !== undefined || n.alias !== undefined) return true
  return false
}

/** Removals that reach to where something is added are joined with it, as edits must not overlap. */
export function joined(edits: readonly Edit[]): readonly Edit[] {
  const sorted = edits.filter(e => e.kind === 'replace').toSorted((a, b) => a.place.span.start - b.place.span.start)
  const out: Edit[] = []
  for (const e of sorted) {
    const last = out.at(-1)
    if (last?.kind === 'replace' && last.place.span.end > e.place.span.start) {
      const line = last.text + e.text
      const end = Math.max(last.place.span.end, e.place.span.end)
      const { eol } = styleOf(e.place.document)
      const newline = end > e.place.span.end ? eol : ''
      const inside = e.place.span.start > last.place.span.start
      const text = inside && line.startsWith(eol) && last.text === '' ? line.slice(eol.length) + newline : line
      out[out.length - 1] = {
        kind: 'replace',
        place: { document: e.place.document, span: { start: last.place.span.start, end } },
        text,
      }
    } else out.push(e)
  }
  return out
}
