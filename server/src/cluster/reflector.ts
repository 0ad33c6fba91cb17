// One kind of a cluster, mirrored: listed in pages, then watched; listed again when the server has forgotten where we were.

import type { KubeConfig } from '@kubernetes/client-node/dist/config.js'
import type { Kind } from './kinds.ts'
import { at, type Json, list, object, text } from './plain.ts'
import { getJson, getLines, Refused } from './request.ts'

/** How things are with one kind. `absent`: the server does not serve it; `lost`: it was live, `objects` are the last known. */
export type Mirror =
  | { readonly state: 'pending' }
  | { readonly state: 'live' }
  | { readonly state: 'absent' }
  | { readonly state: 'forbidden'; readonly reason: string }
  | { readonly state: 'unreachable'; readonly reason: string }
  | { readonly state: 'lost'; readonly reason: string; readonly since: Date }

export interface Reflector {
  readonly kind: Kind
  mirror(): Mirror
  objects(): Iterable<Json>
}

const PAGE = 500
/** Seconds after which the server ends a watch, spread so that the kinds do not reconnect together. */
const WATCH = 240
/** Milliseconds: the first wait after a failure, and the longest. */
const FIRST = 500
const LONGEST = 30_000
/** Milliseconds after which a kind that is forbidden or not served is asked for again. */
const SELDOM = 120_000

/** Mirrors a kind until the signal; `changed` is called after every change of objects or state. Never throws. */
export function reflect(config: KubeConfig, kind: Kind, signal: AbortSignal, changed: () => void): Reflector {
  const store = new Map<string, Json>()
  let mirror: Mirror = { state: 'pending' }
  const become = (next: Mirror) => {
    if (mirror.state === 'lost' && next.state === 'lost') return
    mirror = next
    changed()
  }
  void run({ config, kind, signal, store, changed, become, mirror: () => mirror })
  return { kind, mirror: () => mirror, objects: () => store.values() }
}

interface Work {
  readonly config: KubeConfig
  readonly kind: Kind
  readonly signal: AbortSignal
  readonly store: Map<string, Json>
  readonly changed: () => void
  readonly become: (next: Mirror) => void
  readonly mirror: () => Mirror
}

async function run(work: Work): Promise<void> {
  let failures = 0
  let version: string | undefined
  let path = 0
  while (!work.signal.aborted) {
    try {
      if (version === undefined) version = await listAll(work, work.kind.paths[path] ?? '')
      work.become({ state: 'live' })
      version = await watch(work, work.kind.paths[path] ?? '', version, () => {
        failures = 0
      })
    } catch (error) {
      if (work.signal.aborted) return
      const refused = error instanceof Refused ? error : new Refused(0, String(error))
      if (refused.status === 410) version = undefined
      else if (refused.status === 404 && path + 1 < work.kind.paths.length) path++
      else {
        failures++
        if (refused.status === 404) path = 0
        if (refused.status === 404 || refused.status === 403) version = undefined
        // A watch that broke is tried again at once; only a second failure says that the cluster is away.
        if (failures > 1 || version === undefined) work.become(stateAfter(work, refused))
        await sleep(refused.status === 404 || refused.status === 403 ? SELDOM : backoff(failures), work.signal)
      }
    }
  }
}

function stateAfter({ mirror, store }: Work, { status, message }: Refused): Mirror {
  const was = mirror().state
  if (status === 404) {
    store.clear()
    return { state: 'absent' }
  }
  if (was === 'live' || was === 'lost') return { state: 'lost', reason: message, since: new Date() }
  return status === 403 ? { state: 'forbidden', reason: message } : { state: 'unreachable', reason: message }
}

/** Milliseconds to wait: doubled with each failure, with a random half. */
function backoff(failures: number): number {
  const full = Math.min(LONGEST, FIRST * 2 ** Math.min(failures - 1, 10))
  return full / 2 + (Math.random() * full) / 2
}

/** Lists all pages into the store; the resource version to watch from. */
async function listAll({ config, kind, signal, store, changed }: Work, path: string): Promise<string> {
  const found = new Map<string, Json>()
  let next = ''
  let version = ''
  do {
    const query = { ...kind.query, limit: String(PAGE), ...(next === '' ? {} : { continue: next }) }
    const page = await getJson(config, { path, query, signal })
    for (const item of list(page.items)) found.set(keyOf(object(item)), keep(kind, object(item)))
    version = text(at(page, 'metadata', 'resourceVersion')) ?? ''
    next = text(at(page, 'metadata', 'continue')) ?? ''
  } while (next !== '')
  store.clear()
  for (const [key, item] of found) store.set(key, item)
  changed()
  return version
}

/** Follows changes until the server ends the watch; the resource version to go on from. Throws `Refused`, 410 when it is too old. */
async function watch(work: Work, path: string, from: string, alive: () => void): Promise<string> {
  const { config, kind, signal, store, changed } = work
  const timeoutSeconds = String(WATCH + Math.floor(Math.random() * 60))
  const query = { ...kind.query, watch: 'true', allowWatchBookmarks: 'true', resourceVersion: from, timeoutSeconds }
  let version = from
  for await (const event of getLines(config, { path, query, signal })) {
    const item = object(event.object)
    if (event.type === 'ERROR') throw new Refused(Number(item.code) || 0, text(item.message) ?? 'the watch failed')
    alive()
    version = text(at(item, 'metadata', 'resourceVersion')) ?? version
    if (event.type === 'BOOKMARK') continue
    if (event.type === 'DELETED') store.delete(keyOf(item))
    else store.set(keyOf(item), keep(kind, item))
    changed()
  }
  return version
}

function keyOf(item: Json): string {
  return `${text(at(item, 'metadata', 'namespace')) ?? ''}/${text(at(item, 'metadata', 'name')) ?? ''}`
}

function keep(kind: Kind, item: Json): Json {
  return { apiVersion: kind.apiVersion, kind: kind.kind, ...kind.keep(item) }
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    signal.addEventListener('abort', done)
  })
}
