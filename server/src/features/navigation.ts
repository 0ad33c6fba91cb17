// Definition, references and highlights: one question about occurrences of names.

import type { DocumentHighlight, Location } from 'vscode-languageserver-types'
import type { Snapshot } from '../workspace/snapshot.ts'
import { namespaceOf } from '../workspace/world.ts'
import { type At, documentAt, locationOf, offsetAt, rangeOf } from './convert.ts'
import { type Occurrence, occurrences } from './occurrences.ts'

/** Where the name at the position is defined. */
export function definition(snapshot: Snapshot, at: At): Location[] {
  return locations(
    snapshot,
    same(snapshot, at).filter(o => o.defines),
  )
}

/** Every use of the name at the position, and its definitions when asked for. */
export function references(snapshot: Snapshot, at: At, includeDeclaration: boolean): Location[] {
  return locations(
    snapshot,
    same(snapshot, at).filter(o => includeDeclaration || !o.defines),
  )
}

/** The same name in the same file. */
export function highlights(snapshot: Snapshot, at: At): DocumentHighlight[] {
  const file = snapshot.files.get(at.uri)
  if (!file) return []
  const here = same(snapshot, at).filter(o => file.documents.includes(o.document))
  return here.map(o => ({ range: rangeOf(file, o.document, o.node.span), kind: o.defines ? 3 : 2 }))
}

/** The occurrences at the position. A name that may live in several namespaces has several. */
export function occurrencesAt(snapshot: Snapshot, at: At): readonly Occurrence[] {
  const file = snapshot.files.get(at.uri)
  const offset = file ? offsetAt(file, at.position) : 0
  const owner = file && documentAt(file, offset)
  if (!owner) return []
  const local = offset - owner.start
  return occurrences(owner.document).filter(o => o.node.span.start <= local && local <= o.node.span.end)
}

function same(snapshot: Snapshot, at: At): Occurrence[] {
  const wanted = occurrencesAt(snapshot, at)
  if (wanted.length === 0) return []
  const found: Occurrence[] = []
  for (const file of snapshot.files.values()) {
    for (const document of file.documents) {
      for (const o of occurrences(document)) if (wanted.some(w => isSame(snapshot, w, o))) found.push(o)
    }
  }
  return found
}

function isSame(snapshot: Snapshot, a: Occurrence, b: Occurrence): boolean {
  if (a.kind !== b.kind || a.name !== b.name) return false
  const [x, y] = [home(snapshot, a), home(snapshot, b)]
  return x === undefined || y === undefined || x === y
}

function home(snapshot: Snapshot, o: Occurrence): string | undefined {
  return typeof o.namespace === 'object' ? namespaceOf(snapshot, o.namespace) : o.namespace
}

function locations(snapshot: Snapshot, found: readonly Occurrence[]): Location[] {
  const known = new Map<string, Location>()
  for (const o of found) {
    const location = locationOf(snapshot, { document: o.document, span: o.node.span })
    if (!location) continue
    const { start } = location.range
    known.set(`${location.uri}:${start.line}:${start.character}`, location)
  }
  return [...known.values()]
}
