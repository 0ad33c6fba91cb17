// Enum values, booleans, ICMP types and HTTP methods: what the schema itself says may stand here.

import type { SchemaNode } from '../../schema/catalog.ts'
import { at, str } from '../../syntax/node.ts'
import { type Place, siblings } from '../place.ts'
import { KIND, type Suggestion, valueText } from '../suggestion.ts'

/** Types that Cilium knows by name, per family (pkg/policy/api/icmp.go); names that the schema refuses are left out. */
const ICMP: Readonly<Record<string, readonly string[]>> = {
  IPv4: ['EchoRequest', 'EchoReply', 'DestinationUnreachable', 'TimeExceeded', 'ParameterProblem', 'Redirect'],
  IPv6: [
    'EchoRequest',
    'EchoReply',
    'PacketTooBig',
    'DestinationUnreachable',
    'TimeExceeded',
    'NeighborSolicitation',
    'NeighborAdvertisement',
    'RouterSolicitation',
    'RouterAdvertisement',
  ],
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']

/** Values that may stand at the place, whatever is in the cluster. Entities have a source of their own. */
export function* values(place: Place): Iterable<Suggestion> {
  if (place.as !== 'value' || isEntity(place)) return
  const { schema } = place
  const taken = siblings(place)
  for (const value of listed(place, schema)) {
    if (taken.has(value)) continue
    const words = schema.enumDescriptions[value]
    yield { label: value, kind: KIND.value, lines: [text(place, value)], ...(words ? { words } : {}), group: 2 }
  }
}

/** Whether entities belong here. */
export function isEntity(place: Place): boolean {
  const list = place.path.at(-2)
  return place.as === 'value' && (list === 'toEntities' || list === 'fromEntities')
}

function listed(place: Place, schema: SchemaNode): readonly string[] {
  if (schema.enum.length > 0) return schema.enum
  if (schema.type === 'boolean') return ['true', 'false']
  const last = place.path.at(-1)
  if (last === 'type' && place.path.includes('icmps')) {
    const family = str(at(place.object, [...place.path.slice(0, -1), 'family'])) ?? 'IPv4'
    return ICMP[family] ?? []
  }
  return last === 'method' && place.path.includes('http') ? METHODS : []
}

function text(place: Place, value: string): string {
  return place.schema.type === 'boolean' ? value : valueText(place, value)
}
