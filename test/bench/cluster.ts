// A live cluster of 10,000 pods in 200 namespaces on a real API server: how soon it is live, completion while pods change, memory, stalls.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import https from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { SERVER_FLAGS, type Status } from '../../server/src/protocol.ts'
import { named, POD } from '../cluster/objects.ts'
import { ADMIN, type RealServer, realServerMissing, startRealServer } from '../cluster/realServer.ts'
import { type Peer, startPeer } from '../lsp/peer.ts'
import { atMost, type Figure, numbers, table } from './figures.ts'
import { SERVER } from './servers.ts'

const NAMESPACES = 200
const PODS = 10_000
/** Pods that change in a second, and for how many seconds. */
const RATE = 50
const SECONDS = 20

const POLICY = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: web
  namespace: team-7
spec:
  endpointSelector:
    matchLabels:
      app: app-1
  egress:
    - toEndpoints:
        - matchLabels:
            io.cilium.k8s.policy.serviceaccount: 
            app: 
`
const ACCOUNT = { line: 12, character: 49 }
const LABEL = { line: 13, character: 17 }

/** The figures; none where there can be no real API server, which is said. */
export async function liveCluster(): Promise<Figure[]> {
  const missing = realServerMissing()
  if (missing) {
    console.log(missing)
    return []
  }
  const real = await startRealServer()
  const folder = mkdtempSync(join(tmpdir(), 'cilium-policy-bench-'))
  try {
    await fill(real)
    return await measure(real, folder)
  } finally {
    await real.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

const namespaceOf = (i: number): string => `team-${i % NAMESPACES}`
const nameOf = (i: number): string => `app-${i % 40}-${i}`

/** Creates on kept connections, many at a time: ten thousand handshakes would take longer than the pods. */
async function fill(real: RealServer): Promise<void> {
  const agent = new https.Agent({ keepAlive: true, maxSockets: 16, ca: real.ca })
  const create = (path: string, body: object) => send(real, agent, { method: 'POST', path, body })
  const began = performance.now()
  await inParallel(NAMESPACES, i => create('/api/v1/namespaces', named(namespaceOf(i))))
  await inParallel(PODS, async i => {
    const pod = POD(nameOf(i), namespaceOf(i), { app: `app-${i % 40}`, version: `v${i % 7}` })
    await create(`/api/v1/namespaces/${namespaceOf(i)}/pods`, pod)
    if (i < NAMESPACES * 5)
      await create(`/api/v1/namespaces/${namespaceOf(i)}/serviceaccounts`, named(`account-${i % 1000}`))
  })
  agent.destroy()
  console.log(`${PODS} pods created in ${((performance.now() - began) / 1000).toFixed(0)} s`)
}

interface Sent {
  readonly method: string
  readonly path: string
  readonly body: object
}

function send(real: RealServer, agent: https.Agent, { method, path, body }: Sent): Promise<void> {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
  const headers = { Authorization: `Bearer ${ADMIN}`, 'Content-Type': type }
  return new Promise((resolve, reject) => {
    const sent = https.request(`${real.url}${path}`, { method, agent, headers }, response => {
      response.resume()
      response.on('end', () => {
        if ((response.statusCode ?? 0) < 300) resolve()
        else reject(new Error(`${method} ${path}: ${response.statusCode}`))
      })
    })
    sent.on('error', reject)
    sent.end(JSON.stringify(body))
  })
}

async function inParallel(count: number, run: (i: number) => Promise<void>): Promise<void> {
  let next = 0
  const worker = async () => {
    for (let i = next++; i < count; i = next++) await run(i)
  }
  await Promise.all(Array.from({ length: 16 }, worker))
}

async function measure(real: RealServer, folder: string): Promise<Figure[]> {
  writeFileSync(join(folder, 'web.yaml'), POLICY)
  const kubeconfig = join(folder, 'kubeconfig')
  writeFileSync(kubeconfig, real.kubeconfig())
  const without = await started(folder, { enabled: 'off' })
  await setTimeout(3000)
  const before = memoryOf(without.peer)
  await without.peer.stop()
  const { peer, uri, began } = await started(folder, { kubeconfig })
  await peer.until<Status>('ciliumPolicy/status', s => s.state === 'live')
  const live = performance.now() - began
  const liveWork = processorOf(peer)
  await setTimeout(3000)
  const after = memoryOf(peer)
  const idle = processorOf(peer)
  const { completion, latency } = await underChange(real, peer, uri)
  const work = (processorOf(peer) - idle) / SECONDS
  const later = memoryOf(peer)
  await peer.stop()
  return [
    atMost('live: 10,000 pods in 200 namespaces', 'ms', [live], { of: 'median', value: 3000 }),
    { name: 'processor time of the server until then', unit: 'ms', ours: numbers([liveWork]) },
    atMost(`completion while ${RATE} pods change a second`, 'ms', completion, { of: 'p95', value: 10 }),
    atMost('smallest request meanwhile (the longest: a stall)', 'ms', latency, { of: 'max', value: 50 }),
    { name: 'processor time a second meanwhile', unit: 'ms', ours: numbers([work]) },
    atMost('memory more than without a cluster', 'MiB', [after - before], { of: 'median', value: 100 }),
    atMost('the same after the changes', 'MiB', [later - before], { of: 'median', value: 100 }),
  ]
}

async function started(folder: string, cluster: object): Promise<{ peer: Peer; uri: string; began: number }> {
  const began = performance.now()
  const peer = await startPeer({
    command: [...SERVER_FLAGS, SERVER],
    folders: [pathToFileURL(folder).href],
    initializationOptions: { ciliumPolicy: { cluster } },
  })
  const uri = pathToFileURL(join(folder, 'web.yaml')).href
  peer.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text: POLICY } })
  return { peer, uri, began }
}

/** Resident memory of the server's process in MiB. */
function memoryOf(peer: Peer): number {
  const status = readFileSync(`/proc/${peer.process.pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024
}

/** Processor time that the server's process has taken, in milliseconds: it does not depend on what else runs on the machine. */
function processorOf(peer: Peer): number {
  const stat = readFileSync(`/proc/${peer.process.pid}/stat`, 'utf8')
  const [user = '0', system = '0'] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
  return (Number(user) + Number(system)) * 10
}

interface Times {
  readonly completion: number[]
  readonly latency: number[]
}

async function underChange(real: RealServer, peer: Peer, uri: string): Promise<Times> {
  const times: Times = { completion: [], latency: [] }
  const end = performance.now() + SECONDS * 1000
  const ask = async (list: number[], method: string, params: object) => {
    const began = performance.now()
    await peer.request(method, params)
    list.push(performance.now() - began)
  }
  const completing = async () => {
    for (let i = 0; performance.now() < end; i++) {
      const position = i % 2 === 0 ? ACCOUNT : LABEL
      await ask(times.completion, 'textDocument/completion', { textDocument: { uri }, position })
      await setTimeout(100)
    }
  }
  const probing = async () => {
    while (performance.now() < end) {
      await ask(times.latency, 'textDocument/definition', {
        textDocument: { uri },
        position: { line: 0, character: 0 },
      })
      await setTimeout(10)
    }
  }
  await Promise.all([changing(real, end), completing(), probing()])
  return times
}

async function changing(real: RealServer, end: number): Promise<void> {
  const agent = new https.Agent({ keepAlive: true, maxSockets: 16, ca: real.ca })
  const began = performance.now()
  let changed = 0
  for (let i = 0; performance.now() < end; i = (i + 37) % PODS) {
    const path = `/api/v1/namespaces/${namespaceOf(i)}/pods/${nameOf(i)}`
    await send(real, agent, { method: 'PATCH', path, body: { metadata: { labels: { round: String(changed++) } } } })
    await setTimeout(Math.max(0, began + (changed * 1000) / RATE - performance.now()))
  }
  agent.destroy()
  console.log(`${changed} changes in ${SECONDS} s`)
}

if (import.meta.main) console.log(table(await liveCluster()))
