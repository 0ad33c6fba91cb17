// What of a policy is applied in the live cluster: for code lenses, and the texts of policies that are only there.

import { memo } from '../memo.ts'
import { policies } from '../model/lower.ts'
import type { Policy } from '../model/policy.ts'
import { inOrder, plainValue, printCanonical } from '../syntax/canonical.ts'
import { at, get, items, str } from '../syntax/node.ts'
import type { Plain } from '../syntax/print.ts'
import { kustomizationFiles } from '../workspace/documents.ts'
import type { Inventory } from '../workspace/inventory.ts'
import { effectiveNamespace } from '../workspace/namespace.ts'
import type { Snapshot } from '../workspace/snapshot.ts'

/** URIs of policies that are only in a cluster have this scheme; the editor asks the server for their texts. */
export const CLUSTER_SCHEME = 'cilium-policy-cluster'

/** How a policy stands to what is applied. `uri`: the applied one; `ours`: ours, spelled alike, so that a diff shows only differences. */
export interface Applied {
  readonly title: string
  readonly uri: string | undefined
  readonly ours: string | undefined
}

interface InCluster {
  readonly policy: Policy
  readonly uri: string
}

const byName = memo((inventory: Inventory): ReadonlyMap<string, InCluster> => {
  const found = new Map<string, InCluster>()
  for (const file of inventory.policies)
    for (const policy of file.documents.flatMap(d => policies(d)))
      found.set(keyOf(policy, policy.namespace?.value), { policy, uri: file.uri })
  return found
})

const kindOf = (policy: Policy): string =>
  policy.clusterwide ? 'CiliumClusterwideNetworkPolicy' : 'CiliumNetworkPolicy'
const keyOf = (policy: Policy, namespace: string | undefined): string =>
  `${kindOf(policy)} ${policy.clusterwide ? '' : namespace}/${policy.name?.value}`

/**
 * What to say of a policy of the workspace; nothing without a live cluster, or where its policies may not be read, or where tools
 * on the way to the cluster may rename or change it.
 */
export function* applied(snapshot: Snapshot, policy: Policy): Generator<Applied> {
  const cluster = snapshot.inventories.find(i => i.origin.kind === 'cluster')
  const namespace = policy.clusterwide ? '' : effectiveNamespace(snapshot, policy)?.namespace
  if (!cluster || !policy.name || namespace === undefined || cluster.unread?.includes(kindOf(policy))) return
  const where = cluster.origin.name
  const found = byName(cluster).get(keyOf(policy, namespace))
  const mine = specOf(policy)
  if (!found) {
    if (mine !== undefined && !isRewritten(snapshot.files))
      yield { title: `not applied in ${where}`, uri: undefined, ours: undefined }
    return
  }
  const ours = `${found.uri}?ours`
  if (mine !== undefined && mine === specOf(found.policy))
    yield { title: `applied in ${where}`, uri: found.uri, ours: undefined }
  else if (mine !== undefined && !isRewritten(snapshot.files))
    yield { title: `differs from what is applied in ${where}`, uri: found.uri, ours }
  const why = rejection(found.policy)
  if (why !== undefined) yield { title: `rejected by the agent: ${why}`, uri: found.uri, ours: undefined }
}

/** `spec` and `specs` in one spelling, with what the API server fills in; undefined when a part is not known. */
function specOf(policy: Policy): string | undefined {
  if (policy.document.errors.length > 0) return undefined
  const parts = ['spec', 'specs'].map(key => plainValue(get(policy.root, key)))
  if (parts.some(p => p === undefined)) return undefined
  return JSON.stringify(parts.map(p => inOrder(filledIn(p ?? null))))
}

/** ICMP fields without a family get IPv4: the one default of the CRD. */
function filledIn(value: Plain, under = ''): Plain {
  if (typeof value !== 'object' || value === null) return value
  if (isList(value)) return value.map(item => filledIn(item, `${under}[]`))
  const filled = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filledIn(item, key)]))
  return under === 'fields[]' && !('family' in filled) ? { ...filled, family: 'IPv4' } : filled
}

const isList = (value: Plain): value is readonly Plain[] => Array.isArray(value)

/** What the operator says of a policy that the agents refuse (`status.conditions`, type Valid). */
function rejection(policy: Policy): string | undefined {
  for (const c of items(at(policy.root, ['status', 'conditions'])))
    if (str(get(c, 'type')) === 'Valid' && str(get(c, 'status')) === 'False')
      return str(get(c, 'message')) ?? 'no reason is given'
  return undefined
}

const CHANGES = [
  'namePrefix',
  'nameSuffix',
  'patches',
  'patchesStrategicMerge',
  'patchesJson6902',
  'replacements',
  'vars',
]

/** Whether a kustomization of the workspace renames or patches what it delivers. */
const isRewritten = memo((files: Snapshot['files']): boolean =>
  kustomizationFiles(files).some(file => file.documents.some(d => CHANGES.some(key => get(d.root, key) !== undefined))),
)

/** The text behind a URI of CLUSTER_SCHEME; undefined when there is none any more. `same` compares two spellings of a URI. */
export function clusterText(
  snapshot: Snapshot,
  uri: string,
  same: (a: string, b: string) => boolean,
): string | undefined {
  const [base = ''] = uri.split('?')
  const cluster = snapshot.inventories.find(i => i.origin.kind === 'cluster')
  const file = cluster?.policies.find(f => same(f.uri, base))
  if (!file || !uri.includes('?ours')) return file?.text
  const [theirs] = file.documents.flatMap(d => policies(d))
  if (!theirs) return undefined
  for (const f of snapshot.files.values())
    for (const policy of f.documents.flatMap(d => policies(d))) {
      const namespace = policy.clusterwide ? '' : effectiveNamespace(snapshot, policy)?.namespace
      if (keyOf(policy, namespace) === keyOf(theirs, theirs.namespace?.value)) return ourText(policy, namespace)
    }
  return undefined
}

function ourText(policy: Policy, namespace: string | undefined): string {
  const root = (key: string) => plainValue(get(policy.root, key))
  const labels = plainValue(at(policy.root, ['metadata', 'labels']))
  const metadata = {
    name: policy.name?.value ?? '',
    ...(namespace ? { namespace } : {}),
    ...(labels ? { labels } : {}),
  }
  const parts = ['spec', 'specs'].flatMap(key => {
    const value = root(key)
    return value === null || value === undefined ? [] : [[key, value] as const]
  })
  return printCanonical({
    apiVersion: 'cilium.io/v2',
    kind: kindOf(policy),
    metadata,
    ...Object.fromEntries(parts),
  })
}
