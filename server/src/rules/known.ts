// What is known so well that what is missing in it is not there: lists that an inventory file or the cluster gives whole.

import type { Endpoint, Inventory } from '../workspace/inventory.ts'
import type { Snapshot } from '../workspace/snapshot.ts'

type Kind = 'endpoints' | 'serviceAccounts' | 'services'

/**
 * Whether a source other than the workspace lists things of that kind in that namespace. What it does not list there does not
 * exist: such lists come from a cluster, or from kubectl, for a namespace or for all.
 */
export function listedIn(snapshot: Snapshot, kind: Kind, namespace: string): boolean {
  const some = (list: readonly { readonly namespace: string }[]) => list.some(o => o.namespace === namespace)
  return snapshot.inventories.some(i => some(i[kind]))
}

/** The same for what belongs to no namespace. */
export function listed(snapshot: Snapshot, kind: 'namespaces' | 'cidrGroups'): boolean {
  return snapshot.inventories.some((i: Inventory) => i[kind].length > 0)
}

/** "shop/web", or "Deployment shop/web" for a manifest. */
export function nameOf(e: Endpoint): string {
  return e.type === 'Pod' ? `${e.namespace}/${e.name}` : `${e.type} ${e.namespace}/${e.name}`
}
