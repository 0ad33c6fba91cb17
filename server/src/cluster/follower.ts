// Follows one cluster: mirrors every kind, gathers changes, and tells of them as inventories and statuses.

import { setMaxListeners } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import type { Inventory } from '../workspace/inventory.ts'
import type { ClusterListener, ClusterStatus } from '../workspace/live.ts'
import { createAccess, type Patience } from './access.ts'
import { type Converter, createConverter, type Objects } from './inventory.ts'
import { KINDS } from './kinds.ts'
import type { Chosen } from './kubeconfig.ts'
import { printList } from './print.ts'
import { type Reflector, reflect } from './reflector.ts'
import { gapsOf, isSettled, lostSince, statusOf, time, type Where } from './status.ts'
import { createWake, watchClock } from './wake.ts'

/** Milliseconds in which changes are gathered: with what follows they are known within a second. */
const GATHER = 800

export interface Follower {
  /** Goes on with a kubeconfig that has changed, if it is still about the same cluster; else false. */
  goOn(chosen: Chosen): boolean
  /** What is known now as one List in YAML; undefined while it is being read. */
  snapshot(): string | undefined
  stop(): void
}

const wait = (milliseconds: number) => setTimeout(milliseconds, undefined, { ref: false })

/** Starts to follow the cluster that was chosen. */
export function startFollower(chosen: Chosen, listener: ClusterListener, patience: Patience): Follower {
  const abort = new AbortController()
  setMaxListeners(0, abort.signal)
  const { signal } = abort
  const wake = createWake()
  watchClock(wake, signal)
  const access = createAccess(chosen, patience)
  const where: Where = { context: chosen.context, server: access.server(), insecure: chosen.insecure }
  let changes = 0
  const reflectors: Reflector[] = []
  const teller = createTeller(where, reflectors, {
    inventory: inventory => signal.aborted || listener.inventory(inventory),
    status: status => signal.aborted || listener.status(status),
  })
  const gathered = gather(() => teller(changes), signal)
  const told = {
    changed: () => {
      changes++
      gathered()
    },
    turned: gathered,
  }
  for (const kind of KINDS) reflectors.push(reflect({ access, signal, wake }, kind, told))
  gathered()
  const same = (next: Chosen) =>
    next.context === where.context && serverOf(next) === where.server && authorityOf(next) === authorityOf(chosen)
  return {
    goOn: next => {
      if (!same(next) || next.insecure !== where.insecure) return false
      access.replace(next)
      wake.fire()
      return true
    },
    snapshot: () =>
      isSettled(reflectors) && reflectors.some(isKnown) ? printList(reflectors.map(r => [...r.objects()])) : undefined,
    stop: () => abort.abort(),
  }
}

const serverOf = ({ config }: Chosen): string => config.getCurrentCluster()?.server.replace(/\/$/, '') ?? ''

/** Another authority at the same address is another cluster: versions of the old one mean nothing there. */
function authorityOf({ config }: Chosen): string | undefined {
  const cluster = config.getCurrentCluster()
  return cluster?.caData ?? cluster?.caFile
}

interface Out {
  inventory(inventory: Inventory): void
  status(status: ClusterStatus): void
}

/** Tells what is new since it was called last: an inventory when objects have changed, a status when it is another. */
function createTeller(where: Where, reflectors: readonly Reflector[], out: Out): (changes: number) => Promise<void> {
  const converter = createConverter(where.context)
  let lost: { readonly since: string; readonly converter: Converter } | undefined
  let told = ''
  let said = ''
  let last: Inventory | undefined
  return async changes => {
    const gaps = gapsOf(reflectors)
    const since = lostSince(reflectors, lost !== undefined)
    const stamp = JSON.stringify([changes, gaps, since])
    if (stamp !== told && isSettled(reflectors) && (since !== undefined || reflectors.some(isLive))) {
      told = stamp
      const name = since && time(since)
      if (name !== lost?.since)
        lost = name === undefined ? undefined : { since: name, converter: createConverter(where.context, name) }
      last = await (lost?.converter ?? converter).convert(objectsOf(reflectors), gaps, unread(reflectors))
      out.inventory(last)
    }
    const status = statusOf(where, reflectors, lost !== undefined)
    const key = JSON.stringify([status, last?.ciliumVersion])
    if (key === said) return
    said = key
    const now = ['stale', 'connecting'].includes(status.state) ? '' : ` Since ${time(new Date())}.`
    const version = last?.ciliumVersion ? ` It runs Cilium ${last.ciliumVersion}.` : ''
    out.status({ ...status, tooltip: `${status.tooltip}${version}${now}` })
  }
}

const isLive = (r: Reflector): boolean => r.mirror().state === 'live'

/** Whether a kind is read, or was. */
function isKnown(r: Reflector): boolean {
  const m = r.mirror()
  return m.state === 'live' || ('known' in m && m.known)
}

/** The kinds of which nothing is known. */
function unread(reflectors: readonly Reflector[]): readonly string[] {
  return reflectors.filter(r => !isKnown(r)).map(r => r.kind.kind)
}

function objectsOf(reflectors: readonly Reflector[]): Objects {
  return new Map(reflectors.map(r => [r.kind.kind, [...r.objects()]]))
}

/** Runs `tell` soon after a call, and then again at most every `GATHER` milliseconds for as long as there are calls. */
function gather(tell: () => Promise<void>, signal: AbortSignal): () => void {
  let wanted = false
  let running = false
  const loop = async () => {
    running = true
    await wait(20)
    while (wanted && !signal.aborted) {
      wanted = false
      await tell()
      await wait(GATHER)
    }
    running = false
  }
  return () => {
    wanted = true
    if (!running) void loop()
  }
}
