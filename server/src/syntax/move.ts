// Moves an entry from one map into another, in block and in flow style, as a fix.

import {
  addLines,
  entryLines,
  inFlow,
  isShared,
  joined,
  own,
  type Position,
  removeEntry,
  replace,
  withColon,
} from './edit.ts'
import type { Document } from './file.ts'
import { endOfLine, styleOf } from './layout.ts'
import type { MapEntry, MapNode } from './node.ts'
import { printString } from './print.ts'
import type { Edit } from './problem.ts'

/** The way to move an entry of a map into a map that has none of its name; undefined where it cannot be written there. */
export function movingInto(
  document: Document,
  of: { readonly map: MapNode; readonly entry: MapEntry },
  target: MapNode,
  position: Position = 'end',
): (() => readonly Edit[]) | undefined {
  const { map, entry } = of
  if (target.alias || isShared(target) || own(map).length < 2) return undefined
  const gone = () => removeEntry(document, map, entry.name)
  if (!inFlow(target))
    return map.flow
      ? undefined
      : () => joined([...gone(), addLines(document, target, entryLines(document, entry), position)])
  const text = flowText(document, map, entry)
  return text === undefined ? undefined : () => [...gone(), intoBraces(document, target, text, position)]
}

/** The entry as it can stand in braces. */
function flowText(document: Document, map: MapNode, entry: MapEntry): string | undefined {
  const { start, end } = withColon(document, entry)
  const written = document.text.slice(start, end)
  const { value, key } = entry
  if (map.flow) return written
  const lineEnd = endOfLine(document.text, end)
  if (document.comments.some(c => c.start >= start && c.start < lineEnd)) return undefined
  if (value?.kind !== 'scalar' || value.anchor || value.tag || value.unknown || /[\r\n]/.test(written)) return undefined
  if (value.style !== 'plain') return written
  const { quote } = styleOf(document)
  // What is no text, such as a number, stays as it is.
  return typeof value.value === 'string' ? `${key.text}: ${printString(value.text, quote, true)}` : written
}

function intoBraces(document: Document, target: MapNode, text: string, position: Position): Edit {
  const [first] = own(target)
  const last = own(target).at(-1)
  if (!first || !last) return replace(document, target.span.start + 1, target.span.end - 1, text)
  if (position === 'start') return replace(document, first.span.start, first.span.start, `${text}, `)
  const { end } = withColon(document, last)
  return replace(document, end, end, `, ${text}`)
}
