// Selectors for the other side: who is meant, said from another namespace, in the style of the document that they go into.

import { stamped } from '../../memo.ts'
import { policies } from '../../model/lower.ts'
import type { Policy, Requirement, Selector } from '../../model/policy.ts'
import { CLUSTER, type Condition, NAMESPACE, NAMESPACE_LABELS, SERVICE_ACCOUNT } from '../../model/selector.ts'
import type { Document } from '../../syntax/file.ts'
import type { Plain } from '../../syntax/print.ts'

/** From where a selector is read: the namespace of a policy, or none for a clusterwide one. */
export interface Vantage {
  readonly clusterwide: boolean
  readonly namespace: string | undefined
}

/** A condition to be written. `label`: under matchLabels. */
export interface Term extends Condition {
  readonly label: boolean
  /** With its prefix, as it was written where it comes from. */
  readonly written: string
}

const isK8s = (c: Condition): boolean => c.source === 'k8s' || c.source === 'any'
const isNamespace = (c: Condition): boolean => isK8s(c) && c.key === NAMESPACE
const isCluster = (c: Condition): boolean => isK8s(c) && c.key === CLUSTER
const ofNamespaces = (c: Condition): boolean => isK8s(c) && c.key.startsWith(NAMESPACE_LABELS)
const isReserved = (c: Condition): boolean => c.source === 'reserved'

const termOf = (r: Requirement): Term => ({ ...r, label: r.node.kind === 'scalar' })

/** A condition on the namespace. */
export function inNamespace(namespace: string): Term {
  return {
    source: 'k8s',
    key: NAMESPACE,
    operator: 'In',
    values: [namespace],
    label: true,
    written: `k8s:${NAMESPACE}`,
  }
}

/** The identity that Cilium gives an entity: `reserved:ingress`. */
export const reservedTerm = (entity: string): Term => ({
  source: 'reserved',
  key: entity,
  operator: 'Exists',
  values: [],
  label: false,
  written: `reserved:${entity}`,
})

const anyNamespace: Term = {
  source: 'k8s',
  key: NAMESPACE,
  operator: 'Exists',
  values: [],
  label: false,
  written: `k8s:${NAMESPACE}`,
}

/** The pods that a rule selects, as peers of a policy elsewhere. */
export function peerTerms(subject: Selector, at: Vantage, from: Vantage): readonly Term[] {
  const own = subject.requirements.map(termOf)
  if (at.clusterwide) {
    if (own.some(isReserved) || own.some(isNamespace) || from.clusterwide) return own
    return own.some(ofNamespaces) ? own : [anyNamespace, ...own]
  }
  const rest = own.filter(t => !isNamespace(t))
  if (at.namespace === undefined || (!from.clusterwide && from.namespace === at.namespace)) return rest
  return [inNamespace(at.namespace), ...rest]
}

/** The pods that a rule selects, as the subject of another policy in its namespace. */
export function ownTerms(subject: Selector, clusterwide: boolean): readonly Term[] {
  const own = subject.requirements.map(termOf)
  return clusterwide ? own : own.filter(t => !isNamespace(t))
}

/** What a peer selector says beside namespaces and clusters: the subject of a policy in one of the namespaces. */
export function subjectTerms(peer: Selector): readonly Term[] {
  return peer.requirements.map(termOf).filter(t => !isNamespace(t) && !ofNamespaces(t) && !isCluster(t))
}

/** The namespaces that conditions name one by one; undefined when they do not. */
export function namedNamespaces(conditions: readonly Condition[]): readonly string[] | undefined {
  const lists = conditions.filter(
    c =>
      c.operator === 'In' &&
      (isNamespace(c) || (isK8s(c) && c.key === `${NAMESPACE_LABELS}kubernetes.io/metadata.name`)),
  )
  const [first, ...others] = lists
  return first?.values.filter(v => others.every(o => o.values.includes(v)))
}

/** Terms for labels that all must have these values. */
export function labelTerms(labels: Readonly<Record<string, string>>): readonly Term[] {
  return Object.entries(labels).map(([key, value]) => ({
    source: 'any',
    key,
    operator: 'In' as const,
    values: [value],
    label: true,
    written: key,
  }))
}

/** The selector as data, its keys with or without `k8s:` as in the document it is for. */
export function printSelector(terms: readonly Term[], document: Document): Plain {
  const labels: Record<string, Plain> = {}
  const expressions: Plain[] = []
  for (const t of terms) {
    const key = keyIn(document, t)
    const [value] = t.values
    if (t.label && value !== undefined && !Object.hasOwn(labels, key)) labels[key] = value
    else expressions.push({ key, operator: t.operator, ...(t.values.length > 0 ? { values: t.values } : {}) })
  }
  return {
    ...(Object.keys(labels).length > 0 ? { matchLabels: labels } : {}),
    ...(expressions.length > 0 ? { matchExpressions: expressions } : {}),
  }
}

/** The key as this document would write it: as it writes the same key, else as it writes most keys of its sort. */
function keyIn(document: Document, term: Term): string {
  if (!isK8s(term)) return term.written
  const habits = habitsOf(document)
  const known = habits.keys.get(term.key)
  if (known !== undefined) return known
  const own = habits[sortOf(term.key)]
  const { prefixed, bare } = own.prefixed + own.bare > 0 ? own : habits.label
  if (prefixed + bare === 0) return term.written
  return prefixed > bare ? `k8s:${term.key}` : term.key
}

/** Cilium's own keys (namespace, account, cluster) are often written with a prefix where labels are not. */
const sortOf = (key: string): 'own' | 'label' => (/^io\.(?:kubernetes|cilium)\./.test(key) ? 'own' : 'label')

/** Whether the document names pods by their service accounts. */
export const namesAccounts = (document: Document): boolean => habitsOf(document).keys.has(SERVICE_ACCOUNT)

/** How a port of every protocol is written here: as one entry with `ANY`, where there is such a one. */
export const writesAny: (document: Document) => boolean = stamped(document =>
  policies(document).some(policy =>
    policy.rules.some(rule =>
      rule.items.some(item => item.toPorts?.some(t => t.ports?.some(p => p.protocol?.value === 'ANY'))),
    ),
  ),
)

interface Count {
  prefixed: number
  bare: number
}

interface Habits {
  /** From a key without prefix to how it is written here. */
  readonly keys: ReadonlyMap<string, string>
  readonly own: Readonly<Count>
  readonly label: Readonly<Count>
}

const habitsOf: (document: Document) => Habits = stamped(document => {
  const keys = new Map<string, string>()
  const counts = { own: { prefixed: 0, bare: 0 }, label: { prefixed: 0, bare: 0 } }
  for (const r of policies(document).flatMap(requirementsOf)) {
    if (!isK8s(r)) continue
    if (!keys.has(r.key)) keys.set(r.key, r.written)
    counts[sortOf(r.key)][r.written.startsWith('k8s:') ? 'prefixed' : 'bare']++
  }
  return { keys, ...counts }
})

function requirementsOf(policy: Policy): readonly Requirement[] {
  return policy.rules.flatMap(rule => [
    ...(rule.endpointSelector?.requirements ?? []),
    ...(rule.nodeSelector?.requirements ?? []),
    ...rule.items.flatMap(item =>
      item.members.flatMap(m => m.peers.flatMap(p => (p.kind === 'endpoints' ? p.selector.requirements : []))),
    ),
  ])
}
