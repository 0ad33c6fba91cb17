// `-cluster`: YAML wants a space after the dash of a list's item, else the dash is a part of the word.

import { isShared } from '../syntax/edit.ts'
import type { Document } from '../syntax/file.ts'
import type { Node, ScalarNode } from '../syntax/node.ts'
import type { Fix } from '../syntax/problem.ts'

/** Whether the dashes of a list became parts of keys (`-fromEntities: [cluster]`) or of a text (`-cluster`). */
export function isDashed(node: Node): boolean {
  if (node.kind === 'scalar') return /^-[A-Za-z][^\s:]*(?: - ?[A-Za-z][^\s:]*)*$/.test(node.text)
  return (
    node.kind === 'map' &&
    node.entries.length > 0 &&
    node.entries.every(e => !e.merged && /^-[A-Za-z]/.test(e.key.text))
  )
}

/** The way out: a space after each of these dashes. */
export function spaceAfterDash(document: Document, node: Node): Fix[] {
  const places = isShared(node) ? [] : dashesIn(document, node)
  if (places.length === 0) return []
  const edits = () =>
    places.map(at => ({ kind: 'replace' as const, place: { document, span: { start: at, end: at } }, text: ' ' }))
  return [{ title: 'Add a space after the dash', preferred: true, edits }]
}

/** Where a space is missing; nowhere when the words are in quotes, in brackets or behind the key on its line. */
function dashesIn({ text }: Document, node: Node): readonly number[] {
  if (node.kind === 'scalar') return node.style === 'plain' ? dashesOfLines(text, node) : []
  if (node.kind === 'seq' || node.flow) return []
  const keys = node.entries.map(e => e.key)
  return keys.every(k => k.style === 'plain') ? keys.map(k => k.span.start + 1) : []
}

function dashesOfLines(text: string, { span: { start, end } }: ScalarNode): readonly number[] {
  if (!/(?:^|[\r\n])[ \t]*$/.test(text.slice(Math.max(0, start - 200), start))) return []
  const lines = [...text.slice(start, end).matchAll(/[^\r\n]+/g)]
  if (!lines.every(([line]) => /^[ \t]*- ?[A-Za-z][^\s:]*$/.test(line))) return []
  return lines.flatMap(m =>
    /-[A-Za-z]/.test(m[0].slice(0, m[0].indexOf('-') + 2)) ? [start + m.index + m[0].indexOf('-') + 1] : [],
  )
}
