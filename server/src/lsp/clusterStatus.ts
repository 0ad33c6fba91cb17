// How things are with the cluster as the editor is told: with the inventory file, which stands in for a cluster or beside it.

import { count } from '../features/words.ts'
import type { Status } from '../protocol.ts'
import type { Inventory } from '../workspace/inventory.ts'

/** The status of the cluster together with the inventory file in use, if there is one. */
export function withInventoryFile(status: Status, file: Inventory | undefined): Status {
  if (!file) return status
  const { name } = file.origin
  const use = ['off', 'failed'].includes(status.state) ? 'is used instead' : 'is used beside it'
  const tooltip = `${status.tooltip} The inventory file ${name} ${use}: ${contents(file)}.`
  const text = status.state === 'off' ? `inventory file ${name}` : status.text
  return { ...status, text, tooltip, inventoryFile: name }
}

/** "12 pods, 4 service accounts, 3 namespaces, Cilium 1.19.4". */
function contents({ endpoints, serviceAccounts, namespaces, ciliumVersion }: Inventory): string {
  const parts = [
    count(endpoints.length, 'pod'),
    count(serviceAccounts.length, 'service account'),
    count(namespaces.length, 'namespace'),
    ...(ciliumVersion === undefined ? [] : [`Cilium ${ciliumVersion}`]),
  ]
  return parts.join(', ')
}
