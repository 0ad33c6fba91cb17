// The endpoints, namespaces, service accounts, services, nodes and CIDR groups that are known, and from where.

import type { CiliumLabel } from '../model/labels.ts'
import type { ContainerPort } from '../model/resource.ts'
import type { Place } from '../syntax/problem.ts'

/** Where an item of the inventory comes from: "cluster kind-kind", "inventory.yaml", "the workspace". */
export interface Origin {
  readonly kind: 'cluster' | 'file' | 'workspace'
  readonly name: string
}

/** Something with an identity: a pod, or the pods of a manifest that has not been applied here. */
export interface Endpoint {
  readonly namespace: string
  readonly name: string
  /** `Pod`, or the kind of the manifest. */
  readonly type: string
  /** The workload behind a pod, where known ("Deployment/web"; ReplicaSet hashes are taken off). */
  readonly workload: string | undefined
  readonly serviceAccount: string
  /** A pod of a cluster for which none is written (a static pod): its identity has no account. */
  readonly withoutAccount?: boolean
  readonly hostNetwork: boolean
  /** Pod labels as written. The identity's labels are made by `model/labels.ts`. */
  readonly labels: Readonly<Record<string, string>>
  /** The labels of its identity as the agent says them (CiliumEndpoint), where known: they win over what is derived. */
  readonly identity?: readonly CiliumLabel[] | undefined
  readonly ports: readonly ContainerPort[]
  readonly addresses: readonly string[]
  readonly node: string | undefined
  readonly origin: Origin
  readonly place: Place | undefined
}

export interface Namespace {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly origin: Origin
}

export interface ServiceAccount {
  readonly name: string
  readonly namespace: string
  readonly origin: Origin
}

export interface ServicePort {
  readonly name: string | undefined
  readonly port: number
  readonly targetPort: number | string
  readonly protocol: 'TCP' | 'UDP' | 'SCTP'
}

export interface Service {
  readonly name: string
  readonly namespace: string
  readonly labels: Readonly<Record<string, string>>
  /** undefined: a service without selector. */
  readonly selector: Readonly<Record<string, string>> | undefined
  readonly ports: readonly ServicePort[]
  readonly clusterIPs: readonly string[]
  readonly type: string
  /** Addresses of its endpoint slices or Endpoints object. */
  readonly endpoints: readonly string[]
  readonly origin: Origin
}

export interface ClusterNode {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly addresses: readonly string[]
  readonly controlPlane: boolean
  readonly origin: Origin
}

export interface CidrGroup {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly cidrs: readonly string[]
  readonly origin: Origin
}

/** One source's picture of the cluster. */
export interface Inventory {
  readonly origin: Origin
  readonly endpoints: readonly Endpoint[]
  readonly namespaces: readonly Namespace[]
  readonly serviceAccounts: readonly ServiceAccount[]
  readonly services: readonly Service[]
  readonly nodes: readonly ClusterNode[]
  readonly cidrGroups: readonly CidrGroup[]
  /** Keys of the `cilium-config` ConfigMap, where known. */
  readonly config: Readonly<Record<string, string>>
  /** "1.19.4", from the agent's image, where known. */
  readonly ciliumVersion: string | undefined
  /** Texts of the policies that are only in the cluster or inventory: files of their own for verdicts. */
  readonly policies: readonly import('../syntax/file.ts').File[]
  /** What could not be read and why, one sentence each. */
  readonly gaps: readonly string[]
  /** Kinds of which nothing is known (forbidden, not served): what is not in the picture may be there all the same. */
  readonly unread?: readonly string[]
}

/** Container ports with the names that the agent knows; without any of those the names of the pod. */
export function withNames(ports: readonly ContainerPort[], named: readonly ContainerPort[]): readonly ContainerPort[] {
  if (named.length === 0) return ports
  const known = new Set(named.map(p => `${p.port}/${p.protocol}`))
  return [...named, ...ports.filter(p => p.name === undefined && !known.has(`${p.port}/${p.protocol}`))]
}
