// The live cluster for a command: connected once, read completely, left.

import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Inventory } from '../workspace/inventory.ts'
import type { Cluster, ClusterStatus } from '../workspace/live.ts'
import { CannotRun, type WorldValues } from './options.ts'

/** Milliseconds after which a cluster that does not answer is given up. */
const PATIENCE = 30_000

/** Everything that may be read in the cluster; what may not is said on standard error. */
export async function readCluster(values: WorldValues): Promise<Inventory> {
  return (await once(values)).inventory
}

/** The cluster's inventory as a List in YAML. */
export async function clusterSnapshot(values: WorldValues): Promise<string> {
  return (await once(values)).text
}

async function once(values: WorldValues): Promise<{ readonly inventory: Inventory; readonly text: string }> {
  const { connectCluster } = await import('../cluster/main.ts')
  const kubeconfig = values.kubeconfig === undefined ? '' : pathToFileURL(resolve(values.kubeconfig)).href
  const options = { kubeconfig, context: values.context ?? '', folders: [], trusted: true, byFlags: true } as const
  let cluster: Cluster | undefined
  let last: Inventory | undefined
  const status = await new Promise<ClusterStatus>((done, give) => {
    const timer = setTimeout(() => give(new CannotRun('the cluster did not answer within 30 seconds')), PATIENCE)
    const finish = (status: ClusterStatus) => {
      clearTimeout(timer)
      done(status)
    }
    const listener = {
      status: (status: ClusterStatus) => {
        if (['failed', 'off', 'stale'].includes(status.state)) finish(status)
        else if (status.state !== 'connecting' && last) finish(status)
      },
      inventory: (inventory: Inventory | undefined) => {
        last = inventory
      },
    }
    connectCluster(options, listener).then(connected => {
      cluster = connected
    }, give)
  })
  const text = cluster?.snapshot()
  cluster?.stop()
  if (!last || text === undefined) throw new CannotRun(`cannot read the cluster: ${status.tooltip}`)
  for (const gap of last.gaps) process.stderr.write(`cilium-policy: ${gap}\n`)
  return { inventory: last, text }
}
