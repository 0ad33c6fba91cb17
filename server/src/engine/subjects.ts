// Which rules select one end of a flow: those of accepted policies, each in its effective namespace.

import { memo, NONE, stamped, trimmed } from '../memo.ts'
import { policies } from '../model/lower.ts'
import type { Policy } from '../model/policy.ts'
import { allHold, and, type Match, NAMESPACE } from '../model/selector.ts'
import type { File } from '../syntax/file.ts'
import { type Delivered, deliveredNamespace } from '../workspace/delivered.ts'
import { isSame } from '../workspace/lists.ts'
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
  readonly inForce: InForce
}

/** So many changes are kept beside what they change. */
const MOST_CHANGES = 1000

/** The rules in force, with which of the files each stands in, or where its name was given first. */
export class InForce {
  private readonly all: ReadonlyMap<Filed, number>
  /** What differs from `all`; undefined: not in force. A keystroke changes few of tens of thousands. */
  private readonly changes: ReadonlyMap<Filed, number | undefined>

  constructor(all: ReadonlyMap<Filed, number>, changes: ReadonlyMap<Filed, number | undefined> = new Map()) {
    this.all = all
    this.changes = changes
  }
  place(filed: Filed): number | undefined {
    return this.changes.has(filed) ? this.changes.get(filed) : this.all.get(filed)
  }
  has(filed: Filed): boolean {
    return this.place(filed) !== undefined
  }
  /** With rules of one file exchanged. */
  exchanged(old: readonly Filed[], fresh: readonly Filed[], at: number): InForce {
    const changes = new Map(this.changes)
    for (const filed of old)
      if (this.all.has(filed)) changes.set(filed, undefined)
      else changes.delete(filed)
    for (const filed of fresh) changes.set(filed, at)
    const made = new InForce(this.all, changes)
    return changes.size < MOST_CHANGES ? made : new InForce(made.places())
  }
  /** All places, in one map. */
  places(): ReadonlyMap<Filed, number> {
    const places = new Map(this.all)
    for (const [filed, place] of this.changes)
      if (place === undefined) places.delete(filed)
      else places.set(filed, place)
    return places
  }
}

/**
 * The rules of all policies that Cilium accepts: those of the files, and those of the inventory or cluster that no file
 * gives anew. Of several policies with one name the last one counts (pkg/policy/repository.go ReplaceByResource).
 */
export const repositoryOf: (snapshot: Snapshot) => Repository = memo(snapshot => {
  const lists = placedLists(snapshot)
  last = { ...((last && patched(last, lists)) ?? built(lists)), lists }
  return last.repository
})

/** Makes the repository in steps: of ten thousand policies it takes longer than a request should wait. `repositoryOf` finds it then. */
export function* fileRepository(snapshot: Snapshot): Generator<void> {
  const lists = placedLists(snapshot)
  yield
  if (last?.lists.length !== lists.length) last = { ...(yield* building(lists)), lists }
}

/** What was made last: a keystroke changes one file's policies and rarely their names. */
let last: Made | undefined

interface Made {
  readonly lists: readonly (readonly Placed[])[]
  /** Names of policies, and of those the ones that are there more than once. */
  readonly names: Set<string>
  readonly twice: ReadonlySet<string>
  readonly repository: Repository
}

function built(lists: Made['lists']): Omit<Made, 'lists'> {
  const steps = building(lists)
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** After so many files another may have its turn. */
const FILES = 200

function* building(lists: Made['lists']): Generator<void, Omit<Made, 'lists'>> {
  const named = new Map<string, Placed & { readonly at: number }>()
  const twice = new Set<string>()
  let nameless = 0
  for (const [at, list] of lists.entries()) {
    for (const p of list) {
      const first = p.name === undefined ? undefined : named.get(p.name)
      if (first?.name !== undefined) twice.add(first.name)
      named.set(p.name ?? `? ${nameless++}`, { ...p, at: first?.at ?? at })
    }
    if (at % FILES === FILES - 1) yield
  }
  const clusterwide: Filed[] = []
  const byNamespace = new Map<string, Filed[]>()
  const unplaced: Filed[] = []
  const inForce = new Map<Filed, number>()
  let count = 0
  for (const { policy, namespace, rules, at } of named.values()) {
    if (++count % FILES === 0) yield
    for (const filed of rules) inForce.set(filed, at)
    if (policy.clusterwide) clusterwide.push(...rules)
    else if (namespace === undefined) unplaced.push(...rules)
    else {
      const list = byNamespace.get(namespace)
      if (list) list.push(...rules)
      else byNamespace.set(namespace, [...rules])
    }
  }
  const before = last?.repository
  const repository = {
    clusterwide: kept(before?.clusterwide, clusterwide),
    byNamespace: new Map([...byNamespace].map(([name, list]) => [name, kept(before?.byNamespace.get(name), list)])),
    unplaced: kept(before?.unplaced, unplaced),
    inForce: new InForce(inForce),
  }
  return { names: new Set(named.keys()), twice, repository }
}

/** What was made before with the policies of one file exchanged; undefined where more than that has changed. */
function patched(before: Made, lists: Made['lists']): Omit<Made, 'lists'> | undefined {
  if (before.lists.length !== lists.length) return undefined
  const at = lists.findIndex((list, i) => list !== before.lists[i])
  if (at < 0) return before
  if (lists.some((list, i) => i > at && list !== before.lists[i])) return undefined
  const [old, fresh] = [before.lists[at] ?? [], lists[at] ?? []]
  const own = new Set(old.map(p => p.name))
  const isPlain = ({ name }: Placed) =>
    name !== undefined && !before.twice.has(name) && (own.has(name) || !before.names.has(name))
  const distinct = new Set(fresh.map(p => p.name)).size === fresh.length
  if (!distinct || ![...old, ...fresh].every(isPlain)) return undefined
  for (const { name } of old) before.names.delete(name ?? '')
  for (const { name } of fresh) before.names.add(name ?? '')
  return { ...before, repository: exchanged(before.repository, { at, old, fresh }) }
}

/** The repository with other policies in one file, of names that no other file has. */
function exchanged(
  repository: Repository,
  { at, old, fresh }: { readonly at: number; readonly old: readonly Placed[]; readonly fresh: readonly Placed[] },
): Repository {
  const rules = (placed: readonly Placed[]) => placed.flatMap(p => p.rules)
  const inForce = repository.inForce.exchanged(rules(old), rules(fresh), at)
  const changed = (list: readonly Filed[], is: (p: Placed) => boolean): readonly Filed[] => {
    const others = list.filter(filed => repository.inForce.place(filed) !== at)
    const place = others.findIndex(filed => (repository.inForce.place(filed) ?? 0) > at)
    others.splice(place < 0 ? others.length : place, 0, ...rules(fresh.filter(is)))
    return kept(list, others)
  }
  const touched = [...old, ...fresh]
  const byNamespace = new Map(repository.byNamespace)
  for (const namespace of new Set(touched.map(p => (p.policy.clusterwide ? undefined : p.namespace)))) {
    if (namespace === undefined) continue
    const here = (p: Placed) => !p.policy.clusterwide && p.namespace === namespace
    byNamespace.set(namespace, changed(repository.byNamespace.get(namespace) ?? [], here))
  }
  const clusterwide = touched.some(p => p.policy.clusterwide)
    ? changed(repository.clusterwide, p => p.policy.clusterwide)
    : repository.clusterwide
  return { ...repository, clusterwide, byNamespace, inForce }
}

/** The array from before for the same rules: of most namespaces nothing changes from one keystroke to the next. */
const kept = (before: readonly Filed[] | undefined, rules: readonly Filed[]): readonly Filed[] =>
  before && isSame(before, rules) ? before : trimmed(rules)

export interface Placed {
  readonly policy: Policy
  /** '' for clusterwide policies; undefined: unknown. */
  readonly namespace: string | undefined
  /** Which policy of the cluster it is; undefined when that cannot be told. */
  readonly name: string | undefined
  readonly rules: readonly Filed[]
}

/** The accepted policies of each file that is no patch: those of inventories first, as those of files come after them. */
const placedLists = memo((snapshot: Snapshot): readonly (readonly Placed[])[] => {
  const lists: (readonly Placed[])[] = []
  const add = (file: File) => {
    if (!isPatch(snapshot.files, file.uri)) lists.push(placedIn(snapshot, file))
  }
  for (const inventory of snapshot.inventories) inventory.policies.forEach(add)
  snapshot.files.forEach(add)
  return lists
})

interface Known {
  readonly basis: Basis
  /** What the places of the policies depend on beside the file. */
  readonly delivered: Delivered | undefined
  readonly otherwise: string | undefined
  readonly placed: readonly Placed[]
  readonly refused: readonly Policy[]
}

const latest = stamped((_file: File): { known?: Known } => ({}))

/** The accepted policies of a file at their places; remembered as long as file, basis and delivery stay the same. */
export const placedIn = (snapshot: Snapshot, file: File): readonly Placed[] => knownOf(snapshot, file).placed

/** The policies of a file that Cilium refuses; remembered as `placedIn`. */
export const refusedIn = (snapshot: Snapshot, file: File): readonly Policy[] => knownOf(snapshot, file).refused

function knownOf(snapshot: Snapshot, file: File): Known {
  const basis = basisOf(snapshot)
  const { known } = latest(file)
  const delivered = snapshot.files.has(file.uri) ? deliveredNamespace(snapshot.files, file.uri) : undefined
  const otherwise = snapshot.settings.namespace
  if (known?.basis === basis && known.delivered === delivered && known.otherwise === otherwise) return known
  const all = file.documents.flatMap(d => policies(d))
  const refused = all.filter(policy => refusal.judge(policy, snapshot))
  const placed = all.filter(policy => !refused.includes(policy)).map(policy => placedAt(snapshot, policy))
  const made = { basis, delivered, otherwise, placed, refused: refused.length === 0 ? NONE : trimmed(refused) }
  latest(file).known = made
  return made
}

function placedAt(snapshot: Snapshot, policy: Policy): Placed {
  const namespace = namespaceAt(snapshot, policy)
  const whole = policy.name !== undefined && namespace !== undefined
  const name = whole ? `${policy.clusterwide} ${namespace}/${policy.name?.value}` : undefined
  return { policy, namespace, name, rules: fileRules(basisOf(snapshot), policy, namespace) }
}

/** Where a policy is: '' when it is clusterwide; undefined: unknown. */
export function namespaceAt(snapshot: Snapshot, policy: Policy): string | undefined {
  return policy.clusterwide ? '' : effectiveNamespace(snapshot, policy)?.namespace
}

/** The rules of a policy at its place, whether it is in force or not. */
export function rulesOf(snapshot: Snapshot, policy: Policy): readonly Filed[] {
  return fileRules(basisOf(snapshot), policy, namespaceAt(snapshot, policy))
}

/** What was found of an identity last, and in which lists: a keystroke changes one of them, or none. */
const lastSelecting = stamped((_identity: Identity): { known?: Selection } => ({}))

interface Selection {
  readonly lists: readonly (readonly Filed[])[]
  readonly selected: readonly Selected[]
}

/** The rules that select an identity, remembered, in the order in which the agent takes them. Nodes are selected by `nodeSelector`, everything else by `endpointSelector`. */
export function rulesSelecting(snapshot: Snapshot, identity: Identity): readonly Selected[] {
  const places = placesOf(repositoryOf(snapshot), identity)
  const lists = places.map(({ list }) => list)
  const { known } = lastSelecting(identity)
  if (known && isSame(known.lists, lists)) return known.selected
  const found: Selected[] = []
  for (const { list, at } of places) {
    for (const filed of near(list, identity.labels)) {
      if (filed.forNodes !== (identity.place === 'node')) continue
      const match = and(and(at, filed.readable ? 'yes' : 'maybe'), allHold(filed.subject, identity.labels))
      if (match !== 'no') found.push({ filed, match })
    }
  }
  found.sort((a, b) => (a.filed.resource < b.filed.resource ? -1 : Number(a.filed.resource > b.filed.resource)))
  lastSelecting(identity).known = { lists, selected: found }
  return found
}

/** The lists of rules that can select the identity as far as namespaces go. */
function placesOf(repository: Repository, { labels }: Identity): readonly { list: readonly Filed[]; at: Match }[] {
  const places: { list: readonly Filed[]; at: Match }[] = [{ list: repository.clusterwide, at: 'yes' }]
  const namespace = labels.labels.get(NAMESPACE)?.find(l => l.source === 'k8s')?.value
  if (namespace === undefined && !labels.open) return places
  places.push({ list: repository.unplaced, at: 'maybe' })
  const lists =
    namespace === undefined ? repository.byNamespace.values() : [repository.byNamespace.get(namespace) ?? NONE]
  for (const list of lists) places.push({ list, at: 'yes' })
  return places
}
