// A small real API server for tests: lists in pages, watches, bookmarks, refusals; objects are changed by the test.

import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'

export type Item = { readonly metadata: Record<string, unknown>; readonly [key: string]: unknown }

/**
 * What is wrong with its answers. Lists: `truncate` cut off, `freeze` stop in the middle, `expire` lose the way after the first page (once, or
 * always), `repeat` give the first page again, `other` are of something else. Watches: `end` at once, `forget` where we were (said by the
 * status, with `status`), each after a bookmark with `late`; `mute` say nothing.
 */
export type Spoilt =
  | 'truncate'
  | 'freeze'
  | 'expire once'
  | 'expire'
  | 'repeat'
  | 'other'
  | 'end'
  | 'end late'
  | 'forget'
  | 'forget late'
  | 'forget status'
  | 'mute'

export interface ApiServer {
  readonly url: string
  /** A kubeconfig for it, as text. */
  readonly kubeconfig: string
  /** Paths that were asked for, without queries, in order. */
  readonly asked: readonly string[]
  /** The queries that a path was asked with. */
  queries(path: string): readonly URLSearchParams[]
  /** Sets an object under its collection's path, such as `/api/v1/pods`; watchers are told. */
  put(path: string, item: Item): void
  remove(path: string, name: string, namespace?: string): void
  /** Answers a path (or all: `*`) with this status from now on, and with these headers; 200 takes it back. */
  refuse(path: string, status: number, headers?: Readonly<Record<string, string>>): void
  /** Forgets history: watches from an older version are told 410. */
  compact(): void
  /** Cuts every connection. */
  cut(): void
  spoil(how: 'no' | Spoilt): void
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
  const refused = new Map<string, { status: number; headers: Readonly<Record<string, string>> }>()
  const watchers = new Set<Watcher>()
  const urls: URL[] = []
  let version = 1
  let oldest = 0
  let spoilt: 'no' | Spoilt = 'no'
  const keyOf = (item: Item) => `${item.metadata.namespace ?? ''}/${item.metadata.name}`
  const history: { readonly at: number; readonly path: string; readonly line: string }[] = []
  const tell = (path: string, type: string, object: unknown) => {
    history.push({ at: version, path, line: `${JSON.stringify({ type, object })}\n` })
    for (const watcher of watchers)
      if (watcher.path === path) watcher.response.write(`${JSON.stringify({ type, object })}\n`)
  }

  const server = http.createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    urls.push(url)
    const found = items.get(url.pathname)
    const isWatch = url.searchParams.get('watch') === 'true'
    const gone = isWatch ? spoilt === 'forget status' : isExpired(url)
    const { status, headers } = refused.get('*') ??
      refused.get(url.pathname) ?? { status: gone ? 410 : found ? 200 : 404, headers: {} }
    if (status !== 200 || !found) {
      response.writeHead(status, { 'Content-Type': 'application/json', ...headers })
      response.end(JSON.stringify({ kind: 'Status', message: `refused with ${status}`, code: status }))
      return
    }
    if (isWatch) watch(url, response)
    else list(url, found, response, String(request.headers['accept-encoding']).includes('gzip'))
  })

  function isExpired(url: URL): boolean {
    if (!spoilt.startsWith('expire') || !url.searchParams.has('continue')) return false
    if (spoilt === 'expire once') spoilt = 'no'
    return true
  }

  function watch(url: URL, response: http.ServerResponse): void {
    response.writeHead(200, { 'Content-Type': 'application/json' })
    response.flushHeaders()
    const line = (type: string, object: object) => response.write(`${JSON.stringify({ type, object })}\n`)
    const from = Number(url.searchParams.get('resourceVersion'))
    if (spoilt.endsWith('late')) line('BOOKMARK', { metadata: { resourceVersion: String(from) } })
    if (spoilt === 'mute') return
    if (spoilt.startsWith('forget') || from < oldest) {
      line('ERROR', { kind: 'Status', code: 410, message: 'too old' })
      return void response.end()
    }
    if (spoilt === 'end') return void response.end()
    for (const { at, path, line } of history) if (path === url.pathname && at > from) response.write(line)
    if (spoilt === 'end late') return void response.end()
    const watcher = { path: url.pathname, response }
    watchers.add(watcher)
    response.on('close', () => watchers.delete(watcher))
  }

  function list(url: URL, found: ReadonlyMap<string, Item>, response: http.ServerResponse, zipped: boolean): void {
    const limit = Number(url.searchParams.get('limit') ?? Number.POSITIVE_INFINITY)
    const from = spoilt === 'repeat' ? 0 : Number(url.searchParams.get('continue') ?? 0)
    const all = [...found.values()]
    const page = all.slice(from, from + limit)
    const next = from + limit < all.length ? String(from + limit) : undefined
    const metadata = { resourceVersion: String(version), continue: next }
    const text = JSON.stringify(spoilt === 'other' ? { hello: 'log in' } : { kind: 'List', metadata, items: page })
    const body = zipped ? gzipSync(text) : Buffer.from(text)
    const encoding = zipped ? { 'Content-Encoding': 'gzip' } : {}
    response.writeHead(200, { 'Content-Type': 'application/json', ...encoding })
    const broken = spoilt === 'truncate' || spoilt === 'freeze'
    response.write(broken ? body.subarray(0, body.length / 2) : body)
    if (spoilt !== 'freeze') response.end()
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
    get asked() {
      return urls.map(url => url.pathname)
    },
    queries: path => urls.filter(url => url.pathname === path).map(url => url.searchParams),
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
    refuse: (path, status, headers = {}) =>
      void (status === 200 ? refused.delete(path) : refused.set(path, { status, headers })),
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
