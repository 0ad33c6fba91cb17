// A small real API server for tests: lists in pages, watches, bookmarks, refusals; objects are changed by the test.

import http from 'node:http'
import type { AddressInfo } from 'node:net'

export type Item = { readonly metadata: Record<string, unknown>; readonly [key: string]: unknown }

export interface ApiServer {
  readonly url: string
  /** A kubeconfig for it, as text. */
  readonly kubeconfig: string
  /** Paths that were asked for, without queries, in order. */
  readonly asked: readonly string[]
  /** Sets an object under its collection's path, such as `/api/v1/pods`; watchers are told. */
  put(path: string, item: Item): void
  remove(path: string, name: string, namespace?: string): void
  /** Answers a path with this status from now on; 200 takes it back. */
  refuse(path: string, status: number): void
  /** Forgets history: watches from an older version are told 410. */
  compact(): void
  /** Cuts every connection. */
  cut(): void
  /** Pages and watches are slow by this many milliseconds, or answers are cut off in the middle. */
  spoil(how: 'no' | 'truncate'): void
  stop(): Promise<void>
  /** Listens again at the same port. */
  start(): Promise<void>
}

interface Watcher {
  readonly path: string
  readonly response: http.ServerResponse
}

const COLLECTIONS = [
  '/api/v1/namespaces',
  '/api/v1/pods',
  '/api/v1/serviceaccounts',
  '/api/v1/services',
  '/api/v1/nodes',
  '/api/v1/configmaps',
  '/apis/apps/v1/daemonsets',
  '/apis/discovery.k8s.io/v1/endpointslices',
  '/apis/cilium.io/v2/ciliumnetworkpolicies',
  '/apis/cilium.io/v2/ciliumclusterwidenetworkpolicies',
  '/apis/cilium.io/v2/ciliumcidrgroups',
  '/apis/cilium.io/v2/ciliumendpoints',
  '/apis/cilium.io/v2/ciliumidentities',
]

/** Starts a server on a free port of the loopback interface. */
export async function startApiServer(): Promise<ApiServer> {
  const items = new Map<string, Map<string, Item>>(COLLECTIONS.map(path => [path, new Map()]))
  const refused = new Map<string, number>()
  const watchers = new Set<Watcher>()
  const asked: string[] = []
  let version = 1
  let oldest = 0
  let spoilt = 'no'
  const keyOf = (item: Item) => `${item.metadata.namespace ?? ''}/${item.metadata.name}`
  const history: { readonly at: number; readonly path: string; readonly line: string }[] = []
  const tell = (path: string, type: string, object: unknown) => {
    history.push({ at: version, path, line: `${JSON.stringify({ type, object })}\n` })
    for (const watcher of watchers)
      if (watcher.path === path) watcher.response.write(`${JSON.stringify({ type, object })}\n`)
  }

  const server = http.createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    asked.push(url.pathname)
    const found = items.get(url.pathname)
    const status = refused.get(url.pathname) ?? (found ? 200 : 404)
    if (status !== 200 || !found) {
      response.writeHead(status, { 'Content-Type': 'application/json' })
      response.end(JSON.stringify({ kind: 'Status', message: `refused with ${status}`, code: status }))
      return
    }
    response.writeHead(200, { 'Content-Type': 'application/json' })
    if (url.searchParams.get('watch') === 'true') watch(url, response)
    else list(url, found, response)
  })

  function watch(url: URL, response: http.ServerResponse): void {
    response.flushHeaders()
    if (Number(url.searchParams.get('resourceVersion')) < oldest) {
      response.end(`${JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code: 410, message: 'too old' } })}\n`)
      return
    }
    const from = Number(url.searchParams.get('resourceVersion'))
    for (const { at, path, line } of history) if (path === url.pathname && at > from) response.write(line)
    const watcher = { path: url.pathname, response }
    watchers.add(watcher)
    response.on('close', () => watchers.delete(watcher))
  }

  function list(url: URL, found: ReadonlyMap<string, Item>, response: http.ServerResponse): void {
    const limit = Number(url.searchParams.get('limit') ?? 500)
    const from = Number(url.searchParams.get('continue') ?? 0)
    const all = [...found.values()]
    const page = all.slice(from, from + limit)
    const next = from + limit < all.length ? String(from + limit) : undefined
    const body = JSON.stringify({
      kind: 'List',
      metadata: { resourceVersion: String(version), continue: next },
      items: page,
    })
    if (spoilt === 'truncate') {
      response.write(body.slice(0, body.length / 2))
      response.end()
    } else response.end(body)
  }

  const listen = (port: number) =>
    new Promise<void>(resolve => {
      server.listen(port, '127.0.0.1', () => resolve())
    })
  await listen(0)
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    kubeconfig: kubeconfigFor(url),
    asked,
    put: (path, item) => {
      const collection = items.get(path)
      if (!collection) throw new Error(`no collection ${path}`)
      const stored = { ...item, metadata: { ...item.metadata, resourceVersion: String(++version), uid: 'secret-uid' } }
      const type = collection.has(keyOf(item)) ? 'MODIFIED' : 'ADDED'
      collection.set(keyOf(item), stored)
      tell(path, type, stored)
    },
    remove: (path, name, namespace = '') => {
      const key = `${namespace}/${name}`
      const item = items.get(path)?.get(key)
      items.get(path)?.delete(key)
      version++
      if (item) tell(path, 'DELETED', { ...item, metadata: { ...item.metadata, resourceVersion: String(version) } })
    },
    refuse: (path, status) => void (status === 200 ? refused.delete(path) : refused.set(path, status)),
    compact: () => {
      oldest = ++version
    },
    cut: () => server.closeAllConnections(),
    spoil: how => {
      spoilt = how
    },
    stop: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
    start: () => listen(port),
  }
}

/** A kubeconfig with one context, `test`. */
export function kubeconfigFor(url: string, user: object = { token: 'a-secret-token' }): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    contexts: [{ name: 'test', context: { cluster: 'c', user: 'u' } }],
    clusters: [{ name: 'c', cluster: { server: url } }],
    users: [{ name: 'u', user }],
  })
}

/** A pod as the server stores it, with much that nobody needs. */
export function pod(namespace: string, name: string, labels: Readonly<Record<string, string>> = {}): Item {
  return {
    metadata: {
      name,
      namespace,
      labels,
      annotations: { note: 'secret-annotation' },
      managedFields: [{ manager: 'secret-manager' }],
      ownerReferences: [{ kind: 'ReplicaSet', name: `${name}-abc`, uid: 'secret-uid' }],
    },
    spec: {
      serviceAccountName: name,
      nodeName: 'n1',
      containers: [
        { name: 'c', env: [{ name: 'PASSWORD', value: 'secret-env' }], ports: [{ name: 'http', containerPort: 8080 }] },
      ],
    },
    status: { phase: 'Running', podIPs: [{ ip: '10.0.0.1' }] },
  }
}
