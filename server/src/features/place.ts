// A reading of the cursor inside a policy: what the schema wants there, and in which form text must be inserted.

import type { Version } from '../model/version.ts'
import { type SchemaNode, schemaAt } from '../schema/catalog.ts'
import type { Document } from '../syntax/file.ts'
import { type MapNode, type Node, type ScalarNode, type SeqNode, same } from '../syntax/node.ts'
import { type Cursor, nextLine, type Reading } from './cursor.ts'
import { objectAround, type Path, type PolicyKind } from './tree.ts'

/** How text is inserted. */
export interface Form {
  /** Where the text begins; blanks from here to the token are taken out. */
  readonly start: number
  /** Goes before the text: a blank, a dash, or a line break with the indentation of the new line. */
  readonly lead: string
  /** Column at which the text's further lines begin. */
  readonly column: number
  readonly flow: boolean
  /** A JSON file: keys and strings are always quoted. */
  readonly json: boolean
  /** Goes around a value when a whole list is begun inside a flow collection. */
  readonly wrap: readonly [string, string] | undefined
  /** Goes behind the text: a comma where another entry follows in brackets. */
  readonly tail: string
  /** List dashes stand two columns deeper than the key above them. */
  readonly deepLists: boolean
}

/** A place in a policy at which something can be written. */
export interface Place {
  readonly cursor: Cursor
  readonly version: Version
  readonly kind: PolicyKind | undefined
  /** The policy object in the marked document. */
  readonly object: Node | undefined
  readonly document: Document
  readonly as: 'key' | 'value'
  /** Of the map (`key`) or of the value, below the policy object. */
  readonly path: Path
  readonly schema: SchemaNode
  /** The map that the key or value is in, or the list that the item is in; undefined where it is begun here. */
  readonly holder: MapNode | SeqNode | undefined
  readonly marker: ScalarNode
  readonly form: Form
}

/** What a reading is inside a policy; undefined in other objects and where the schema has nothing. */
export function placeOf(cursor: Cursor, reading: Reading, version: Version): Place | undefined {
  const around = objectAround(reading.document, reading.path)
  if (around === 'foreign') return undefined
  const path = reading.path.slice(around.depth)
  const schema = schemaAt(version, path)
  if (!schema) return undefined
  const shared = {
    cursor,
    version,
    kind: around.kind,
    object: around.root,
    document: reading.document,
    marker: reading.marker,
  }
  const form = formOf(cursor, reading)
  const place: Place = { ...shared, as: reading.as, path, schema, holder: reading.holder, form }
  if (reading.as === 'key') return schema.type === 'object' ? place : undefined
  if (schema.type === 'array') return cursor.token.after === 'colon' ? inList(place) : undefined
  if (schema.type === 'object') return cursor.token.after === 'colon' ? inMap(place) : undefined
  return place
}

function formOf(cursor: Cursor, reading: Reading): Form {
  const { token, document } = cursor
  const flow = reading.holder?.flow === true
  const lead = ' '.repeat(reading.pad) + (reading.dash ? '- ' : token.glued ? ' ' : '')
  const column = reading.start - token.line.start + lead.length
  return {
    start: reading.start,
    lead,
    column,
    flow,
    json: cursor.file.uri.endsWith('.json'),
    wrap: undefined,
    tail: flow && !token.colon ? commaBefore(document.text.slice(token.end)) : '',
    deepLists: deepLists(document),
  }
}

/** The comma that is missing before what follows in brackets. */
function commaBefore(rest: string): string {
  const next = /^\s*(\S)/.exec(rest.slice(0, 1000))?.[1]
  if (next === undefined || ',]}#:'.includes(next)) return ''
  return /^\s/.test(rest) ? ',' : ', '
}

/** `key: |` where a list belongs: the first item goes on a line of its own, or into brackets. */
function inList(place: Place): Place | undefined {
  const schema = place.schema.items
  if (!schema || place.cursor.token.quote) return undefined
  const list = { ...place, path: [...place.path, 0], schema, holder: undefined }
  if (place.form.flow) {
    return schema.type === 'object' ? undefined : { ...list, form: { ...place.form, wrap: ['[', ']'] } }
  }
  const column = keyColumn(place) + (place.form.deepLists ? 2 : 0)
  const form = {
    ...place.form,
    ...afterColon(place),
    lead: `${lineBreak(place)}${' '.repeat(column)}- `,
    column: column + 2,
  }
  return { ...list, as: schema.type === 'object' ? 'key' : 'value', form }
}

/** `key: |` where a map belongs: its first key goes on the next line. */
function inMap(place: Place): Place | undefined {
  if (place.form.flow || place.cursor.token.quote) return undefined
  const column = keyColumn(place) + 2
  const form = { ...place.form, ...afterColon(place), lead: `${lineBreak(place)}${' '.repeat(column)}`, column }
  return { ...place, as: 'key', holder: undefined, form }
}

/** A text that begins on the next line begins right behind the colon. */
function afterColon(place: Place): { start: number } {
  const { token, document } = place.cursor
  let start = token.start
  while (start > token.line.start && document.text[start - 1] === ' ') start--
  return { start }
}

/** The column of the key on the cursor's line, dashes before it passed over. */
function keyColumn(place: Place): number {
  const { token, document } = place.cursor
  const line = document.text.slice(token.line.start, token.start)
  let column = 0
  while (line[column] === ' ' || (line[column] === '-' && line[column + 1] === ' ')) column++
  return column
}

/** The line break that the document uses. */
export function lineBreak(place: Place): string {
  return place.cursor.document.text.includes('\r\n') ? '\r\n' : '\n'
}

/** Whether the document's lists are indented below their keys, as most are. */
function deepLists(document: Document): boolean {
  const lines = document.text.split('\n')
  let flat = 0
  let deep = 0
  for (const [i, line] of lines.entries()) {
    const dash = indentation(line)
    const above = lines[i - 1]
    if (line[dash] !== '-' || above === undefined || !above.trimEnd().endsWith(':')) continue
    if (keyStart(above) === dash) flat++
    else deep++
  }
  return flat <= deep
}

function indentation(line: string): number {
  let n = 0
  while (line[n] === ' ') n++
  return n
}

function keyStart(line: string): number {
  let n = indentation(line)
  while (line.startsWith('- ', n)) n += 2
  return n
}

/** Whether what belongs below a key at the place stands there already: deeper lines, or a list at its column. */
export function hasBody(place: Place): boolean {
  const { token, document } = place.cursor
  const next = nextLine(document.text, token)
  const column = next.search(/\S/)
  return column > place.form.column || (column === place.form.column && next.startsWith('- ', column))
}

/** The names of the keys that are in the map already. */
export function present(place: Place): ReadonlySet<string> {
  if (place.as !== 'key' || place.holder?.kind !== 'map') return new Set()
  return new Set(place.holder.entries.filter(e => !same(e.key, place.marker)).map(e => e.name))
}

/** The values of the other items of the list that the cursor is in. */
export function siblings(place: Place): ReadonlySet<string> {
  if (place.holder?.kind !== 'seq') return new Set()
  const values = place.holder.items.flatMap(i => (i.kind === 'scalar' && !same(i, place.marker) ? [i.text] : []))
  return new Set(values)
}
