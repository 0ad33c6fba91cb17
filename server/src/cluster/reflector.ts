// One kind of a cluster, mirrored: listed in pages, then watched; listed again when the server has forgotten where we were.

import { isDeepStrictEqual } from 'node:util'
import type { Access } from './access.ts'
import type { Kind } from './kinds.ts'
import { at, type Json, list, object, text } from './plain.ts'
import { Refused, Silent } from './refused.ts'
import { getJson, getLines } from './request.ts'
import { connectionSignal, sleep, type Wake } from './wake.ts'

/**
 * How things are with one kind. `absent`: the server does not serve it. `known`: there are objects from before, when it was live.
 * `doubt`: it was live, its connection broke a moment ago, and it is not known yet whether another one works.
 */
export type Mirror =
  | { readonly state: 'pending' | 'absent' }
  | { readonly state: 'live'; readonly doubt?: Failing }
  | { readonly state: 'forbidden'; readonly known: boolean; readonly since: Date }
  | Failing

/** `away`: nothing answers or the credentials are refused, so that it is not about this kind alone. */
export interface Failing {
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
/** The longest wait for a kind that is forbidden or not served, or because the server asks for it. */
const SELDOM = 120_000
/** How often in a row a kind that was read must not be served to count as gone: a server that starts may say so for a moment. */
const GONE = 3
/** Milliseconds in which a watch that goes on has begun to say what was missed, or that it does not know any more. */
const SETTLED = 1000
/** Milliseconds below which a watch was none: what ends every watch so soon would have us ask without end. */
const BRIEF = 5_000

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
  /** Where a watch goes on; undefined: it has to be listed first. */
  version: string | undefined
  asked: 'list' | 'watch'
  /** Whether it has been listed: what is kept may be old, but it was so. */
  listed: boolean
  /** How often in a row: it failed, its watch ended soon, the server had forgotten where we were, it was not served. */
  failures: number
  brief: number
  forgotten: number
  missing: number
  /** When something came last, and since when nothing works. */
  heard: Date
  lost: Date | undefined
}

async function run(work: Work): Promise<void> {
  const counts = { failures: 0, brief: 0, forgotten: 0, missing: 0 }
  const nothing = { path: 0, version: undefined, asked: 'list', listed: false, lost: undefined } as const
  const progress: Progress = { ...nothing, ...counts, heard: new Date() }
  while (!work.signal.aborted) {
    try {
      await follow(work, progress)
      if (progress.brief > 0) await sleep(backoff(progress.brief), work.signal, work.wake)
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
  const goesOn = progress.version !== undefined
  progress.asked = 'list'
  progress.version ??= await listAll(work, path, progress.forgotten < 2)
  progress.listed = true
  progress.missing = 0
  progress.asked = 'watch'
  const seen = observe(work, progress, goesOn)
  try {
    for await (const version of watch(work, path, progress.version, seen.opened)) seen.said(version)
    seen.ended('by the server')
  } catch (error) {
    seen.ended(error instanceof Silent ? 'in silence' : 'broken')
    throw error
  }
}

/** What one watch shows of how things are; `goesOn`: it was not listed just before. */
function observe(work: Work, progress: Progress, goesOn: boolean) {
  let began: number | undefined
  let timer: NodeJS.Timeout | undefined
  let said = false
  const works = () => {
    clearTimeout(timer)
    progress.failures = 0
    progress.lost = undefined
    work.become({ state: 'live' })
  }
  return {
    opened: () => {
      began = performance.now()
      progress.heard = new Date()
      if (goesOn) timer = setTimeout(works, SETTLED)
      else works()
    },
    said: (version: string) => {
      if (!said) works()
      said = true
      progress.version = version
      progress.heard = new Date()
    },
    ended: (how: 'by the server' | 'in silence' | 'broken') => {
      clearTimeout(timer)
      if (began === undefined) return
      const soon = how !== 'in silence' && performance.now() - began < BRIEF
      progress.brief = soon ? progress.brief + 1 : 0
      if (!soon) progress.forgotten = 0
      // Nothing was said where something could have been: that does not mean that nothing has happened.
      if (!said && (how === 'in silence' || (soon && how === 'by the server'))) progress.version = undefined
    },
  }
}

/** What is to be done after a failure; returns the milliseconds to wait before it is tried again. */
function recover(work: Work, progress: Progress, refused: Refused): number {
  const { status, after } = refused
  const elsewhere = status === 404 || status === 403
  if (elsewhere || status === 410) progress.version = undefined
  if (status === 410 && ++progress.forgotten === 1) return 0
  if (elsewhere && ++progress.path < work.kind.paths.length) return 0
  progress.path = 0
  progress.failures++
  if (status === 404) progress.missing++
  progress.lost ??= refused instanceof Silent ? progress.heard : new Date()
  const next = mirrorAfter(work, progress, refused)
  // A watch that broke is tried again soon; only a second failure says that the cluster is away.
  const sure = progress.failures > 1 || progress.asked === 'list' || work.mirror().state !== 'live'
  work.become(sure || next.state !== 'failing' ? next : { state: 'live', doubt: next })
  const times = Math.max(progress.failures, progress.brief, progress.forgotten)
  return Math.max(Math.min(after, SELDOM), backoff(times, elsewhere ? SELDOM : LONGEST))
}

function mirrorAfter({ kind, mirror, store, changed }: Work, progress: Progress, refused: Refused): Mirror {
  const { status, message } = refused
  const { listed: known, missing, failures: attempts } = progress
  const was = mirror()
  // Every API server serves the kinds of Kubernetes itself: what says that it does not is none.
  if (status === 404 && kind.permission.group !== '') {
    if (known && missing < GONE) return was
    if (store.size > 0) changed()
    store.clear()
    progress.listed = false
    return { state: 'absent' }
  }
  const state = status === 403 ? 'forbidden' : 'failing'
  const since = 'since' in was && was.state === state ? was.since : (progress.lost ?? new Date())
  if (state === 'forbidden') return { state, known, since }
  const away = status === 0 || status === 401
  return { state, reason: message, known, away, since, attempts }
}

/** Milliseconds to wait: doubled with each failure, with a random half. */
function backoff(failures: number, longest = LONGEST): number {
  const full = Math.min(longest, FIRST * 2 ** Math.min(failures - 1, 10))
  return full / 2 + (Math.random() * full) / 2
}

/** Lists all pages (or in one piece) into the store; the resource version to watch from. Throws `Refused`, 410 when pages have expired. */
async function listAll(work: Work, path: string, inPages: boolean): Promise<string> {
  const { access, kind, signal, store, changed } = work
  const found = new Map<string, Kept>()
  let same = 0
  let next = ''
  let version = ''
  do {
    const pages = inPages ? { limit: String(PAGE), ...(next === '' ? {} : { continue: next }) } : {}
    const page = await getJson(access, { path, query: { ...kind.query, ...pages }, signal })
    const before = next
    version = text(at(page, 'metadata', 'resourceVersion')) ?? ''
    next = text(at(page, 'metadata', 'continue')) ?? ''
    // An answer of something else must not look like a cluster without objects.
    if (version === '' || (next !== '' && next === before)) throw new Refused(0, NO_LIST)
    for (const raw of list(page.items)) {
      const item = object(raw)
      const key = keyOf(item)
      const kept = keep(kind, item, store.get(key))
      if (kept.item === store.get(key)?.item) same++
      found.set(key, kept)
    }
  } while (next !== '')
  const different = same !== found.size || same !== store.size
  store.clear()
  for (const [key, kept] of found) store.set(key, kept)
  if (different) changed()
  return version
}

const NO_LIST =
  'the answer is not a list: this is no Kubernetes API server, or something between us answers in its place'
const CHANGES = ['ADDED', 'MODIFIED', 'DELETED']

/**
 * Follows changes until the server ends the watch: yields the resource version after each. Throws `Refused`, 410 when it is too old, and
 * `Silent` when nothing comes any more: then the other connections are not trusted either.
 */
async function* watch(work: Work, path: string, from: string, opened: () => void): AsyncGenerator<string> {
  const { access, kind, signal, store, changed, wake } = work
  const timeoutSeconds = String(WATCH + Math.floor(Math.random() * 60))
  const query = { ...kind.query, watch: 'true', allowWatchBookmarks: 'true', resourceVersion: from, timeoutSeconds }
  const connection = connectionSignal(signal, wake)
  try {
    for await (const event of getLines(access, { path, query, signal: connection.signal }, opened)) {
      const item = object(event.object)
      if (event.type === 'ERROR') throw new Refused(Number(item.code) || 0, text(item.message) ?? 'the watch failed')
      const version = text(at(item, 'metadata', 'resourceVersion'))
      if (version === undefined) throw new Refused(0, 'the answer is not a watch')
      if (CHANGES.includes(String(event.type)) && take(store, kind, item, event.type === 'DELETED')) changed()
      yield version
    }
  } catch (error) {
    if (connection.woken()) throw new Silent('the connection was ended')
    if (error instanceof Silent) wake.fire()
    throw error
  } finally {
    connection.release()
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
