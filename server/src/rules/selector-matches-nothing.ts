// Selectors that match no pod although all pods are known.

import type { LabelFilter } from '../model/labelFilter.ts'
import type { Policy, Requirement } from '../model/policy.ts'
import { NAMESPACE_LABELS } from '../model/selector.ts'
import type { Fix } from '../syntax/problem.ts'
import { suggest } from '../syntax/suggest.ts'
import type { Endpoint } from '../workspace/inventory.ts'
import { hostPods } from '../workspace/selection.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import { makingIn, worldOf } from '../workspace/world.ts'
import { renaming, wordSpan } from './common.ts'
import { elsewhere } from './cross-namespace-peer.ts'
import { listedIn } from './known.ts'
import { homeOf, type PodSelector, podSelectors } from './podSelectors.ts'
import type { Finding, WorkspaceRule } from './rule.ts'
import { changeValue, valueSpan } from './selectorValues.ts'

export const selectorMatchesNothing: WorkspaceRule = {
  id: 'selector-matches-nothing',
  scope: 'workspace',
  byWords: true,
  severity: 'warning',
  summary: 'A selector that matches no pod',
  why: 'All pods of the namespace are known, from the cluster or the inventory file, and none has these labels. Where a label is nearly right it is a warning; otherwise the pods may only not be there yet, and it is information.',
  source: 'pkg/policy/selectorcache.go (F29)',
  *check(policy, snapshot) {
    const { keeps } = makingIn(snapshot)
    for (const s of podSelectors(snapshot, policy)) {
      if (s.selected.pods.length > 0 || !allKnown(snapshot, s)) continue
      if (s.selector.requirements.some(r => isJudgedElsewhere(keeps, r))) continue
      if (elsewhere(snapshot, policy, s).length > 0) continue
      if (hostPods(worldOf(snapshot), homeOf(snapshot, policy), s.selector, s.as).length > 0) continue
      yield finding(policy, snapshot, s)
    }
  },
}

/** Accounts, dropped labels and labels of namespaces have rules of their own, or are not known so well. */
const isJudgedElsewhere = (keeps: LabelFilter, r: Requirement): boolean =>
  r.key.startsWith(NAMESPACE_LABELS) || (r.key !== 'io.kubernetes.pod.namespace' && !keeps(r.key))

function allKnown(snapshot: Snapshot, { namespaces, selector }: PodSelector): boolean {
  if (selector.requirements.length === 0) return false
  if (!namespaces) return snapshot.inventories.some(i => i.endpoints.length > 0)
  return namespaces.length > 0 && namespaces.every(n => listedIn(snapshot, 'endpoints', n))
}

function finding(policy: Policy, snapshot: Snapshot, s: PodSelector): Finding {
  const pods = worldOf(snapshot).endpoints.filter(e => !s.namespaces || s.namespaces.includes(e.namespace))
  const where = s.namespaces ? ` of ${s.namespaces.join(', ')}` : ''
  const near = nearest(policy, s, { pods, keeps: makingIn(snapshot).keeps })
  if (near)
    return { span: near.span, message: `no pod${where} matches this: did you mean ${near.word}?`, fixes: near.fixes }
  const first = s.selector.requirements[0]
  return {
    span: first ? first.keyNode.span : wordSpan(s.selector.node),
    severity: 'information',
    message: `no pod${where} that is known matches this selector: check its labels if the pods are there`,
  }
}

/** One key or value that is nearly one of the pods', all other conditions being right for that pod. */
function nearest(policy: Policy, s: PodSelector, among: { pods: readonly Endpoint[]; keeps: LabelFilter }) {
  const { pods, keeps } = among
  const own = s.selector.requirements.filter(r => keeps(r.key))
  for (const r of own) {
    const [value] = r.values
    if (r.operator !== 'In' || value === undefined || r.values.length > 1) continue
    const others = own.filter(o => o !== r)
    const fitting = pods.filter(p => !p.hostNetwork && others.every(o => fits(o, p)))
    const values = fitting.flatMap(p => p.labels[r.key] ?? [])
    const better = suggest(value, values)
    if (better)
      return { span: valueSpan(r, value), word: better, fixes: changeValue(policy, r, { from: value, to: better }) }
    const keys = fitting.flatMap(p => Object.keys(p.labels).filter(k => p.labels[k] === value))
    const key = values.length === 0 ? suggest(r.key, keys) : undefined
    if (key) return { span: r.keyNode.span, word: key, fixes: rename(policy, r, key) }
  }
  return undefined
}

function fits(r: Requirement, pod: Endpoint): boolean {
  const value = pod.labels[r.key]
  if (r.operator === 'In') return value !== undefined && r.values.includes(value)
  if (r.operator === 'NotIn') return value === undefined || !r.values.includes(value)
  return (value !== undefined) === (r.operator === 'Exists')
}

function rename(policy: Policy, r: Requirement, key: string): Fix[] {
  return renaming(policy, r, r.written.endsWith(r.key) ? r.written.slice(0, -r.key.length) + key : key)
}
