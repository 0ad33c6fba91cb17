// Parts a list's item in several, in block and in flow style, as a fix.

import { addItemLines, dash, entryLines, joined, own, removeEntry, replace, withColon } from './edit.ts'
import type { Document } from './file.ts'
import { column } from './layout.ts'
import { indexIn, type MapEntry, type MapNode, type Node, type SeqNode } from './node.ts'
import type { Edit } from './problem.ts'

/**
 * Parts a list's item in several: the entries `moved` go from it, and after it come items of the entries with these names, as
 * they are written. Something must stay.
 */
export function splitItem(
  document: Document,
  of: { readonly list: SeqNode; readonly item: MapNode },
  moved: readonly string[],
  pieces: readonly (readonly string[])[],
): readonly Edit[] {
  const { list, item } = of
  const entries = own(item)
  const written = pieces.map(names => entries.filter(e => names.includes(e.name)))
  const index = indexIn(list, item)
  if (!item.flow) {
    const lines = written.flatMap(piece => itemLines(piece.flatMap(e => entryLines(document, e))))
    const removals = moved.flatMap(name => removeEntry(document, item, name))
    return joined([...removals, addItemLines(document, list, lines, index)])
  }
  const maps = written.map(piece => {
    const texts = piece.map(e => withColon(document, e)).map(s => document.text.slice(s.start, s.end))
    return `{${texts.join(', ')}}`
  })
  const added = list.flow
    ? maps.map(map => replace(document, item.span.end, item.span.end, `, ${map}`))
    : [
        addItemLines(
          document,
          list,
          maps.flatMap(map => relative(document, item, `- ${map}`)),
          index,
        ),
      ]
  return [...cutRuns(document, entries, moved), ...added]
}

const itemLines = (lines: readonly string[]): string[] =>
  lines.map((l, i) => (i === 0 ? `- ${l}` : l === '' ? '' : `  ${l}`))

/** The lines of what is written in an item of a block list, relative to its dash. */
function relative(document: Document, item: Node, written: string): readonly string[] {
  const pad = ' '.repeat(column(document.text, dash(document, item)))
  return written.split(/\r\n|\r|\n/).map(line => (line.startsWith(pad) ? line.slice(pad.length) : line.trimStart()))
}

/** Takes several entries out of a map in braces, with the commas between. */
function cutRuns(document: Document, entries: readonly MapEntry[], names: readonly string[]): Edit[] {
  const spans = entries.map(e => ({ ...withColon(document, e), goes: names.includes(e.name) }))
  const edits: Edit[] = []
  for (const [i, { start, end, goes }] of spans.entries()) {
    if (!goes) continue
    const first = spans.slice(0, i).every(s => s.goes)
    edits.push(
      first
        ? replace(document, start, spans[i + 1]?.start ?? end, '')
        : replace(document, spans[i - 1]?.end ?? start, end, ''),
    )
  }
  return edits
}
