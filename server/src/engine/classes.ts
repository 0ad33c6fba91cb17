// Pods that no rule in force can tell apart, although they wear different labels: what is asked of one holds for all.

import { memo } from '../memo.ts'
import { askedBy } from '../model/asked.ts'
import { CLUSTER, NAMESPACE } from '../model/selector.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import { type Basis, basisOf } from './basis.ts'
import type { Filed } from './entry.ts'
import { type Identity, portsWorn } from './identity.ts'
import { repositoryOf } from './subjects.ts'

/** The class of each identity: equal for pods on which every rule in force says the same. */
export const classesOf: (snapshot: Snapshot) => (identity: Identity) => number = memo(snapshot => {
  const { clusterwide, byNamespace, unplaced } = repositoryOf(snapshot)
  const basis = basisOf(snapshot)
  const keys = new Set([NAMESPACE, CLUSTER, ...servicesAsk(basis)])
  for (const rules of [clusterwide, unplaced, ...byNamespace.values()]) for (const key of askedIn(rules)) keys.add(key)
  const name = [...keys].sort().join('\n')
  const known = readings(basis).get(name) ?? classing(basis, keys)
  readings(basis).set(name, known)
  return known
})

/** One number for two classes, in this order. */
export const pairKey = (first: number, second: number): number => first * 2 ** 26 + second

const readings = memo((_basis: Basis) => new Map<string, (identity: Identity) => number>())

function classing({ config }: Basis, keys: ReadonlySet<string>): (identity: Identity) => number {
  const numbers = new Map<string, number>()
  const byAddress = config.cidrMatchMode.includes('pods')
  return memo(identity => {
    const alone = identity.place !== 'pod' || identity.labels.open || byAddress
    const worn = alone ? `alone ${numbers.size}` : wornOf(identity, keys)
    const number = numbers.get(worn) ?? numbers.size
    numbers.set(worn, number)
    return number
  })
}

/** What a pod wears of the labels that are asked for. */
function wornOf(identity: Identity, keys: ReadonlySet<string>): string {
  const { labels, openBelow } = identity.labels
  const worn = [...labels].flatMap(([key, list]) => {
    const told = keys.has(key) ? list : list.filter(l => l.source !== 'k8s')
    return told.map(l => `${l.source}:${key}=${l.value}`)
  })
  return JSON.stringify([worn.sort(), portsWorn(identity), openBelow])
}

const servicesAsk = memo(
  ({ picture }: Basis): ReadonlySet<string> =>
    new Set(picture.services.flatMap(({ selector }) => Object.keys(selector ?? {}))),
)

const askedIn = memo(
  (rules: readonly Filed[]): ReadonlySet<string> => new Set(rules.flatMap(({ policy }) => askedBy(policy))),
)
