// A cluster followed by a test: what was told so far, and waiting for what is told next.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import type { Patience } from '../../server/src/cluster/access.ts'
import { connectCluster } from '../../server/src/cluster/main.ts'
import type { Inventory } from '../../server/src/workspace/inventory.ts'
import type { Cluster, ClusterOptions, ClusterStatus } from '../../server/src/workspace/live.ts'

/** A folder for this test file's kubeconfigs. */
export const folder = mkdtempSync(join(tmpdir(), 'cilium-policy-'))
const open: (() => Promise<void> | void)[] = []
after(async () => {
  for (const close of open.reverse()) await close()
  rmSync(folder, { recursive: true, force: true })
})

/** Runs when all tests of the file are over, last come first. */
export function atEnd(close: () => Promise<void> | void): void {
  open.push(close)
}

let files = 0

/** Writes a file of its own; returns its path. */
export function file(text: string, name = `config-${files++}`): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

/** A value as text, policies by their texts. */
export function plainText(value: unknown): string {
  return JSON.stringify(value, (key, item) => (key === 'documents' ? undefined : item)) ?? ''
}

export interface Followed {
  readonly cluster: Cluster
  readonly statuses: readonly ClusterStatus[]
  readonly inventories: readonly (Inventory | undefined)[]
  /** The last status, once it has that state (and fits). */
  status(state: string, fits?: (status: ClusterStatus) => boolean): Promise<ClusterStatus>
  /** The last inventory, once it fits. */
  inventory(fits: (inventory: Inventory) => boolean): Promise<Inventory>
}

/** Milliseconds after which something that was to come counts as never coming; long, as machines may be busy. */
const LONGEST = 60_000

/** Follows the cluster that the options name until all tests of the file are over. */
export async function follow(options: Partial<ClusterOptions>, patience?: Patience): Promise<Followed> {
  const statuses: ClusterStatus[] = []
  const inventories: (Inventory | undefined)[] = []
  const watchers = new Set<() => void>()
  const push = <T>(list: T[], value: T) => {
    list.push(value)
    for (const watcher of [...watchers]) watcher()
  }
  const cluster = await connectCluster(
    { kubeconfig: '', context: '', folders: [], trusted: true, ...options },
    { status: s => push(statuses, s), inventory: i => push(inventories, i) },
    patience,
  )
  atEnd(() => cluster.stop())
  const until = <T>(list: readonly (T | undefined)[], fits: (value: T) => boolean) =>
    new Promise<T>((resolve, reject) => {
      const last = () => plainText(list.at(-1))?.slice(0, 2000)
      const timer = setTimeout(() => reject(new Error(`never came; last: ${last()}`)), LONGEST)
      const look = () => {
        const value = list.at(-1)
        if (value === undefined || !fits(value)) return
        clearTimeout(timer)
        watchers.delete(look)
        resolve(value)
      }
      watchers.add(look)
      look()
    })
  return {
    cluster,
    statuses,
    inventories,
    status: (state, fits = () => true) => until(statuses, s => s.state === state && fits(s)),
    inventory: fits => until(inventories, fits),
  }
}
