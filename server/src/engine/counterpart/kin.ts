// Pods that Cilium cannot tell apart, together: analysis looks at each kind once, however many replicas there are.

import { memo, stamped, trimmed } from '../../memo.ts'
import type { Direction } from '../../model/policy.ts'
import { allHold, byLabel, CLUSTER, type Condition, NAMESPACE, SERVICE_ACCOUNT } from '../../model/selector.ts'
import type { Endpoint } from '../../workspace/inventory.ts'
import type { Snapshot } from '../../workspace/snapshot.ts'
import { type Basis, basisOf } from '../basis.ts'
import type { Filed } from '../entry.ts'
import { type Identity, impliedIdentity, otherIdentity, podIdentity, portsWorn } from '../identity.ts'
import type { Party } from '../party.ts'
import { askedOf } from '../shelf.ts'
import { rulesSelecting } from '../subjects.ts'

/** Pods with the same labels and named ports, or what a selector says of pods that nobody has seen. */
export interface Kin {
  readonly identity: Identity
  /** One of them as an end of a flow. */
  readonly party: Party
  /** undefined: not known (implied), or none (an entity). */
  readonly namespace: string | undefined
  /** The pods; none for what is implied, and for entities. */
  readonly pods: readonly Endpoint[]
  /** "shop/web", "pods with app=web in shop", "the entity ingress". */
  readonly name: string
}

const podsByNamespace = memo((basis: Basis): ReadonlyMap<string, readonly Endpoint[]> => {
  const found = new Map<string, Endpoint[]>()
  for (const pod of basis.picture.endpoints) {
    if (pod.hostNetwork) continue
    const list = found.get(pod.namespace)
    if (list) list.push(pod)
    else found.set(pod.namespace, [pod])
  }
  return found
})

const byNamespace = memo((_basis: Basis) => new Map<string, readonly Kin[]>())

/** The known pods of a namespace, kin by kin. Made when asked for: of ten thousand pods some change every second. */
export function kinIn(basis: Basis, namespace: string): readonly Kin[] {
  const known = byNamespace(basis).get(namespace)
  if (known) return known
  const made = together(basis, podsByNamespace(basis).get(namespace) ?? [])
  byNamespace(basis).set(namespace, made)
  return made
}

/** All pods that are known, kin by kin. */
export const kinOf: (basis: Basis) => readonly Kin[] = memo(basis =>
  [...podsByNamespace(basis).keys()].flatMap(namespace => kinIn(basis, namespace)),
)

function together(basis: Basis, all: readonly Endpoint[]): readonly Kin[] {
  const groups = new Map<string, { identity: Identity; pods: [Endpoint, ...Endpoint[]] }>()
  for (const pod of all) {
    const identity = podIdentity(basis, pod)
    const key = keyOf(basis, identity)
    const known = groups.get(key)
    if (known) known.pods.push(pod)
    else groups.set(key, { identity, pods: [pod] })
  }
  return [...groups.values()].map(({ identity, pods }) => {
    const [endpoint] = pods
    const { namespace } = endpoint
    return { identity, party: { kind: 'pod', endpoint }, pods, namespace, name: `${namespace}/${namesOf(pods)}` }
  })
}

function keyOf({ config }: Basis, identity: Identity): string {
  if (!config.cidrMatchMode.includes('pods')) return wornBy(identity)
  return `${wornBy(identity)} ${identity.networks.map(n => `${n.address}/${n.bits}`)}`
}

const wornBy = memo((identity: Identity): string => {
  const worn = [...identity.labels.labels].map(([k, list]) => `${k}=${list.map(l => l.value)}`).sort()
  return JSON.stringify([worn, portsWorn(identity)])
})

function namesOf([first]: readonly Endpoint[]): string {
  return first?.workload ? first.workload.slice(first.workload.indexOf('/') + 1) : (first?.name ?? '')
}

const implications = memo((_basis: Basis) => new Map<string, Kin>())

/** Pods that only conditions tell of; one object for the same conditions, so that what is remembered of it counts. */
export function impliedKin(basis: Basis, conditions: readonly Condition[], namespace: string | undefined): Kin {
  const last = lastImplied(conditions)
  if (last.kin && last.basis === basis && last.namespace === namespace) return last.kin
  const kin = sameImplied(basis, conditions, namespace)
  last.basis = basis
  last.namespace = namespace
  last.kin = kin
  return kin
}

/** What conditions implied when they were asked last. */
const lastImplied = stamped(
  (
    _conditions: readonly Condition[],
  ): { basis: Basis | undefined; namespace: string | undefined; kin: Kin | undefined } => ({
    basis: undefined,
    namespace: undefined,
    kin: undefined,
  }),
)

function sameImplied(basis: Basis, conditions: readonly Condition[], namespace: string | undefined): Kin {
  // Kubernetes has no label with a NUL.
  let key = namespace ?? '\0'
  for (const c of conditions) key += `\0\0${c.source}\0${c.key}\0${c.operator}\0${c.values.join('\0')}`
  const before = implications(basis).get(key)
  if (before) return before
  const kin = makeImplied(basis, conditions, namespace)
  implications(basis).set(key, kin)
  return kin
}

function makeImplied(basis: Basis, conditions: readonly Condition[], namespace: string | undefined): Kin {
  const party = { kind: 'implied', conditions, namespace } as const
  const identity = impliedIdentity(basis, party)
  const own = conditions.filter(c => c.key !== NAMESPACE && c.key !== CLUSTER)
  const words = own.map(wordsOf).join(', ')
  const place = namespace ?? conditions.find(c => c.key === NAMESPACE && c.operator === 'In')?.values.join('|')
  return {
    identity,
    party,
    namespace,
    pods: [],
    name: `${words ? `pods with ${words}` : 'pods'}${place ? ` in ${place}` : ''}`,
  }
}

function wordsOf({ key: written, operator, values }: Condition): string {
  const key = written === SERVICE_ACCOUNT ? 'account' : written
  switch (operator) {
    case 'In':
      return `${key}=${values.join('|')}`
    case 'NotIn':
      return `${key}≠${values.join('|')}`
    case 'Exists':
      return key
    case 'DoesNotExist':
      return `no ${key}`
  }
}

/** An entity that policies can select: Cilium's Ingress proxy, its health endpoint. */
export function entityKin(entity: string): Kin {
  return {
    identity: otherIdentity(entity),
    party: { kind: 'entity', entity },
    namespace: undefined,
    pods: [],
    name: `the entity ${entity}`,
  }
}

const wearing = memo((basis: Basis) => byLabel(kinOf(basis), kin => kin.identity.labels))

/** The known pods that have one of the labels that conditions ask for: all for which they hold for certain, and some more. */
export function kinWith(basis: Basis, conditions: readonly Condition[]): readonly Kin[] {
  const places = conditions.find(c => c.key === NAMESPACE && c.operator === 'In')
  if (places) return [...new Set(places.values)].flatMap(namespace => kinIn(basis, namespace))
  const asked = askedOf(conditions)
  if (!asked) return kinOf(basis)
  const found = asked.values.flatMap(value => wearing(basis)(asked.key).get(value) ?? [])
  return asked.values.length === 1 ? found : [...new Set(found)]
}

/** A rule is filed for one basis only. */
const selection = stamped((_filed: Filed): { kin?: readonly Kin[] } => ({}))

/** The known pods that a rule selects for certain; none when its namespace is unknown or it is for nodes. */
export function selectedBy(basis: Basis, filed: Filed): readonly Kin[] {
  if (filed.namespace === undefined || filed.forNodes || !filed.readable) return []
  const { kin } = selection(filed)
  if (kin) return kin
  const near = filed.policy.clusterwide ? kinWith(basis, filed.subject) : kinIn(basis, filed.namespace)
  const found = near.filter(one => allHold(filed.subject, one.identity.labels) === 'yes')
  selection(filed).kin = trimmed(found)
  return found
}

/** Whether a side of the pods is in default deny already, whatever is allowed there. */
export function isClosed(snapshot: Snapshot, kin: Kin, direction: Direction): boolean {
  if (basisOf(snapshot).config.enforcementMode === 'always') return true
  return rulesSelecting(snapshot, kin.identity).some(({ match, filed }) => {
    const side = filed.sides[direction]
    return match === 'yes' && side.entries.length > 0 && side.defaultDeny === 'yes'
  })
}
