// The labels that make an identity: those of a pod as Cilium keeps them, and of everything else by name.

import type { LabelFilter } from './labelFilter.ts'

/** `source:key=value`. */
export interface CiliumLabel {
  readonly source: string
  readonly key: string
  readonly value: string
}

/** Keys that pods cannot give themselves (pkg/k8s/pod.go GetPodMetadata). */
const CILIUM_OWN = 'io.cilium.k8s.'

/** What a pod's identity is made of. */
export interface PodIdentity {
  readonly namespace: string
  /** Empty: it has none. */
  readonly serviceAccount: string
  readonly cluster: string
  readonly labels: Readonly<Record<string, string>>
  readonly namespaceLabels: Readonly<Record<string, string>>
  readonly keeps: LabelFilter
  /** What the agent itself says: it wins over everything else. */
  readonly identity?: readonly CiliumLabel[] | undefined
}

/** The labels of a pod's identity, all of source `k8s` (pkg/k8s GetPodMetadata). */
export function podLabels(pod: PodIdentity): readonly CiliumLabel[] {
  if (pod.identity) return pod.identity
  const made = new Map<string, string>()
  for (const [key, value] of Object.entries(pod.labels)) if (!key.startsWith(CILIUM_OWN)) made.set(key, value)
  for (const [key, value] of Object.entries(pod.namespaceLabels))
    made.set(`io.cilium.k8s.namespace.labels.${key}`, value)
  made.set('io.kubernetes.pod.namespace', pod.namespace)
  if (pod.serviceAccount !== '') made.set('io.cilium.k8s.policy.serviceaccount', pod.serviceAccount)
  made.set('io.cilium.k8s.policy.cluster', pod.cluster)
  return [...made].filter(([key]) => pod.keeps(key)).map(([key, value]) => ({ source: 'k8s', key, value }))
}

/**
 * The labels that an agent has given an endpoint, from its texts ("k8s:app=web", "reserved:host"). undefined when there are none or
 * they are those of a pod that is still being set up (`reserved:init`).
 */
export function identityLabels(texts: readonly string[]): readonly CiliumLabel[] | undefined {
  const labels = texts.flatMap(text => {
    const parts = /^([^:=]*):([^=]*)=?(.*)$/s.exec(text)
    return parts ? [{ source: parts[1] ?? '', key: parts[2] ?? '', value: parts[3] ?? '' }] : []
  })
  const starting = labels.some(l => l.source === 'reserved' && l.key === 'init')
  return labels.length === 0 || starting ? undefined : labels
}

/** Labels by key. */
export function byKey(labels: readonly CiliumLabel[]): ReadonlyMap<string, readonly CiliumLabel[]> {
  const map = new Map<string, CiliumLabel[]>()
  for (const l of labels) {
    const list = map.get(l.key)
    if (list) list.push(l)
    else map.set(l.key, [l])
  }
  return map
}

/** `reserved:<name>`. */
export const reserved = (name: string): CiliumLabel => ({ source: 'reserved', key: name, value: '' })
