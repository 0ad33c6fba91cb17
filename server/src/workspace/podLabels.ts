// The labels of a pod's identity, remembered as long as the pod and its namespace's labels stay: in a big cluster few pods change at a time.

import { memo } from '../memo.ts'
import { byKey, podLabels } from '../model/labels.ts'
import { type LabelSet, NAMESPACE_LABELS, SERVICE_ACCOUNT } from '../model/selector.ts'
import type { Endpoint } from './inventory.ts'

type Labels = Readonly<Record<string, string>>

/** Stands for the labels of a namespace that nobody has seen. */
const UNSEEN: Labels = {}

const remembered = memo((endpoint: Endpoint) =>
  memo((namespaceLabels: Labels) => {
    const byCluster = new Map<string, LabelSet>()
    return (cluster: string): LabelSet => {
      const known = byCluster.get(cluster)
      if (known) return known
      const made = make(endpoint, namespaceLabels, cluster)
      byCluster.set(cluster, made)
      return made
    }
  }),
)

/**
 * The labels of a pod that has an identity of its own (not hostNetwork): as the agent says, else as it would make them. Labels of a
 * namespace that nobody has seen are open, but for its name.
 */
export function identityOf(endpoint: Endpoint, namespaceLabels: Labels | undefined, cluster: string): LabelSet {
  return remembered(endpoint)(namespaceLabels ?? UNSEEN)(cluster)
}

/** The labels that all pods of a namespace have, once for all of them: there may be ten thousand. */
const shared = memo((namespaceLabels: Labels) => {
  const made = new Map<string, LabelSet['labels']>()
  return (namespace: string, cluster: string): LabelSet['labels'] => {
    const key = `${namespace} ${cluster}`
    const known = made.get(key)
    if (known) return known
    const all = byKey(podLabels({ namespace, serviceAccount: '', labels: {}, cluster, namespaceLabels }))
    const found = new Map([...all].filter(([k]) => k !== SERVICE_ACCOUNT))
    made.set(key, found)
    return found
  }
})

function make(endpoint: Endpoint, seen: Labels, cluster: string): LabelSet {
  const { namespace, labels, serviceAccount, withoutAccount, identity } = endpoint
  if (identity) return { labels: byKey(identity), open: false }
  const account = withoutAccount ? '' : serviceAccount
  const namespaceLabels = seen === UNSEEN ? { 'kubernetes.io/metadata.name': namespace } : seen
  const own = byKey(podLabels({ namespace, serviceAccount: account, labels, cluster, namespaceLabels: {} }))
  const set = { labels: new Map([...own, ...shared(namespaceLabels)(namespace, cluster)]), open: false }
  return seen === UNSEEN ? { ...set, openBelow: NAMESPACE_LABELS } : set
}
