// Which policy takes the rule for the other side: the one that selects exactly those pods, and else a new one.

import { memo } from '../../memo.ts'
import type { Direction, Policy } from '../../model/policy.ts'
import { allHold, type Condition, type LabelSet, NAMESPACE } from '../../model/selector.ts'
import type { Document } from '../../syntax/file.ts'
import type { Plain } from '../../syntax/print.ts'
import { folderOf, uriOf } from '../../workspace/documents.ts'
import type { Snapshot } from '../../workspace/snapshot.ts'
import { type Basis, basisOf } from '../basis.ts'
import type { Filed } from '../entry.ts'
import { near } from '../shelf.ts'
import { repositoryOf } from '../subjects.ts'
import { implies, type Meaning, meaningOf, same } from './alike.ts'
import { impliedKin, isClosed, type Kin, kinIn, selectedBy } from './kin.ts'
import { roomIn } from './place.ts'
import { inNamespace, type Term, type Vantage } from './selectors.ts'

/** What is to be opened at one end. */
export interface Opening {
  readonly side: Direction
  /** Where the pods are; undefined: in more namespaces than can be named, for a clusterwide policy. */
  readonly namespace: string | undefined
  /** What the rule must select, without the namespace. */
  readonly subject: readonly Term[]
  /** For names: "hubble-relay". */
  readonly who: string
  /** The pods that are closed. */
  readonly closed: readonly Kin[]
  /** The items to add, as a policy of that document and vantage writes them. */
  items(document: Document, from: Vantage): readonly Plain[]
}

/** Where an opening goes: into rules that are there, or into a new policy. */
export type Destination =
  | { readonly kind: 'rules'; readonly rules: readonly Filed[] }
  | { readonly kind: 'new'; readonly keepOpen: boolean }

/**
 * The place for an opening, seen from the policy that needs it: the rule that selects exactly its pods. Where everybody is
 * meant, the rules that close the pods; else a new policy. Undefined where nothing can be written that closes nothing.
 */
export function destinationOf(snapshot: Snapshot, source: Policy, opening: Opening): Destination | undefined {
  const best = exactRule(snapshot, source, opening)
  if (best) return { kind: 'rules', rules: [best] }
  const several = opening.subject.length === 0 ? closingRules(snapshot, opening) : undefined
  if (several) return { kind: 'rules', rules: several }
  const basis = basisOf(snapshot)
  const pods = podsOf(basis, opening)
  const keepOpen = !(pods.length > 0 ? pods : opening.closed).every(kin => isClosed(snapshot, kin, opening.side))
  return keepOpen && !basis.config.nonDefaultDenyPolicies ? undefined : { kind: 'new', keepOpen }
}

/** Rules that between them select all pods that are closed, and have a list for one more item; undefined when there are none. */
function closingRules(snapshot: Snapshot, opening: Opening): readonly Filed[] | undefined {
  const { namespace, side } = opening
  if (namespace === undefined) return undefined
  const basis = basisOf(snapshot)
  const rules = (repositoryOf(snapshot).byNamespace.get(namespace) ?? []).filter(
    filed => roomIn(filed.policy.document, filed.rule, side).kind === 'list' && hasRoom(snapshot, filed, opening),
  )
  const chosen: Filed[] = []
  const left = new Set(opening.closed)
  while (left.size > 0) {
    let best: { readonly filed: Filed; readonly count: number } | undefined
    for (const filed of rules) {
      const count = selectedBy(basis, filed).filter(kin => left.has(kin)).length
      if (count > (best?.count ?? 0)) best = { filed, count }
    }
    if (!best) return undefined
    chosen.push(best.filed)
    for (const kin of selectedBy(basis, best.filed)) left.delete(kin)
  }
  return chosen
}

/** Whether the first entry of that direction would close other traffic of the rule's pods. */
export function wouldClose(snapshot: Snapshot, filed: Filed, opening: Opening): boolean {
  return opensSection(filed, opening.side) && !selectedClosed(snapshot, filed, opening)
}

/** Whether the rule has nothing in that direction yet, so that its first entry may close the rest. */
function opensSection(filed: Filed, side: Direction): boolean {
  return filed.sides[side].entries.length === 0 && filed.rule.enableDefaultDeny[side] !== false
}

function selectedClosed(snapshot: Snapshot, filed: Filed, opening: Opening): boolean {
  const selected = selectedBy(basisOf(snapshot), filed)
  return (selected.length > 0 ? selected : opening.closed).every(kin => isClosed(snapshot, kin, opening.side))
}

/** The rule that selects exactly the pods of the opening and has room for it, the nearest of several. */
function exactRule(snapshot: Snapshot, source: Policy, opening: Opening): Filed | undefined {
  const basis = basisOf(snapshot)
  const conditions = conditionsOf(opening)
  const wanted = meaningOf(conditions, basis.config.clusterName)
  const pods = podsOf(basis, opening)
  const { identity } = pods[0] ?? impliedKin(basis, conditions, opening.namespace)
  let best: { readonly filed: Filed; readonly cost: number } | undefined
  for (const filed of rulesNear(snapshot, opening.namespace, identity.labels)) {
    const fit = fitOf(basis, filed, { wanted, pods })
    if (fit === undefined) continue
    const cost = fit * 100 + costOf(snapshot, source, filed, opening)
    // Whether there is room takes longest to say.
    if ((!best || cost < best.cost) && hasRoom(snapshot, filed, opening)) best = { filed, cost }
  }
  return best?.filed
}

function conditionsOf({ namespace, subject }: Pick<Opening, 'namespace' | 'subject'>): readonly Condition[] {
  if (subject.some(t => t.source === 'reserved')) return subject
  const place: Condition = namespace === undefined ? IN_SOME_NAMESPACE : inNamespace(namespace)
  return [...subject, place]
}

/** The known pods that a new policy for the opening would select. */
function podsOf(basis: Basis, opening: Opening): readonly Kin[] {
  if (opening.namespace === undefined) return []
  const conditions = opening.subject
  return kinIn(basis, opening.namespace).filter(kin => allHold(conditions, kin.identity.labels) === 'yes')
}

/** The rules of the namespace and of clusterwide policies that may select such labels. */
function* rulesNear(snapshot: Snapshot, namespace: string | undefined, labels: LabelSet): Iterable<Filed> {
  const { clusterwide, byNamespace } = repositoryOf(snapshot)
  if (namespace !== undefined) yield* near(byNamespace.get(namespace) ?? [], labels)
  yield* near(clusterwide, labels)
}

const IN_SOME_NAMESPACE: Condition = { source: 'k8s', key: NAMESPACE, operator: 'Exists', values: [] }

/** What the subject of a rule means; remembered, as many openings ask for it. A rule is filed for one basis. */
function meaningIn(filed: Filed, basis: Basis): Meaning {
  const before = meanings(filed)
  if (before.meaning) return before.meaning
  const special = !filed.policy.clusterwide || filed.subject.some(c => c.source === 'reserved')
  before.meaning = meaningOf(special ? filed.subject : [...filed.subject, IN_SOME_NAMESPACE], basis.config.clusterName)
  return before.meaning
}

const meanings = memo((_filed: Filed): { meaning?: Meaning } => ({}))

/** 0: says the same; 1: says something else, neither more nor less, and selects the same pods; undefined: does not fit. */
function fitOf(
  basis: Basis,
  filed: Filed,
  of: { readonly wanted: Meaning; readonly pods: readonly Kin[] },
): number | undefined {
  if (filed.forNodes || !filed.readable) return undefined
  const meaning = meaningIn(filed, basis)
  if (same(meaning, of.wanted)) return 0
  if (of.pods.length === 0 || implies(meaning, of.wanted) || implies(of.wanted, meaning)) return undefined
  const selected = selectedBy(basis, filed)
  return selected.length === of.pods.length && of.pods.every(p => selected.includes(p)) ? 1 : undefined
}

function hasRoom(snapshot: Snapshot, filed: Filed, opening: Opening): boolean {
  const { document } = filed.policy
  const uri = uriOf(snapshot, document)
  if (uri === undefined || !snapshot.files.has(uri)) return false
  if (roomIn(document, filed.rule, opening.side).kind === 'none') return false
  if (!wouldClose(snapshot, filed, opening)) return true
  return filed.rule.enableDefaultDeny[opening.side] === undefined && basisOf(snapshot).config.nonDefaultDenyPolicies
}

/** Less for what is nearer: the same document, file, folder; a list that is there; a rule that need not be kept open. */
function costOf(snapshot: Snapshot, source: Policy, filed: Filed, opening: Opening): number {
  const [from, to] = [uriOf(snapshot, source.document) ?? '', uriOf(snapshot, filed.policy.document) ?? '']
  const near = filed.policy === source ? 0 : from === to ? 1 : folderOf(from) === folderOf(to) ? 2 : 3
  const list = filed.sides[opening.side].entries.some(e => !e.deny) ? 0 : 8
  const kept = list > 0 && wouldClose(snapshot, filed, opening) ? 16 : 0
  return near + list + kept + (filed.policy.clusterwide ? 4 : 0)
}
