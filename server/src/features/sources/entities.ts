// Entities, most used first, and what each of them is in this cluster.

import type { World } from '../../workspace/world.ts'
import { entityBrief, entityHere, entityWords } from '../entityWords.ts'
import { type Place, siblings } from '../place.ts'
import { KIND, type Suggestion, valueText } from '../suggestion.ts'
import { isEntity } from './values.ts'

/** By how often public policies use them. */
const ORDER = [
  'kube-apiserver',
  'host',
  'world',
  'remote-node',
  'cluster',
  'ingress',
  'all',
  'health',
  'init',
  'unmanaged',
]

/** The entities that may stand at the place. */
export function* entities(place: Place, world: World): Iterable<Suggestion> {
  if (!isEntity(place)) return
  const taken = siblings(place)
  const known = place.schema.enum
  const ordered = [...ORDER.filter(e => known.includes(e)), ...known.filter(e => !ORDER.includes(e))]
  for (const entity of ordered) {
    if (taken.has(entity)) continue
    const here = entityHere(world, entity)
    const words = [entityWords(world, entity), here].filter(w => w !== undefined)
    yield {
      label: entity,
      kind: KIND.entity,
      lines: [valueText(place, entity)],
      detail: entityBrief(world, entity) ?? place.schema.enumDescriptions[entity] ?? '',
      words: words.join('\n\n'),
      group: 1,
    }
  }
}
