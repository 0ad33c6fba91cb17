// What a document means: a policy, a workload, a namespace, … ; everything else is left alone.

import type { Document } from '../syntax/file.ts'
import type { MapNode, Node } from '../syntax/node.ts'
import type { Policy, Sourced } from './policy.ts'

/** Something that runs pods: a Pod, or an object with a pod template. */
export interface Workload {
  readonly kind: 'workload'
  readonly document: Document
  readonly root: MapNode
  /** `Pod`, `Deployment`, … */
  readonly type: string
  readonly name: string
  readonly namespace: string | undefined
  readonly labels: Readonly<Record<string, string>>
  readonly serviceAccount: string
  readonly hostNetwork: boolean
  readonly ports: readonly ContainerPort[]
  /** Pods only: the addresses, the node and the workload that owns it ("Deployment/web"), where known. */
  readonly addresses: readonly string[]
  readonly node: string | undefined
  readonly owner: { readonly kind: string; readonly name: string } | undefined
  /** Pods only: succeeded or failed pods have no endpoint any more. */
  readonly finished: boolean
}

export interface ContainerPort {
  readonly name: string | undefined
  readonly port: number
  readonly protocol: 'TCP' | 'UDP' | 'SCTP'
  /** A port of a restartable init container: Cilium does not know its name. */
  readonly sidecar?: boolean
}

/** Any other Kubernetes object that the inventory reads. Field values are plain data, checked by the reader. */
export interface PlainObject {
  readonly kind:
    | 'namespace'
    | 'serviceAccount'
    | 'service'
    | 'endpointSlice'
    | 'node'
    | 'cidrGroup'
    | 'ciliumEndpoint'
    | 'ciliumIdentity'
    | 'configMap'
    | 'daemonSet'
  readonly document: Document
  readonly root: MapNode
  readonly name: string
  readonly namespace: string | undefined
  readonly labels: Readonly<Record<string, string>>
  readonly nameNode: Node | undefined
}

/** Flux Kustomizations, kustomization.yaml, HelmReleases, Argo CD applications: what says how files reach the cluster. */
export interface Delivery {
  readonly kind: 'kustomization' | 'fluxKustomization' | 'helmRelease' | 'application'
  readonly document: Document
  readonly root: MapNode
  readonly name: Sourced<string> | undefined
}

export type Resource = Policy | Workload | PlainObject | Delivery
