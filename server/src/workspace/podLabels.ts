// The labels of a pod's identity, remembered as long as the pod and its namespace's labels stay: in a big cluster few pods change at a time.

import { memo } from '../memo.ts'
import { type LabelFilter, labelFilter } from '../model/labelFilter.ts'
import { byKey, podLabels } from '../model/labels.ts'
import { type LabelSet, NAMESPACE_LABELS, SERVICE_ACCOUNT } from '../model/selector.ts'
import type { Version } from '../model/version.ts'
import type { CiliumConfig } from './config.ts'
import type { Endpoint } from './inventory.ts'

type Labels = Readonly<Record<string, string>>

/** What all identities of a cluster have in common. */
export interface Making {
  readonly cluster: string
  readonly keeps: LabelFilter
}

const makings = new Map<string, Making>()

/** How agents of that version and configuration make identities: one object for the same two. */
export function makingOf(version: Version, config: Pick<CiliumConfig, 'clusterName' | 'labelFilter'>): Making {
  const name = JSON.stringify([version, config.clusterName, config.labelFilter])
  const known = makings.get(name)
  if (known) return known
  const making = { cluster: config.clusterName, keeps: labelFilter(version, config.labelFilter) }
  makings.set(name, making)
  return making
}

/** Stands for the labels of a namespace that nobody has seen. */
const UNSEEN: Labels = {}

const remembered = memo((endpoint: Endpoint) =>
  memo((namespaceLabels: Labels) => {
    return memo((making: Making): LabelSet => make(endpoint, namespaceLabels, making))
  }),
)

/**
 * The labels of a pod that has an identity of its own (not hostNetwork): as the agent says, else as it would make them. Labels of a
 * namespace that nobody has seen are open, but for its name.
 */
export function identityOf(endpoint: Endpoint, namespaceLabels: Labels | undefined, making: Making): LabelSet {
  return remembered(endpoint)(namespaceLabels ?? UNSEEN)(making)
}

/** The labels that all pods of a namespace have, once for all of them: there may be ten thousand. */
const shared = memo((namespaceLabels: Labels) => {
  return memo((making: Making) => {
    const made = new Map<string, LabelSet['labels']>()
    return (namespace: string): LabelSet['labels'] => {
      const known = made.get(namespace)
      if (known) return known
      const all = byKey(podLabels({ namespace, serviceAccount: '', labels: {}, ...making, namespaceLabels }))
      const found = new Map([...all].filter(([k]) => k !== SERVICE_ACCOUNT))
      made.set(namespace, found)
      return found
    }
  })
})

function make(endpoint: Endpoint, seen: Labels, making: Making): LabelSet {
  const { namespace, labels, serviceAccount, withoutAccount, identity } = endpoint
  if (identity) return { labels: byKey(identity), open: false }
  const account = withoutAccount ? '' : serviceAccount
  const namespaceLabels = seen === UNSEEN ? { 'kubernetes.io/metadata.name': namespace } : seen
  const own = byKey(podLabels({ namespace, serviceAccount: account, labels, ...making, namespaceLabels: {} }))
  const set = { labels: new Map([...own, ...shared(namespaceLabels)(making)(namespace)]), open: false }
  return seen === UNSEEN ? { ...set, openBelow: NAMESPACE_LABELS } : set
}
