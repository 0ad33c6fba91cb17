// Selectors against labels: what Cilium adds to a selector for its place, and whether it matches, three-valued.

import { NONE, trimmed } from '../memo.ts'
import type { CiliumLabel } from './labels.ts'
import type { Requirement, Selector } from './policy.ts'

/** yes, no, or not to be known from what is seen. */
export type Match = 'yes' | 'no' | 'maybe'

export const and = (a: Match, b: Match): Match =>
  a === 'no' || b === 'no' ? 'no' : a === 'maybe' || b === 'maybe' ? 'maybe' : 'yes'
export const or = (a: Match, b: Match): Match =>
  a === 'yes' || b === 'yes' ? 'yes' : a === 'maybe' || b === 'maybe' ? 'maybe' : 'no'
export const not = (a: Match): Match => (a === 'maybe' ? 'maybe' : a === 'yes' ? 'no' : 'yes')

/**
 * Labels to match against. `open`: there may be more labels of source k8s than those listed (something implied by a
 * selector), of which `given` is known. `openBelow`: there may be more of them with keys that start so.
 */
export interface LabelSet {
  readonly labels: ReadonlyMap<string, readonly CiliumLabel[]>
  readonly open: boolean
  readonly openBelow?: string
  readonly given?: readonly Condition[]
}

export const NAMESPACE = 'io.kubernetes.pod.namespace'
export const SERVICE_ACCOUNT = 'io.cilium.k8s.policy.serviceaccount'
export const CLUSTER = 'io.cilium.k8s.policy.cluster'
export const NAMESPACE_LABELS = 'io.cilium.k8s.namespace.labels.'

/** The part of a requirement that matching needs. */
export type Condition = Pick<Requirement, 'source' | 'key' | 'operator' | 'values'>

/** Whether one condition holds (pkg/policy/types requirements.go MatchesRequirement). */
export function holds(condition: Condition, set: LabelSet): Match {
  const { source, values } = condition
  let found = false
  let listed = false
  for (const label of set.labels.get(condition.key) ?? NONE) {
    if (source !== 'any' && label.source !== source) continue
    found = true
    listed ||= values.includes(label.value)
  }
  if (!found && isOpen(condition, set)) return implied(condition, set.given ?? NONE)
  switch (condition.operator) {
    case 'In':
      return listed ? 'yes' : 'no'
    case 'NotIn':
      return listed ? 'no' : 'yes'
    case 'Exists':
      return found ? 'yes' : 'no'
    case 'DoesNotExist':
      return found ? 'no' : 'yes'
  }
}

function isOpen({ source, key }: Condition, set: LabelSet): boolean {
  if (source !== 'any' && source !== 'k8s') return false
  return set.open || (set.openBelow !== undefined && key.startsWith(set.openBelow))
}

/** What conditions that hold say of another one: yes if they imply it, no if they exclude it. */
export function implied(condition: Condition, given: readonly Condition[]): Match {
  const about = given.filter(g => g.key === condition.key && (g.source === 'any' || g.source === 'k8s'))
  if (condition.operator === 'NotIn') return not(implied({ ...condition, operator: 'In' }, given))
  if (condition.operator === 'DoesNotExist') return not(implied({ ...condition, operator: 'Exists' }, given))
  const absent = about.some(g => g.operator === 'DoesNotExist')
  if (absent) return 'no'
  if (condition.operator === 'Exists') return about.some(g => g.operator !== 'NotIn') ? 'yes' : 'maybe'
  const left = possible(about)
  if (left === undefined) {
    const excluded = about.flatMap(g => (g.operator === 'NotIn' ? g.values : []))
    return condition.values.every(v => excluded.includes(v)) ? 'no' : 'maybe'
  }
  if (left.every(v => condition.values.includes(v))) return 'yes'
  return left.some(v => condition.values.includes(v)) ? 'maybe' : 'no'
}

/** The values that a label can have when all of the conditions hold; undefined: any. */
function possible(about: readonly Condition[]): readonly string[] | undefined {
  let left: readonly string[] | undefined
  for (const g of about)
    if (g.operator === 'In') left = left === undefined ? g.values : left.filter(v => g.values.includes(v))
  return left?.filter(v => !about.some(g => g.operator === 'NotIn' && g.values.includes(v)))
}

/** Whether all conditions hold. */
export function allHold(conditions: readonly Condition[], set: LabelSet): Match {
  let result: Match = 'yes'
  for (const c of conditions) {
    result = and(result, holds(c, set))
    if (result === 'no') return 'no'
  }
  return result
}

/** What wears a label, by the label's value: for each key made when it is asked for, and remembered. */
export function byLabel<T>(
  all: readonly T[],
  labelsOf: (one: T) => LabelSet,
): (key: string) => ReadonlyMap<string, readonly T[]> {
  const known = new Map<string, ReadonlyMap<string, readonly T[]>>()
  return key => {
    const before = known.get(key)
    if (before) return before
    const found = new Map<string, T[]>()
    for (const one of all) {
      for (const value of new Set(
        labelsOf(one)
          .labels.get(key)
          ?.map(l => l.value),
      )) {
        const list = found.get(value)
        if (list) list.push(one)
        else found.set(value, [one])
      }
    }
    known.set(key, found)
    return found
  }
}

/** A selector that could not be read completely can match no more than it seems to, or less: what is certain is only "no" by what is seen. */
export function matches(selector: Pick<Selector, 'unknown'>, conditions: readonly Condition[], set: LabelSet): Match {
  const seen = allHold(conditions, set)
  return selector.unknown && seen === 'yes' ? 'maybe' : seen
}

/** What the place of a selector adds to it. */
export interface Scope {
  readonly clusterwide: boolean
  /** The policy's namespace; undefined when unknown (or clusterwide). */
  readonly namespace: string | undefined
  /** The subject selects `reserved:init` (clusterwide policies). */
  readonly init: boolean
  /** Set when peers are limited to the local cluster. */
  readonly cluster: string | undefined
}

/** Places are the same ones again and again: one condition for each. */
const places = new Map<string, Condition>()
const MOST_PLACES = 10_000

function k8s(key: string, value: string): Condition {
  const known = places.get(`${key} ${value}`)
  if (known) return known
  const condition: Condition = { source: 'k8s', key, operator: 'In', values: [value] }
  if (places.size >= MOST_PLACES) places.clear()
  places.set(`${key} ${value}`, condition)
  return condition
}

const ANY_NAMESPACE: Condition = { source: 'k8s', key: NAMESPACE, operator: 'Exists', values: [] }
const isK8s = (c: Condition): boolean => c.source === 'k8s' || c.source === 'any'

/** Peer selectors (pkg/k8s/apis/cilium.io/utils getEndpointSelector); undefined when the namespace would be needed and is unknown. */
export function peerConditions(selector: Selector, scope: Scope): readonly Condition[] | undefined {
  return selector.requirements.some(c => c.source === 'reserved') ? selector.requirements : scoped(selector, scope)
}

/** Selectors of fromRequires and toRequires: those that name reserved labels are limited like all others (the same function). */
export function requiredConditions(selector: Selector, scope: Scope): readonly Condition[] | undefined {
  return scoped(selector, scope)
}

function scoped(selector: Selector, scope: Scope): readonly Condition[] | undefined {
  const own: readonly Condition[] = selector.requirements
  const extra: Condition[] = []
  if (!own.some(c => isK8s(c) && c.key === NAMESPACE)) {
    const byLabels = own.some(c => isK8s(c) && c.key.startsWith(NAMESPACE_LABELS))
    if (scope.clusterwide) {
      if (!scope.init) extra.push(ANY_NAMESPACE)
    } else if (!byLabels) {
      if (scope.namespace === undefined) return undefined
      extra.push(k8s(NAMESPACE, scope.namespace))
    }
  }
  if (scope.cluster !== undefined && !own.some(c => isK8s(c) && c.key === CLUSTER))
    extra.push(k8s(CLUSTER, scope.cluster))
  return extra.length === 0 ? own : own.concat(extra)
}

/** Subject selectors: a CNP's is always in its namespace, whatever it says (utils.go ParseToCiliumRule). */
export function subjectConditions(selector: Selector, scope: Scope): readonly Condition[] | undefined {
  const own: readonly Requirement[] = selector.requirements
  if (scope.clusterwide) return own
  if (scope.namespace === undefined) return undefined
  const kept = own.filter(c => !(c.source === 'k8s' && c.key === NAMESPACE && isLabel(c)))
  return trimmed([...kept, k8s(NAMESPACE, scope.namespace)])
}

/** A requirement that was written under matchLabels: its node is the value. */
const isLabel = (c: Requirement): boolean => c.node.kind === 'scalar'
