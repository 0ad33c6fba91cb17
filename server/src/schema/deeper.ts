// Keys that stand a level too high: what they belong under, and how to put them there.

import { memo } from '../memo.ts'
import { nestEntries } from '../syntax/edit.ts'
import { movingInto } from '../syntax/move.ts'
import { entry, type MapEntry, type MapNode } from '../syntax/node.ts'
import type { Fix } from '../syntax/problem.ts'
import { type SchemaNode, schemaAt } from './catalog.ts'
import type { Objection } from './validate.ts'

/** What is said of a key that is known one level below: `port` in an item of `toPorts`, a label in a selector. */
export function deeper(
  o: Objection,
  map: MapNode,
  e: MapEntry,
): { readonly advice: string; readonly fixes?: readonly Fix[] } | undefined {
  const schema = schemaAt(o.version, o.found.path)
  if (!schema) return undefined
  const under = together(schema, map, e)
  const [home, other] = under
  if (home === undefined) return undefined
  if (other !== undefined)
    return { advice: `it belongs into ${under.map(h => `\`${h}\``).join(' or ')}, move it there` }
  return { advice: `it belongs under \`${home}\`, move it there`, fixes: fixes(o, map, { e, home, schema }) }
}

/** The keys under which the entry would be known; of several those that the other strangers in the map share. */
function together(schema: SchemaNode, map: MapNode, e: MapEntry): string[] {
  let under = homes(schema, e)
  for (const other of under.length > 1 ? map.entries : []) {
    if (schema.properties.has(other.name)) continue
    const shared = under.filter(home => homes(schema, other).includes(home))
    if (shared.length > 0) under = shared
  }
  return under
}

/** The keys of the map under which the entry would be known, those of deny rules and lists of rules last. */
function homes(schema: SchemaNode, e: MapEntry): string[] {
  const found: { readonly name: string; readonly second: boolean }[] = []
  for (const [name, child] of schema.properties) {
    const target = child.type === 'array' ? child.items : child
    const meant = target?.properties.get(e.name) ?? (name === 'matchLabels' ? target?.additional : undefined)
    if (!meant || name === 'status' || !takes(meant, e)) continue
    found.push({ name, second: name.endsWith('Deny') || name === 'specs' })
  }
  const first = found.filter(f => !f.second)
  return (first.length > 0 ? first : found).map(f => f.name)
}

/** Whether the value is of the kind that the schema wants. */
function takes({ type }: SchemaNode, { value }: MapEntry): boolean {
  if (!value) return true
  const kinds = { map: 'object', seq: 'array', scalar: 'scalar' } as const
  return kinds[value.kind] === (type === 'object' || type === 'array' ? type : 'scalar')
}

function fixes(o: Objection, map: MapNode, of: { e: MapEntry; home: string; schema: SchemaNode }): Fix[] {
  const { e, home, schema } = of
  const there = entry(map, home)
  if (there) {
    const target = there.value
    if (target?.kind !== 'map' || there.merged || entry(target, e.name)) return []
    const edits = movingInto(o.document, { map, entry: e }, target)
    if (!edits) return []
    return [{ title: `Move ${e.name} into ${home}`, preferred: true, edits }]
  }
  const run = neighbours(schema, map, { e, home })
  const list = schema.properties.get(home)?.type === 'array'
  const title = `Put ${listed(run)} under ${home}`
  return [{ title, preferred: true, edits: () => nestEntries(o.document, run, { key: home, list }) }]
}

/** The entry with those beside it that belong under the same key. */
function neighbours(schema: SchemaNode, map: MapNode, of: { e: MapEntry; home: string }): readonly MapEntry[] {
  const known = runs(map)
  const here = known.get(of.home) ?? runsFor(schema, map, of.home)
  known.set(of.home, here)
  return here.get(of.e.key.span.start) ?? [of.e]
}

/** Of a map the runs of entries that belong under a key, by that key and by the start of each entry. */
const runs = memo((_map: MapNode) => new Map<string, ReadonlyMap<number, readonly MapEntry[]>>())

function runsFor(schema: SchemaNode, map: MapNode, home: string): ReadonlyMap<number, readonly MapEntry[]> {
  const found = new Map<number, readonly MapEntry[]>()
  let run: MapEntry[] = []
  for (const e of map.entries.filter(x => !x.merged).toSorted((a, b) => a.span.start - b.span.start)) {
    if (schema.properties.has(e.name) || !homes(schema, e).includes(home)) run = []
    else {
      run.push(e)
      found.set(e.key.span.start, run)
    }
  }
  return found
}

/** Names of a run that are said. */
const SAID = 8

function listed(run: readonly MapEntry[]): string {
  const names = run.slice(0, SAID).map(x => x.name)
  return run.length > SAID ? `${names.join(', ')} and ${run.length - SAID} more` : names.join(' and ')
}
