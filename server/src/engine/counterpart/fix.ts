// Ways out of gaps: all that opens them in one edit, each policy touched once, and what that is called.

import type { Direction, Policy } from '../../model/policy.ts'
import type { Document } from '../../syntax/file.ts'
import type { Plain } from '../../syntax/print.ts'
import type { Edit, Fix } from '../../syntax/problem.ts'
import type { Snapshot } from '../../workspace/snapshot.ts'
import type { Filed } from '../entry.ts'
import { homeFor } from './home.ts'
import { type Addition, addToRule, roomIn } from './place.ts'
import { printSelector } from './selectors.ts'
import { type Destination, destinationOf, type Opening, wouldClose } from './target.ts'

/** A policy that a fix writes. */
interface Written {
  readonly policy: string
  readonly namespace: string | undefined
  /** For new ones: "this file", "hubble-relay.yaml". */
  readonly where: string | undefined
  readonly keptOpen: boolean
  /** What it writes: the policy, or one item of a list of it that is there. */
  readonly about: readonly string[]
  /** URIs of new files. */
  readonly created: readonly string[]
  edits(): readonly Edit[]
}

/** A fix that makes all the openings; undefined when one of them has no place or nothing is to be opened. */
export function fixOf(
  snapshot: Snapshot,
  source: Policy,
  openings: readonly Opening[],
  how: { readonly title?: string; readonly preferred: boolean },
): Fix | undefined {
  const written = writeAll(snapshot, source, openings)
  if (!written || written.length === 0) return undefined
  return {
    title: how.title ? `${how.title}${kept(written)}` : titleOf(written, openings),
    preferred: how.preferred,
    about: written.flatMap(w => w.about),
    edits: () => written.flatMap(w => w.edits()),
  }
}

function titleOf(written: readonly Written[], openings: readonly Opening[]): string {
  const sides = [...new Set(openings.map(o => o.side))].sort().join(' and ')
  const [one, more] = written
  if (!one || more) return `Write the missing ${sides} into ${written.length} policies${kept(written)}`
  if (one.where === undefined) return `Write the missing ${sides} into ${one.policy}${kept(written)}`
  return `Write the missing ${sides} into a new policy ${one.policy} in ${one.where}${kept(written)}`
}

const kept = (written: readonly Written[]): string =>
  written.some(w => w.keptOpen) ? ', which closes nothing else (enableDefaultDeny: false)' : ''

interface New {
  readonly openings: Opening[]
  keepOpen: Direction[]
}

function writeAll(snapshot: Snapshot, source: Policy, openings: readonly Opening[]): readonly Written[] | undefined {
  const intoRules = new Map<Filed, Opening[]>()
  const made = new Map<string, New>()
  for (const opening of openings) {
    const destination = destinationOf(snapshot, source, opening)
    if (!destination) return undefined
    if (destination.kind === 'rules')
      for (const filed of destination.rules) intoRules.set(filed, [...(intoRules.get(filed) ?? []), opening])
    else addNew(made, opening, destination)
  }
  const taken = new Set<string>()
  const written = [...intoRules].map(([filed, list]) => intoRule(snapshot, filed, list))
  for (const one of made.values()) {
    const fresh = anew(snapshot, source, one, taken)
    if (!fresh) return undefined
    written.push(fresh)
    taken.add(fresh.policy)
    for (const uri of fresh.created) taken.add(uri)
  }
  return written
}

/** Openings for the same pods go into one new policy. */
function addNew(made: Map<string, New>, opening: Opening, { keepOpen }: Extract<Destination, { kind: 'new' }>): void {
  const terms = opening.subject.map(t => [t.source, t.key, t.operator, t.values])
  const key = JSON.stringify([opening.namespace, terms.map(t => JSON.stringify(t)).sort()])
  const known = made.get(key) ?? { openings: [], keepOpen: [] }
  known.openings.push(opening)
  if (keepOpen && !known.keepOpen.includes(opening.side)) known.keepOpen.push(opening.side)
  made.set(key, known)
}

function intoRule(snapshot: Snapshot, filed: Filed, openings: readonly Opening[]): Written {
  const { policy, rule, namespace } = filed
  const { document } = policy
  const from = { clusterwide: policy.clusterwide, namespace }
  const sides = bySide(openings).map(([direction, list]) => ({
    direction,
    list,
    keepOpen: list.some(o => wouldClose(snapshot, filed, o)),
  }))
  const additions = (): readonly Addition[] =>
    sides.map(({ direction, list, keepOpen }) => ({
      direction,
      items: distinct(list.flatMap(o => o.items(document, from))),
      keepOpen,
    }))
  return {
    policy: policy.name?.value ?? 'the policy',
    namespace: policy.clusterwide ? undefined : namespace,
    where: undefined,
    keptOpen: sides.some(a => a.keepOpen),
    about: aboutRule(filed, additions()),
    created: [],
    edits: () => addToRule(document, rule, additions()),
  }
}

function aboutRule({ policy, namespace, rule }: Filed, additions: readonly Addition[]): readonly string[] {
  const name = `policy ${namespace}/${policy.name?.value}`
  const lists = additions.every(({ direction, keepOpen }) => {
    const room = roomIn(policy.document, rule, direction)
    return !keepOpen && room.kind === 'list' && room.list.items.length > 0
  })
  if (!lists) return [name]
  return additions.flatMap(a =>
    a.items.map(item => `${name} ${rule.path.join('.')}.${a.direction} ${JSON.stringify(item)}`),
  )
}

function bySide(openings: readonly Opening[]): readonly (readonly [Direction, readonly Opening[]])[] {
  const sides = ['ingress', 'egress'] as const
  return sides.flatMap(side => {
    const list = openings.filter(o => o.side === side)
    return list.length > 0 ? [[side, list] as const] : []
  })
}

function distinct(items: readonly Plain[]): readonly Plain[] {
  return [...new Map(items.map(i => [JSON.stringify(i), i])).values()]
}

function anew(snapshot: Snapshot, source: Policy, made: New, taken: ReadonlySet<string>): Written | undefined {
  const [first] = made.openings
  if (!first) return undefined
  const { namespace, who } = first
  const spec = specOf(source.document, made, { clusterwide: namespace === undefined, namespace })
  const pods = made.openings.flatMap(o => o.closed.flatMap(kin => kin.pods))
  const home = homeFor(snapshot, source, { namespace, who, pods, spec, taken })
  if (!home) return undefined
  return {
    policy: home.name,
    namespace,
    where: home.where,
    keptOpen: made.keepOpen.length > 0,
    about: [`policy ${namespace ?? ''}/${home.name}`],
    created: home.edits.flatMap(e => (e.kind === 'create' ? [e.uri] : [])),
    edits: () => home.edits,
  }
}

function specOf(
  document: Document,
  made: New,
  from: { clusterwide: boolean; namespace: string | undefined },
): Readonly<Record<string, Plain>> {
  const spec: Record<string, Plain> = { endpointSelector: printSelector(made.openings[0]?.subject ?? [], document) }
  if (made.keepOpen.length > 0) spec.enableDefaultDeny = Object.fromEntries(made.keepOpen.map(side => [side, false]))
  for (const [side, list] of bySide(made.openings)) spec[side] = distinct(list.flatMap(o => o.items(document, from)))
  return spec
}
