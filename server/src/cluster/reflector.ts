// One kind of a cluster, mirrored: listed in pages, then watched; listed again when the server has forgotten where we were.

import { isDeepStrictEqual } from 'node:util'
import type { Access } from './access.ts'
import type { Kind } from './kinds.ts'
import { at, type Json, list, object, text } from './plain.ts'
import { Refused } from './refused.ts'
import { getJson, getLines } from './request.ts'
import { sleep, type Wake } from './wake.ts'

/**
 * How things are with one kind. `absent`: the server does not serve it. `known`: there are objects from before, when it was live.
 * `away`: nothing answers or the credentials are refused, so that it is not about this kind alone.
 */
export type Mirror =
  | { readonly state: 'pending' | 'live' | 'absent' }
  | { readonly state: 'forbidden'; readonly known: boolean; readonly since: Date }
  | {
      readonly state: 'failing'
      readonly reason: string
      readonly known: boolean
      readonly away: boolean
      readonly since: Date
      readonly attempts: number
    }

export interface Reflector {
  readonly kind: Kind
  mirror(): Mirror
  objects(): Iterable<Json>
}

/** What a reflector tells: that objects are others than before, or that its mirror is. */
export interface Told {
  changed(): void
  turned(): void
}

/** What reflectors of one cluster share. */
export interface Surroundings {
  readonly access: Access
  readonly signal: AbortSignal
  readonly wake: Wake
}

const PAGE = 500
/** Seconds after which the server ends a watch, spread so that the kinds do not reconnect together. */
const WATCH = 240
/** Milliseconds: the first wait after a failure, and the longest. */
const FIRST = 500
const LONGEST = 30_000
/** The longest wait for a kind that is forbidden or not served: a server that starts may say so for a moment. */
const SELDOM = 120_000

interface Kept {
  readonly version: string
  readonly item: Json
}

interface Work extends Surroundings, Told {
  readonly kind: Kind
  readonly store: Map<string, Kept>
  readonly become: (next: Mirror) => void
  readonly mirror: () => Mirror
}

/** Mirrors a kind until the signal. Never throws. */
export function reflect(around: Surroundings, kind: Kind, told: Told): Reflector {
  const store = new Map<string, Kept>()
  let mirror: Mirror = { state: 'pending' }
  const become = (next: Mirror) => {
    if (isDeepStrictEqual(mirror, next)) return
    mirror = next
    told.turned()
  }
  const work = { ...around, ...told, kind, store, become, mirror: () => mirror }
  void run(work)
  return {
    kind,
    mirror: () => mirror,
    *objects() {
      for (const { item } of store.values()) yield item
    },
  }
}

/** Where a reflector stands between two requests. */
interface Progress {
  path: number
  version: string | undefined
  failures: number
  /** How often in a row the server had forgotten where we were. */
  forgotten: number
}

async function run(work: Work): Promise<void> {
  const progress: Progress = { path: 0, version: undefined, failures: 0, forgotten: 0 }
  while (!work.signal.aborted) {
    try {
      await follow(work, progress)
    } catch (error) {
      if (work.signal.aborted) return
      const refused = error instanceof Refused ? error : new Refused(0, String(error))
      const pause = recover(work, progress, refused)
      if (pause > 0) await sleep(pause, work.signal, work.wake)
    }
  }
}

/** Lists where that is needed, and watches once. */
async function follow(work: Work, progress: Progress): Promise<void> {
  const path = work.kind.paths[progress.path] ?? ''
  if (progress.version === undefined) {
    progress.version = await listAll(work, path)
    work.become({ state: 'live' })
  }
  const began = performance.now()
  let events = 0
  const opened = () => {
    progress.failures = 0
    work.become({ state: 'live' })
  }
  for await (const version of watch(work, path, progress.version, opened)) {
    progress.version = version
    progress.forgotten = 0
    events++
  }
  // Something that ends every watch at once would have us ask without end.
  if (events === 0 && performance.now() - began < 1000) await sleep(backoff(1), work.signal, work.wake)
}

/** What is to be done after a failure; returns the milliseconds to wait before it is tried again. */
function recover(work: Work, progress: Progress, refused: Refused): number {
  const { status, after } = refused
  if (status === 410) {
    progress.version = undefined
    return progress.forgotten++ === 0 ? 0 : backoff(progress.forgotten)
  }
  const elsewhere = status === 404 || status === 403
  if (elsewhere) progress.version = undefined
  if (elsewhere && ++progress.path < work.kind.paths.length) return 0
  progress.path = 0
  progress.failures++
  // A watch that broke is tried again soon; only a second failure says that the cluster is away.
  if (progress.failures > 1 || progress.version === undefined) work.become(mirrorAfter(work, progress, refused))
  return Math.max(after, backoff(progress.failures, elsewhere ? SELDOM : LONGEST))
}

function mirrorAfter({ mirror, store, changed }: Work, progress: Progress, { status, message }: Refused): Mirror {
  const was = mirror()
  if (status === 404) {
    if (store.size > 0) changed()
    store.clear()
    return { state: 'absent' }
  }
  const known = was.state === 'live' || ('known' in was && was.known)
  const since = 'since' in was && was.state === (status === 403 ? 'forbidden' : 'failing') ? was.since : new Date()
  if (status === 403) return { state: 'forbidden', known, since }
  const away = status === 0 || status === 401
  return { state: 'failing', reason: message, known, away, since, attempts: progress.failures }
}

/** Milliseconds to wait: doubled with each failure, with a random half. */
function backoff(failures: number, longest = LONGEST): number {
  const full = Math.min(longest, FIRST * 2 ** Math.min(failures - 1, 10))
  return full / 2 + (Math.random() * full) / 2
}

/** Lists all pages into the store; the resource version to watch from. */
async function listAll({ access, kind, signal, store, changed }: Work, path: string): Promise<string> {
  const found = new Map<string, Kept>()
  let same = 0
  let next = ''
  let version = ''
  do {
    const query = { ...kind.query, limit: String(PAGE), ...(next === '' ? {} : { continue: next }) }
    const page = await getJson(access, { path, query, signal })
    for (const raw of list(page.items)) {
      const item = object(raw)
      const key = keyOf(item)
      const kept = keep(kind, item, store.get(key))
      if (kept.item === store.get(key)?.item) same++
      found.set(key, kept)
    }
    version = text(at(page, 'metadata', 'resourceVersion')) ?? ''
    next = text(at(page, 'metadata', 'continue')) ?? ''
  } while (next !== '')
  const different = same !== found.size || same !== store.size
  store.clear()
  for (const [key, kept] of found) store.set(key, kept)
  if (different) changed()
  return version
}

/** Follows changes until the server ends the watch: yields the resource version after each. Throws `Refused`, 410 when it is too old. */
async function* watch(work: Work, path: string, from: string, opened: () => void): AsyncGenerator<string> {
  const { access, kind, signal, store, changed, wake } = work
  const timeoutSeconds = String(WATCH + Math.floor(Math.random() * 60))
  const query = { ...kind.query, watch: 'true', allowWatchBookmarks: 'true', resourceVersion: from, timeoutSeconds }
  const asleep = new AbortController()
  const forget = wake.once(() => asleep.abort())
  const ended = AbortSignal.any([signal, asleep.signal])
  try {
    for await (const event of getLines(access, { path, query, signal: ended }, opened)) {
      const item = object(event.object)
      if (event.type === 'ERROR') throw new Refused(Number(item.code) || 0, text(item.message) ?? 'the watch failed')
      const version = text(at(item, 'metadata', 'resourceVersion'))
      if (event.type !== 'BOOKMARK' && take(store, kind, item, event.type === 'DELETED')) changed()
      if (version !== undefined) yield version
    }
  } finally {
    forget()
  }
}

/** Takes one object in or out; whether anything that is kept has changed. */
function take(store: Map<string, Kept>, kind: Kind, item: Json, deleted: boolean): boolean {
  const key = keyOf(item)
  if (deleted) return store.delete(key)
  const before = store.get(key)
  const kept = keep(kind, item, before)
  store.set(key, kept)
  return kept.item !== before?.item
}

function keyOf(item: Json): string {
  return `${text(at(item, 'metadata', 'namespace')) ?? ''}/${text(at(item, 'metadata', 'name')) ?? ''}`
}

/** What is kept of an object: the value from before when nothing of it has changed (a heartbeat, an annotation). */
function keep(kind: Kind, item: Json, before: Kept | undefined): Kept {
  const version = text(at(item, 'metadata', 'resourceVersion')) ?? ''
  if (before && version !== '' && before.version === version) return before
  const made = { apiVersion: kind.apiVersion, kind: kind.kind, ...kind.keep(item) }
  return { version, item: before && isDeepStrictEqual(before.item, made) ? before.item : made }
}
