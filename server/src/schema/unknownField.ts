// Unknown keys: what was meant, and how to get there (misspelt, another place, another version, Kubernetes' own network policies).

import { VERSIONS } from '../model/version.ts'
import { addLines, entryLines, isShared, joined, removeEntry, renameKey } from '../syntax/edit.ts'
import { movingInto } from '../syntax/move.ts'
import { entry, type MapEntry, type MapNode } from '../syntax/node.ts'
import type { Fix } from '../syntax/problem.ts'
import { suggest } from '../syntax/suggest.ts'
import { type SchemaNode, schemaAt } from './catalog.ts'
import { deeper } from './deeper.ts'
import { gluedKey } from './glued.ts'
import { kubernetesKey } from './kubernetesKeys.ts'
import type { Objection, SchemaFinding } from './validate.ts'

type Path = readonly (string | number)[]

/** The finding for a key that may not stand where it does. */
export function unknownField(o: Objection): SchemaFinding | undefined {
  const name: string = o.error.params.additionalProperty
  const map = o.found.node
  const e = entry(map, name)
  if (!e || map.kind !== 'map' || e.key.unknown) return undefined
  const { path } = o.found
  const where = path.length ? ` in \`${[...path].reverse().find(s => typeof s === 'string')}\`` : ''
  const base = { code: 'unknown-field', span: e.key.span, fixes: [] as readonly Fix[] }
  const kubernetes = kubernetesKey(o, map, e)
  if (kubernetes) return kubernetes
  const said =
    version(o, map, e) ??
    gluedKey(o, map, e) ??
    description(o, map, e) ??
    otherDirection(o, map, e) ??
    denied(o, map, e) ??
    deeper(o, map, e) ??
    misspelt(o, map, e) ??
    higher(o, map, e)
  if (said)
    return {
      ...base,
      message: `unknown field \`${name}\`${where}: ${said.advice}`,
      fixes: isShared(map) || e.merged ? [] : (said.fixes ?? []),
    }
  const known = [...(schemaAt(o.version, path)?.properties.keys() ?? [])].slice(0, 8).join(', ')
  return {
    ...base,
    message: `unknown field \`${name}\`${where}: ${known ? `known are ${known}` : 'take it away'}`,
    fixes: [remove(o, map, e)],
  }
}

interface Said {
  readonly advice: string
  readonly fixes?: readonly Fix[]
}

const remove = (o: Objection, map: MapNode, e: MapEntry): Fix => ({
  title: `Remove ${e.name}`,
  edits: () => removeEntry(o.document, map, e.name),
})

/** It exists in other versions. */
function version(o: Objection, map: MapNode, e: MapEntry): Said | undefined {
  const path = [...o.found.path, e.name]
  const has = VERSIONS.filter(v => schemaAt(v, path))
  const last = has.at(-1)
  if (!last) return undefined
  const fixes = [remove(o, map, e)]
  const dropped = VERSIONS[VERSIONS.indexOf(last) + 1]
  if (dropped) return { advice: `Cilium ${dropped} dropped it, and this is ${o.version}: take it away`, fixes }
  return { advice: `it is new in Cilium ${has[0]}, and this is ${o.version}: take it away or upgrade`, fixes }
}

function description(o: Objection, map: MapNode, e: MapEntry): Said | undefined {
  const spec = entry(map, 'spec')?.value
  if (o.found.path.length || e.name !== 'description') return undefined
  const advice = 'it belongs under `spec`, move it there'
  if (spec?.kind !== 'map' || entry(spec, 'description')) return { advice }
  const edits = movingInto(o.document, { map, entry: e }, spec, 'start')
  return { advice, fixes: edits ? [{ title: 'Move description into spec', preferred: true, edits }] : [] }
}

function otherDirection(o: Objection, map: MapNode, e: MapEntry): Said | undefined {
  const schema = schemaAt(o.version, o.found.path)
  const twin = e.name.startsWith('from')
    ? `to${e.name.slice(4)}`
    : e.name.startsWith('to')
      ? `from${e.name.slice(2)}`
      : ''
  if (!twin || !isSection(o.found.path)) return undefined
  if (!schema?.properties.has(twin)) return onlyThere(o, e.name, twin)
  const fixes = entry(map, twin)
    ? []
    : [{ title: `Change to ${twin}`, preferred: true, edits: () => renameKey(o.document, e, twin) }]
  return { advice: `it belongs to the other direction, use \`${twin}\` here`, fixes }
}

/** What peers of one direction are not known in the other, and how they are named there. */
const INSTEAD: Readonly<Record<string, string>> = {
  FQDNs:
    'connections come from addresses, not from names: name the pods with `fromEndpoints`, or addresses with `fromCIDRSet`',
  Services: 'name the pods of the service with `fromEndpoints`',
}

/** Only the other direction has such peers: without them the rule would be about everybody, so nothing is taken away. */
function onlyThere({ version, found: { path } }: Objection, name: string, twin: string): Said | undefined {
  const section = String(path.at(-2))
  const other = section.startsWith('ingress')
    ? section.replace('ingress', 'egress')
    : section.replace('egress', 'ingress')
  if (!schemaAt(version, [...path.slice(0, -2), other, 0])?.properties.has(twin)) return undefined
  const kind = name.replace(/^(?:from|to)/, '')
  return { advice: `only ${other} has \`${twin}\`, ${INSTEAD[kind] ?? `take it to a rule of ${other}`}` }
}

const isSection = (path: Path): boolean =>
  typeof path.at(-1) === 'number' && /^(?:in|e)gress(?:Deny)?$/.test(String(path.at(-2)))

function denied(o: Objection, map: MapNode, e: MapEntry): Said | undefined {
  if (!o.found.path.some(s => s === 'ingressDeny' || s === 'egressDeny')) return undefined
  const reasons: Readonly<Record<string, string>> = {
    toFQDNs: 'names cannot be denied, only allowed',
    rules: 'what is inside a connection cannot be denied, only allowed',
    serverNames: 'server names cannot be denied, only allowed',
    listener: 'denied traffic reaches no listener',
    terminatingTLS: 'denied traffic is not read',
    originatingTLS: 'denied traffic is not read',
    authentication: 'denied traffic is not authenticated',
  }
  const reason = reasons[e.name]
  return reason
    ? { advice: `${reason}, take it away`, fixes: [{ ...remove(o, map, e), preferred: e.name !== 'toFQDNs' }] }
    : undefined
}

/** Of peers the kind has to be near: the direction before it makes all of them look alike. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const [direction, kind] = /^(from|to)([A-Z].*)$/.exec(name)?.slice(1) ?? []
  if (!direction || !kind) return suggest(name, known)
  const kinds = known.flatMap(k => (k.startsWith(direction) ? [k.slice(direction.length)] : []))
  const near = suggest(kind, kinds)
  return near && direction + near
}

function misspelt(o: Objection, map: MapNode, e: MapEntry): Said | undefined {
  const schema = schemaAt(o.version, o.found.path)
  const free = [...(schema?.properties.keys() ?? [])].filter(k => !entry(map, k))
  const near = nearest(e.name, free) ?? free.find(k => k === `${e.name}s` || `${k}s` === e.name)
  if (!near) return undefined
  return {
    advice: `did you mean ${near}?`,
    fixes: [{ title: `Change to ${near}`, preferred: true, edits: () => renameKey(o.document, e, near) }],
  }
}

/** It is known one or more levels above: outdent it. */
function higher(o: Objection, map: MapNode, e: MapEntry): Said | undefined {
  let holder = map.parent
  for (let path: Path = o.found.path.slice(0, -1); holder; path = path.slice(0, -1), holder = holder.parent) {
    const schema: SchemaNode | undefined = schemaAt(o.version, path)
    const target = holder
    if (target.kind !== 'map' || !schema?.properties.has(e.name) || entry(target, e.name)) continue
    const edits = () =>
      joined([...removeEntry(o.document, map, e.name), addLines(o.document, target, entryLines(o.document, e))])
    const name = [...path].reverse().find(s => typeof s === 'string')
    const blocked = target.flow || map.flow || own(map) === 1
    return {
      advice: `it stands too deep, move it up${name ? ` to \`${name}\`` : ''}`,
      fixes: blocked ? [] : [{ title: `Move ${e.name} up`, preferred: true, edits }],
    }
  }
  return undefined
}

const own = (map: MapNode): number => map.entries.filter(x => !x.merged).length
