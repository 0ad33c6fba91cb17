// The live cluster: reads and watches what the product needs of it, and tells of changes. Loaded only when a cluster is used.

import { statSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import type { Cluster, ClusterListener, ClusterOptions, ClusterStatus } from '../workspace/live.ts'
import { PATIENCE, type Patience } from './access.ts'
import { type Follower, startFollower } from './follower.ts'
import { contextsOf, kubeconfigPaths, type Loaded, loadKubeconfig } from './kubeconfig.ts'

export { contextsOf }

/** Milliseconds between two looks at the kubeconfig files. */
const LOOK = 2_000
/** Milliseconds after which a broken kubeconfig is read again: it may have been in the middle of being written. */
const AGAIN = 1_000

/**
 * Connects to the cluster that the options name and follows it until it is stopped; the kubeconfig may change, appear and go. Only
 * lists and watches; never asks for Secrets. Resolves at once, never rejects: what goes wrong is told as a status, and tried again.
 */
export async function connectCluster(
  options: ClusterOptions,
  listener: ClusterListener,
  patience: Patience = PATIENCE,
): Promise<Cluster> {
  let follower: Follower | undefined
  let stopped = false
  let again: NodeJS.Timeout | undefined
  const leave = () => {
    follower?.stop()
    if (follower) listener.inventory(undefined)
    follower = undefined
  }
  const look = (patient: boolean) => {
    if (stopped) return
    clearTimeout(again)
    const loaded = loadKubeconfig(options)
    if (loaded.kind !== 'config') {
      if (follower && patient) {
        again = setTimeout(look, AGAIN, false)
        return
      }
      leave()
      listener.status(withoutCluster(loaded, options))
    } else if (!follower?.goOn(loaded)) {
      leave()
      collectEarly()
      follower = startFollower(loaded, listener, patience)
    }
  }
  const paths = kubeconfigPaths(options.kubeconfig)
  // Looked at before it is read: what is written in between counts as a change.
  let seen = stampOf(paths)
  look(false)
  const timer = setInterval(() => {
    const now = stampOf(paths)
    if (now === seen) return
    seen = now
    look(true)
  }, LOOK)
  timer.unref()
  return {
    snapshot: () => follower?.snapshot(),
    stop: () => {
      stopped = true
      clearTimeout(again)
      clearInterval(timer)
      follower?.stop()
    },
  }
}

/**
 * A big cluster's pictures come and go every second. Collected early they do not pile up: V8 would let the heap double, and the space for
 * new objects grow eightfold.
 */
function collectEarly(): void {
  setFlagsFromString('--heap-growing-percent=30')
  setFlagsFromString('--semi-space-growth-factor=1')
}

/** What changes when one of the files is written, made or removed. */
function stampOf(paths: readonly string[]): string {
  return paths
    .map(path => {
      try {
        const { mtimeMs, size, ino } = statSync(path)
        return `${mtimeMs} ${size} ${ino}`
      } catch {
        return ''
      }
    })
    .join('|')
}

function withoutCluster(loaded: Exclude<Loaded, { kind: 'config' }>, { context }: ClusterOptions): ClusterStatus {
  if (loaded.kind === 'none') return { state: 'off', text: 'no cluster', tooltip: loaded.problem }
  return { state: 'failed', text: 'no cluster', tooltip: loaded.problem, ...(context === '' ? {} : { context }) }
}
