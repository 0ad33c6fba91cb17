// What features and rules know of the cluster: everything known, the version in force, and the namespace of a policy.

import { memo } from '../memo.ts'
import type { Policy } from '../model/policy.ts'
import type { Version } from '../model/version.ts'
import type { CiliumConfig } from './config.ts'
import { effectiveConfig } from './configuration.ts'
import type { Inventory } from './inventory.ts'
import { knowledge } from './knowledge.ts'
import { effectiveNamespace, whyUnknown } from './namespace.ts'
import { type Making, makingOf } from './podLabels.ts'
import type { Snapshot } from './snapshot.ts'

type Known = Pick<Inventory, 'endpoints' | 'namespaces' | 'serviceAccounts' | 'services' | 'nodes' | 'cidrGroups'>

export interface World extends Known {
  readonly snapshot: Snapshot
  readonly version: Version
  readonly config: CiliumConfig
}

/** All that is known in a snapshot. */
export const worldOf: (snapshot: Snapshot) => World = memo(snapshot => {
  const { version, config } = effectiveConfig(snapshot)
  const { endpoints, namespaces, serviceAccounts, services, nodes, cidrGroups } = knowledge(snapshot)
  return { snapshot, version, config, endpoints, namespaces, serviceAccounts, services, nodes, cidrGroups }
})

/** How agents make identities here. */
export function makingIn(snapshot: Snapshot): Making {
  const { version, config } = effectiveConfig(snapshot)
  return makingOf(version, config)
}

/** The effective namespace of a policy; undefined when unknown or clusterwide. */
export function namespaceOf(snapshot: Snapshot, policy: Policy): string | undefined {
  return effectiveNamespace(snapshot, policy)?.namespace
}

/** Why that is its namespace, or why none is known: part of a sentence. */
export function whyNamespace(snapshot: Snapshot, policy: Policy): string {
  return effectiveNamespace(snapshot, policy)?.why ?? whyUnknown(snapshot, policy)
}
