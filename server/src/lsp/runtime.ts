// What the server needs of the world around it: files, a cluster, later turns of the event loop. Node and browser each bring their own.

import type { Cluster, ClusterListener, ClusterOptions } from '../workspace/live.ts'

/** All ways out of the server except the connection. None of them throws. */
export interface Runtime {
  /** The text of a file; undefined when there is none or it cannot be read. */
  read(uri: string): Promise<string | undefined>
  /** URIs of the *.yaml, *.yml and *.json files below a folder, in batches; `.git` and `node_modules` are not entered. */
  list(folder: string, skip: (path: string) => boolean): AsyncIterable<readonly string[]>
  /** Runs after what waits in the event loop (input and output first), without a timer. */
  defer(run: () => void): void
  /** Runs after so many milliseconds. */
  rest(milliseconds: number, run: () => void): void
  /** Called when all work is done and nothing happened for a while: memory that only the work needed may go back to the system. */
  readonly relax?: () => void
  /** Milliseconds of a clock that never goes back. */
  now(): number
  /** Watches a cluster; absent where there can be none (in a browser). `options.folders` are URIs here. */
  readonly connect?: (options: ClusterOptions, listener: ClusterListener) => Promise<Cluster>
  /** The contexts of a kubeconfig, by name, and the current one. */
  readonly contexts?: (kubeconfig: string) => Promise<Contexts>
}

/** What there is to choose from; `problem` says why nothing could be read. */
export interface Contexts {
  readonly contexts: readonly string[]
  readonly current: string | undefined
  readonly problem?: string
}
