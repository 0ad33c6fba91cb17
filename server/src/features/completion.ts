// Completion: every source is asked about every way to read the cursor's place.

import type { CompletionItem, CompletionList } from 'vscode-languageserver-types'
import type { Snapshot } from '../workspace/snapshot.ts'
import { type World, worldOf } from '../workspace/world.ts'
import type { At, Client } from './convert.ts'
import { cursorAt } from './cursor.ts'
import { type Place, placeOf } from './place.ts'
import { documents } from './sources/documents.ts'
import { entities } from './sources/entities.ts'
import { keys } from './sources/keys.ts'
import { labels } from './sources/labels.ts'
import { names } from './sources/names.ts'
import { ports } from './sources/ports.ts'
import { ruleIds } from './sources/ruleIds.ts'
import { values } from './sources/values.ts'
import { type Suggestion, toItem } from './suggestion.ts'

/** Characters after which an editor should ask without being told to. */
export const TRIGGER_CHARACTERS: readonly string[] = [' ', ':', '"', "'", '[', ',', '-', '/', '.']

type Source = (place: Place, world: World) => Iterable<Suggestion>

const SOURCES: readonly Source[] = [documents, entities, keys, labels, names, ports, values]

/** Everything that may be written at the position, complete and in order. */
export function completion(snapshot: Snapshot, at: At, client: Client): CompletionList {
  const silenced = ruleIds(snapshot, at)
  if (silenced.length > 0) return { isIncomplete: false, items: silenced }
  const items = new Map<string, CompletionItem>()
  const cursor = cursorAt(snapshot, at)
  const world = worldOf(snapshot)
  for (const reading of cursor?.readings ?? []) {
    const place = cursor && placeOf(cursor, reading, world.version)
    if (!place) continue
    for (const source of SOURCES) {
      for (const suggestion of source(place, world)) {
        const item = toItem(place, suggestion, items.size, client)
        if (!items.has(item.label)) items.set(item.label, item)
      }
    }
  }
  const sorted = [...items.values()].sort((a, b) => ((a.sortText ?? '') < (b.sortText ?? '') ? -1 : 1))
  return { isIncomplete: false, items: sorted }
}
