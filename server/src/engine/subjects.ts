// Which rules select one end of a flow: those of accepted policies, each in its effective namespace.

import { memo } from '../memo.ts'
import { policies } from '../model/lower.ts'
import type { Policy } from '../model/policy.ts'
import { allHold, and, type Match, NAMESPACE } from '../model/selector.ts'
import type { File } from '../syntax/file.ts'
import { type Chain, linked, newChain, valuesOf } from '../workspace/chain.ts'
import { type Delivered, deliveredNamespace } from '../workspace/delivered.ts'
import { effectiveNamespace } from '../workspace/namespace.ts'
import { isPatch } from '../workspace/patches.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import { type Basis, basisOf } from './basis.ts'
import type { Filed } from './entry.ts'
import { fileRules } from './filed.ts'
import type { Identity } from './identity.ts'
import { refusal } from './refusal.ts'
import { near } from './shelf.ts'

/** A rule that selects something, or may do so. */
export interface Selected {
  readonly filed: Filed
  readonly match: Exclude<Match, 'no'>
}

/** All rules in force, by the namespace that they select in. */
export interface Repository {
  readonly clusterwide: readonly Filed[]
  readonly byNamespace: ReadonlyMap<string, readonly Filed[]>
  /** Of policies whose namespace is unknown. */
  readonly unplaced: readonly Filed[]
  /** All of them. */
  readonly inForce: ReadonlySet<Filed>
}

/**
 * The rules of all policies that Cilium accepts: those of the files, and those of the inventory or cluster that no file
 * gives anew. Of several policies with one name the last one counts (pkg/policy/repository.go ReplaceByResource).
 */
export const repositoryOf: (snapshot: Snapshot) => Repository = memo(snapshot => {
  const clusterwide: Filed[] = []
  const byNamespace = new Map<string, Filed[]>()
  const unplaced: Filed[] = []
  const all = new Set<Filed>()
  for (const { policy, namespace, rules } of inForce(snapshot)) {
    for (const filed of rules) all.add(filed)
    if (policy.clusterwide) clusterwide.push(...rules)
    else if (namespace === undefined) unplaced.push(...rules)
    else {
      const list = byNamespace.get(namespace)
      if (list) list.push(...rules)
      else byNamespace.set(namespace, [...rules])
    }
  }
  const lists = new Map([...byNamespace].map(([namespace, list]) => [namespace, kept(list)]))
  return { clusterwide: kept(clusterwide), byNamespace: lists, unplaced: kept(unplaced), inForce: all }
})

const LISTS = newChain<Filed>()
const valuesIn = memo((list: Chain<Filed>) => valuesOf(list))

/** The same array for the same rules: of most namespaces nothing changes from one keystroke to the next. */
const kept = (rules: readonly Filed[]): readonly Filed[] => valuesIn(linked(LISTS, rules))

interface Placed {
  readonly policy: Policy
  /** '' for clusterwide policies; undefined: unknown. */
  readonly namespace: string | undefined
  /** Which policy of the cluster it is; undefined when that cannot be told. */
  readonly name: string | undefined
  readonly rules: readonly Filed[]
}

function inForce(snapshot: Snapshot): Iterable<Placed> {
  const named = new Map<string, Placed>()
  let nameless = 0
  const files: File[] = [...snapshot.inventories.flatMap(i => i.policies), ...snapshot.files.values()]
  for (const file of files) {
    if (isPatch(snapshot.files, file.uri)) continue
    for (const p of placedIn(snapshot, file)) named.set(p.name ?? `? ${nameless++}`, p)
  }
  return named.values()
}

interface Known {
  /** What the places of the policies depend on beside the file. */
  readonly delivered: Delivered | undefined
  readonly otherwise: string | undefined
  readonly placed: readonly Placed[]
}

const known = memo((_basis: Basis) => new WeakMap<File, Known>())

/** The accepted policies of a file at their places; remembered as long as file, basis and delivery stay the same. */
function placedIn(snapshot: Snapshot, file: File): readonly Placed[] {
  const before = known(basisOf(snapshot)).get(file)
  const delivered = snapshot.files.has(file.uri) ? deliveredNamespace(snapshot.files, file.uri) : undefined
  const otherwise = snapshot.settings.namespace
  if (before && before.delivered === delivered && before.otherwise === otherwise) return before.placed
  const placed = file.documents
    .flatMap(d => policies(d))
    .filter(policy => !refusal.judge(policy, snapshot))
    .map(policy => placedAt(snapshot, policy))
  known(basisOf(snapshot)).set(file, { delivered, otherwise, placed })
  return placed
}

function placedAt(snapshot: Snapshot, policy: Policy): Placed {
  const namespace = policy.clusterwide ? '' : effectiveNamespace(snapshot, policy)?.namespace
  const whole = policy.name !== undefined && namespace !== undefined
  const name = whole ? `${policy.clusterwide} ${namespace}/${policy.name?.value}` : undefined
  return { policy, namespace, name, rules: fileRules(basisOf(snapshot), policy, namespace) }
}

const remembered = memo((_snapshot: Snapshot) => new Map<Identity, readonly Selected[]>())

/** The rules that select an identity, remembered, in the order in which the agent takes them. Nodes are selected by `nodeSelector`, everything else by `endpointSelector`. */
export function rulesSelecting(snapshot: Snapshot, identity: Identity): readonly Selected[] {
  const before = remembered(snapshot).get(identity)
  if (before) return before
  const found: Selected[] = []
  for (const { filed, at } of candidates(repositoryOf(snapshot), identity)) {
    if (filed.forNodes !== (identity.place === 'node')) continue
    const match = and(and(at, filed.readable ? 'yes' : 'maybe'), allHold(filed.subject, identity.labels))
    if (match !== 'no') found.push({ filed, match })
  }
  found.sort((a, b) => (a.filed.resource < b.filed.resource ? -1 : Number(a.filed.resource > b.filed.resource)))
  remembered(snapshot).set(identity, found)
  return found
}

/** Rules that can select the identity as far as namespaces and single labels go. */
function* candidates(repository: Repository, { labels }: Identity): Iterable<{ filed: Filed; at: Match }> {
  for (const filed of near(repository.clusterwide, labels)) yield { filed, at: 'yes' }
  const namespace = labels.labels.get(NAMESPACE)?.find(l => l.source === 'k8s')?.value
  if (namespace === undefined && !labels.open) return
  for (const filed of near(repository.unplaced, labels)) yield { filed, at: 'maybe' }
  const lists =
    namespace === undefined ? repository.byNamespace.values() : [repository.byNamespace.get(namespace) ?? []]
  for (const list of lists) for (const filed of near(list, labels)) yield { filed, at: 'yes' }
}
