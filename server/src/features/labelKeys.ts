// The label keys that Cilium gives a meaning to, and the prefixes that say where a label comes from.

import { CLUSTER, NAMESPACE, NAMESPACE_LABELS, SERVICE_ACCOUNT } from '../model/selector.ts'

export { CLUSTER, NAMESPACE, NAMESPACE_LABELS, SERVICE_ACCOUNT }

/** The label that every namespace has, with its name. */
export const NAMESPACE_NAME = `${NAMESPACE_LABELS}kubernetes.io/metadata.name`

export function isNamespaceKey(key: string): boolean {
  return key === NAMESPACE || key === NAMESPACE_NAME
}

export function isClusterKey(key: string): boolean {
  return key === CLUSTER
}

/** What the keys and prefixes mean, in words. */
export const KEY_WORDS: Readonly<Record<string, string>> = {
  [SERVICE_ACCOUNT]: 'The service account that a pod runs as: says who, whatever labels the pod wears.',
  [NAMESPACE]: 'The namespace of a pod.',
  [CLUSTER]: 'The cluster of a pod, in a mesh of clusters.',
  [NAMESPACE_NAME]: 'The namespace of a pod, by the label that every namespace has.',
}

export const SOURCE_WORDS: Readonly<Record<string, string>> = {
  k8s: 'Only labels from Kubernetes: of pods, of their namespaces, accounts and clusters.',
  any: 'Labels from any source; the same as no prefix.',
  reserved: "Cilium's own labels of well-known peers; their value is empty.",
  cidrgroup: 'Labels of CiliumCIDRGroups.',
  node: 'Labels of nodes.',
}

/** Splits `source:key` at its first colon; the source is undefined when none is written. */
export function splitSource(written: string): { readonly source: string | undefined; readonly key: string } {
  const colon = written.indexOf(':')
  if (colon === -1) return { source: undefined, key: written }
  return { source: written.slice(0, colon), key: written.slice(colon + 1) }
}
