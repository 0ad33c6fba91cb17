// What a live cluster tells those who asked for it: how things are, and what is in it.

import type { Inventory } from './inventory.ts'

/** One word for how things are with the cluster. */
export type ClusterState = 'off' | 'connecting' | 'live' | 'partly' | 'stale' | 'failed'

/** For the status item: a few words, and the sentences behind them. */
export interface ClusterStatus {
  readonly state: ClusterState
  readonly text: string
  readonly tooltip: string
  /** The context in use, where there is one. */
  readonly context?: string
}

export interface ClusterOptions {
  /** Path of the kubeconfig; empty: as kubectl finds it. */
  readonly kubeconfig: string
  /** Empty: the kubeconfig's current context. */
  readonly context: string
  /** Paths of the workspace folders: programs named by a kubeconfig in them are never started. */
  readonly folders: readonly string[]
  /** Whether the user trusts the workspace: only then programs named by a kubeconfig are started. */
  readonly trusted: boolean
  /** The command asks, which has flags where an editor has settings. */
  readonly byFlags?: true
}

/** Who is told; inventories at most about twice a second. */
export interface ClusterListener {
  status(status: ClusterStatus): void
  /** undefined: what was told before is of another cluster and no longer counts. */
  inventory(inventory: Inventory | undefined): void
}

/** A connection that runs until it is stopped. */
export interface Cluster {
  /** What is known now as one Kubernetes List in YAML: only what the product reads. undefined: nothing yet. */
  snapshot(): string | undefined
  stop(): void
}
