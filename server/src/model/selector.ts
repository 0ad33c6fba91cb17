// Selectors against labels: what Cilium adds to a selector for its place, and whether it matches, three-valued.

import type { CiliumLabel } from './labels.ts'
import type { Requirement, Selector } from './policy.ts'

/** yes, no, or not to be known from what is seen. */
export type Match = 'yes' | 'no' | 'maybe'

export const and = (a: Match, b: Match): Match =>
  a === 'no' || b === 'no' ? 'no' : a === 'maybe' || b === 'maybe' ? 'maybe' : 'yes'
export const or = (a: Match, b: Match): Match =>
  a === 'yes' || b === 'yes' ? 'yes' : a === 'maybe' || b === 'maybe' ? 'maybe' : 'no'

/** Labels to match against. `open`: there may be more labels than those listed (something implied by a selector). */
export interface LabelSet {
  readonly labels: ReadonlyMap<string, readonly CiliumLabel[]>
  readonly open: boolean
}

export const NAMESPACE = 'io.kubernetes.pod.namespace'
export const SERVICE_ACCOUNT = 'io.cilium.k8s.policy.serviceaccount'
export const CLUSTER = 'io.cilium.k8s.policy.cluster'
export const NAMESPACE_LABELS = 'io.cilium.k8s.namespace.labels.'

/** The part of a requirement that matching needs. */
export type Condition = Pick<Requirement, 'source' | 'key' | 'operator' | 'values'>

/** Whether one condition holds (pkg/k8s/slim labels Requirement.Matches, on `source.key`). */
export function holds(condition: Condition, set: LabelSet): Match {
  const named = set.labels.get(condition.key)
  const found = named?.filter(l => condition.source === 'any' || l.source === condition.source) ?? []
  if (found.length === 0 && set.open) return named?.length ? 'no' : 'maybe'
  const listed = found.some(l => condition.values.includes(l.value))
  switch (condition.operator) {
    case 'In':
      return listed ? 'yes' : 'no'
    case 'NotIn':
      return listed ? 'no' : 'yes'
    case 'Exists':
      return found.length ? 'yes' : 'no'
    case 'DoesNotExist':
      return found.length ? 'no' : 'yes'
  }
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

const k8s = (key: string, value: string): Condition => ({ source: 'k8s', key, operator: 'In', values: [value] })
const isK8s = (c: Condition): boolean => c.source === 'k8s' || c.source === 'any'

/** Peer selectors (pkg/k8s/apis/cilium.io/utils getEndpointSelector); undefined when the namespace would be needed and is unknown. */
export function peerConditions(selector: Selector, scope: Scope): readonly Condition[] | undefined {
  const own: readonly Condition[] = selector.requirements
  const extra: Condition[] = []
  const reserved = own.some(c => c.source === 'reserved')
  if (!reserved && !own.some(c => isK8s(c) && c.key === NAMESPACE)) {
    const byLabels = own.some(c => isK8s(c) && c.key.startsWith(NAMESPACE_LABELS))
    if (scope.clusterwide) {
      if (!scope.init) extra.push({ source: 'k8s', key: NAMESPACE, operator: 'Exists', values: [] })
    } else if (!byLabels) {
      if (scope.namespace === undefined) return undefined
      extra.push(k8s(NAMESPACE, scope.namespace))
    }
  }
  if (scope.cluster !== undefined && !reserved && !own.some(c => isK8s(c) && c.key === CLUSTER))
    extra.push(k8s(CLUSTER, scope.cluster))
  return [...own, ...extra]
}

/** Subject selectors: a CNP's is always in its namespace, whatever it says (utils.go ParseToCiliumRule). */
export function subjectConditions(selector: Selector, scope: Scope): readonly Condition[] | undefined {
  const own: readonly Requirement[] = selector.requirements
  if (scope.clusterwide) return own
  if (scope.namespace === undefined) return undefined
  const kept = own.filter(c => !(c.source === 'k8s' && c.key === NAMESPACE && isLabel(c)))
  return [...kept, k8s(NAMESPACE, scope.namespace)]
}

/** A requirement that was written under matchLabels: its node is the value. */
const isLabel = (c: Requirement): boolean => c.node.kind === 'scalar'
