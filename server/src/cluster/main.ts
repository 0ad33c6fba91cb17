// The live cluster: reads and watches what the product needs of it, and tells of changes. Loaded only when a cluster is used.

import { setMaxListeners } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import type { KubeConfig } from '@kubernetes/client-node/dist/config.js'
import type { Cluster, ClusterListener, ClusterOptions, ClusterStatus } from '../workspace/live.ts'
import { createConverter, type Objects } from './inventory.ts'
import { type Kind, kindsOf } from './kinds.ts'
import { contextsOf, type Loaded, loadKubeconfig } from './kubeconfig.ts'
import { at, list, text } from './plain.ts'
import { printList } from './print.ts'
import { type Reflector, reflect } from './reflector.ts'
import { getJson } from './request.ts'
import { gapsOf, isSettled, statusOf } from './status.ts'

/** Milliseconds in which changes are gathered. */
const GATHER = 500

export { contextsOf }

const wait = (milliseconds: number) => setTimeout(milliseconds, undefined, { ref: false })

/**
 * Connects to the cluster that the options name and follows it until it is stopped. Only lists and watches; never asks for
 * Secrets. Resolves at once, never rejects: what goes wrong is told as a status, and tried again.
 */
export async function connectCluster(options: ClusterOptions, listener: ClusterListener): Promise<Cluster> {
  const loaded = loadKubeconfig(options)
  if (loaded.kind !== 'config') {
    listener.status(withoutCluster(loaded, options))
    return { snapshot: () => '', stop: () => {} }
  }
  const abort = new AbortController()
  setMaxListeners(0, abort.signal)
  let reflectors: readonly Reflector[] = []
  listener.status({ ...connecting(loaded.context), context: loaded.context })
  void follow(loaded, abort.signal, listener, started => {
    reflectors = started
  })
  return {
    snapshot: () => printList(reflectors.map(r => [...r.objects()])),
    stop: () => abort.abort(),
  }
}

function withoutCluster(loaded: Exclude<Loaded, { kind: 'config' }>, { context }: ClusterOptions): ClusterStatus {
  if (loaded.kind === 'none') return { state: 'off', text: 'no cluster', tooltip: loaded.problem }
  return { state: 'failed', text: 'no cluster', tooltip: loaded.problem, ...(context === '' ? {} : { context }) }
}

function connecting(context: string): ClusterStatus {
  return { state: 'connecting', text: `${context}…`, tooltip: `Connecting to the cluster ${context}.` }
}

async function follow(
  loaded: Extract<Loaded, { kind: 'config' }>,
  signal: AbortSignal,
  listener: ClusterListener,
  started: (reflectors: readonly Reflector[]) => void,
): Promise<void> {
  const { config, context, insecure } = loaded
  const kinds = kindsOf(await agentNamespace(config, signal))
  if (signal.aborted) return
  const converter = createConverter(context)
  const server = config.getCurrentCluster()?.server ?? ''
  let said = ''
  let told = ''
  const tell = async () => {
    const gaps = gapsOf(reflectors)
    if (isSettled(reflectors) && reflectors.some(r => r.mirror().state === 'live') && told !== stamp()) {
      told = stamp()
      const inventory = await converter.convert(objectsOf(reflectors), gaps)
      if (!signal.aborted) listener.inventory(inventory)
    }
    const status = statusOf(context, server, insecure, reflectors)
    const saying = JSON.stringify(status)
    if (saying === said || signal.aborted) return
    said = saying
    listener.status(status)
  }
  let changes = 0
  const stamp = () => `${changes} ${gapsOf(reflectors).length}`
  const gathered = gather(tell, signal)
  const reflectors: readonly Reflector[] = kinds.map((kind: Kind) =>
    reflect(config, kind, signal, () => {
      changes++
      gathered()
    }),
  )
  started(reflectors)
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
      await tell().catch(() => {})
      await wait(GATHER)
    }
    running = false
  }
  return () => {
    wanted = true
    if (!running) void loop()
  }
}

function objectsOf(reflectors: readonly Reflector[]): Objects {
  return new Map(reflectors.map(r => [r.kind.kind, [...r.objects()]]))
}

/** Where Cilium's agent runs: `kube-system` unless a DaemonSet with its label is found elsewhere. */
async function agentNamespace(config: KubeConfig, signal: AbortSignal): Promise<string> {
  const query = { labelSelector: 'k8s-app=cilium', limit: '1' }
  try {
    const found = await getJson(config, { path: '/apis/apps/v1/daemonsets', query, signal })
    return text(at(list(found.items)[0], 'metadata', 'namespace')) ?? 'kube-system'
  } catch {
    return 'kube-system'
  }
}
