// What the features know of the cluster: everything known, the version in force, and which pods a selector matches.

import { memo } from '../memo.ts'
import type { Policy } from '../model/policy.ts'
import type { Version } from '../model/version.ts'
import { type CiliumConfig, configFrom } from '../workspace/config.ts'
import type {
  CidrGroup,
  ClusterNode,
  Endpoint,
  Namespace,
  Service,
  ServiceAccount,
} from '../workspace/inventory.ts'
import type { Snapshot } from '../workspace/snapshot.ts'

export interface World {
  readonly snapshot: Snapshot
  readonly version: Version
  readonly config: CiliumConfig
  readonly endpoints: readonly Endpoint[]
  readonly namespaces: readonly Namespace[]
  readonly serviceAccounts: readonly ServiceAccount[]
  readonly services: readonly Service[]
  readonly nodes: readonly ClusterNode[]
  readonly cidrGroups: readonly CidrGroup[]
}

/** All that is known in a snapshot. */
export const worldOf: (snapshot: Snapshot) => World = memo(snapshot => {
  const all = snapshot.inventories
  const version = snapshot.settings.ciliumVersion === 'auto' ? '1.20' : snapshot.settings.ciliumVersion
  return {
    snapshot,
    version,
    config: configFrom(version, snapshot.settings.config),
    endpoints: all.flatMap(i => i.endpoints),
    namespaces: all.flatMap(i => i.namespaces),
    serviceAccounts: all.flatMap(i => i.serviceAccounts),
    services: all.flatMap(i => i.services),
    nodes: all.flatMap(i => i.nodes),
    cidrGroups: all.flatMap(i => i.cidrGroups),
  }
})

/** The effective namespace of a policy; undefined when unknown or clusterwide. */
export function namespaceOf(_snapshot: Snapshot, policy: Policy): string | undefined {
  return policy.clusterwide ? undefined : policy.namespace?.value
}
