// The way out of a key that is written twice: where both entries say the same, the second can go.

import { entryLines, isShared } from '../syntax/edit.ts'
import type { Document } from '../syntax/file.ts'
import { afterContent, lineStart } from '../syntax/layout.ts'
import type { MapEntry, MapNode, Node, Span } from '../syntax/node.ts'
import type { Edit, Fix } from '../syntax/problem.ts'

/** The fix for a doubled key at a span; none when the entries differ, as nobody but the author knows which is meant. */
export function withoutTwin(document: Document, span: Span): Fix[] {
  const map = mapWithTwin(document.root, span)
  const twin = map?.duplicates.find(e => e.key.span.start === span.start)
  const kept = map?.entries.find(e => e.name === twin?.name)
  if (!map || !twin || !kept || map.flow || isShared(map)) return []
  if (entryLines(document, kept).join('\n').trimEnd() !== entryLines(document, twin).join('\n').trimEnd()) return []
  return [{ title: `Remove the second ${twin.name}`, preferred: true, edits: () => [removal(document, twin)] }]
}

function mapWithTwin(node: Node | undefined, span: Span): MapNode | undefined {
  if (!node || node.kind === 'scalar' || node.alias) return undefined
  if (node.kind === 'map' && node.duplicates.some(e => e.key.span.start === span.start)) return node
  const entries = node.kind === 'map' ? [...node.entries, ...node.duplicates].filter(e => !e.merged) : []
  for (const child of node.kind === 'seq' ? node.items : entries.map(e => e.value)) {
    const found = mapWithTwin(child, span)
    if (found) return found
  }
  return undefined
}

/** The lines of an entry of a block map that is not its first, taken away with their line break before them. */
function removal(document: Document, twin: MapEntry): Edit {
  const { text } = document
  const first = lineStart(text, twin.key.span.start)
  const start = first > 0 ? first - (text.startsWith('\r\n', first - 2) ? 2 : 1) : 0
  const end = afterContent(text, twin.span)
  return { kind: 'replace', place: { document, span: { start, end } }, text: '' }
}
