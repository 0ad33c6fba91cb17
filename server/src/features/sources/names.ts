// Names of things in the cluster: namespaces, service accounts, services, CIDR groups.

import { policies } from '../../model/lower.ts'
import { at, str } from '../../syntax/node.ts'
import type { Endpoint, Origin } from '../../workspace/inventory.ts'
import { namespaceOf, type World } from '../../workspace/world.ts'
import { type Place, siblings } from '../place.ts'
import { KIND, type Suggestion, valueText } from '../suggestion.ts'
import { count, originName } from '../words.ts'

/** Names, where the place holds one outside of a selector. */
export function* names(place: Place, world: World): Iterable<Suggestion> {
  if (place.as !== 'value') return
  const { path } = place
  const [holder, last] = path.slice(-2)
  if (path.length === 2 && holder === 'metadata' && last === 'namespace') yield* namespaces(place, world, 1)
  if (holder === 'k8sService' && last === 'serviceName') yield* services(place, world)
  if ((holder === 'k8sService' || holder === 'k8sServiceSelector') && last === 'namespace') {
    yield* serviceNamespaces(place, world)
  }
  if (last === 'cidrGroupRef') yield* groups(place, world)
}

function item(place: Place, name: string, of: { detail: string; group: number; namespace?: boolean }): Suggestion {
  const kind = of.namespace ? KIND.namespace : KIND.name
  return { label: name, kind, lines: [valueText(place, name)], detail: of.detail, group: of.group }
}

/** Namespaces, those with pods first. */
export function* namespaces(place: Place, world: World, group: number): Iterable<Suggestion> {
  const known = new Map<string, Origin>()
  for (const n of world.namespaces) known.set(n.name, n.origin)
  for (const e of world.endpoints) if (!known.has(e.namespace)) known.set(e.namespace, e.origin)
  const taken = siblings(place)
  const sized = [...known].map(([name, origin]) => {
    const pods = world.endpoints.filter(e => e.namespace === name).length
    return { name, origin, pods }
  })
  for (const { name, origin, pods } of sized.sort(
    (a, b) => Math.sign(b.pods) - Math.sign(a.pods) || (a.name < b.name ? -1 : 1),
  )) {
    if (taken.has(name)) continue
    const detail = `namespace in ${originName(origin)}, ${pods === 0 ? 'no pods' : count(pods, 'pod')}`
    yield item(place, name, { detail, group, namespace: true })
  }
  yield* policyNamespaces(place, world)
}

/** Namespaces that no inventory knows, but policies of the workspace are in. */
function* policyNamespaces(place: Place, world: World): Iterable<Suggestion> {
  const used = new Map<string, number>()
  for (const file of world.snapshot.files.values()) {
    for (const policy of file.documents.flatMap(policies)) {
      if (policy.document === place.cursor.document) continue
      const name = namespaceOf(world.snapshot, policy)
      if (name) used.set(name, (used.get(name) ?? 0) + 1)
    }
  }
  for (const [name, n] of [...used].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (world.namespaces.some(known => known.name === name)) continue
    yield item(place, name, {
      detail: `namespace of ${count(n, 'policy', 'policies')} here`,
      group: 6,
      namespace: true,
    })
  }
}

/** Service accounts of these namespaces and those that the pods are in; those that pods run as come first. */
export function* accounts(
  place: Place,
  world: World,
  of: { readonly pods: readonly Endpoint[]; readonly namespaces: readonly string[] },
): Iterable<Suggestion> {
  const { pods } = of
  const taken = siblings(place)
  const used = new Map<string, Endpoint[]>()
  for (const pod of pods) used.set(pod.serviceAccount, [...(used.get(pod.serviceAccount) ?? []), pod])
  for (const [name, users] of [...used].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (taken.has(name)) continue
    const where = [...new Set(users.map(p => p.namespace))].join(', ')
    const origin = users[0] ? originName(users[0].origin) : ''
    yield item(place, name, {
      detail: `service account of ${count(users.length, 'pod')} in ${where} (${origin})`,
      group: 1,
    })
  }
  const namespaces = new Set([...of.namespaces, ...pods.map(p => p.namespace)])
  for (const { name, namespace, origin } of world.serviceAccounts) {
    if (!namespaces.has(namespace) || used.has(name) || taken.has(name)) continue
    yield item(place, name, {
      detail: `service account ${namespace}/${name} in ${originName(origin)}, no pods`,
      group: 2,
    })
  }
}

function* services(place: Place, world: World): Iterable<Suggestion> {
  const wanted = str(at(place.object, [...place.path.slice(0, -1), 'namespace']))
  for (const { name, namespace, origin } of world.services) {
    if (wanted !== undefined && namespace !== wanted) continue
    yield item(place, name, { detail: `service ${namespace}/${name} in ${originName(origin)}`, group: 1 })
  }
}

function* serviceNamespaces(place: Place, world: World): Iterable<Suggestion> {
  const wanted = str(at(place.object, [...place.path.slice(0, -1), 'serviceName']))
  const fitting = world.services.filter(s => wanted === undefined || s.name === wanted)
  const known = new Set<string>()
  for (const { name, namespace, origin } of fitting) {
    if (known.has(namespace)) continue
    known.add(namespace)
    yield item(place, namespace, { detail: `has service ${name} in ${originName(origin)}`, group: 1, namespace: true })
  }
}

function* groups(place: Place, world: World): Iterable<Suggestion> {
  for (const { name, cidrs, origin } of world.cidrGroups) {
    yield item(place, name, { detail: `${count(cidrs.length, 'network')}, ${originName(origin)}`, group: 1 })
  }
}
