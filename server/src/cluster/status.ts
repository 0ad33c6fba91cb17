// One word for the whole cluster, and the sentences behind it: since when, why, and what to do.

import type { ClusterState, ClusterStatus } from '../workspace/live.ts'
import { permissionWords } from './kinds.ts'
import type { Failing, Reflector } from './reflector.ts'

/** Failures in a row after which a kind that was never read no longer keeps the others waiting. */
const PATIENCE = 3

/** Which cluster it is about. */
export interface Where {
  readonly context: string
  /** The server's address. */
  readonly server: string
  readonly insecure: boolean
}

/**
 * Since when the cluster is away of which we have a picture; undefined when it is there or was never. `before`: it was away until now. Then
 * it is back when every kind is.
 */
export function lostSince(reflectors: readonly Reflector[], before: boolean): Date | undefined {
  return lostOf(reflectors, before)?.since
}

function lostOf(reflectors: readonly Reflector[], before: boolean): Failing | undefined {
  return oldest(awayOf(reflectors, before).filter(m => m.known))
}

/** The kinds that are away. When nothing is read any more, it is the cluster that is away, whatever it answers. */
function awayOf(reflectors: readonly Reflector[], before: boolean): Failing[] {
  const mirrors = reflectors.map(r => r.mirror()).map(m => (before && m.state === 'live' && m.doubt ? m.doubt : m))
  const nothing = isSettled(reflectors) && !mirrors.some(m => m.state === 'live')
  return mirrors.filter(m => m.state === 'failing').filter(m => m.away || nothing)
}

/** How things are. `before`: the cluster was away until now. */
export function statusOf(where: Where, reflectors: readonly Reflector[], before: boolean): ClusterStatus {
  const mirrors = reflectors.map(r => r.mirror())
  const { context } = where
  const lost = lostOf(reflectors, before)
  const make = (state: ClusterState, text: string, why: string) => status(where, state, text, why)
  if (lost)
    return make(
      'stale',
      `${context} (stale)`,
      `Lost since ${time(lost.since)}: ${lost.reason}. What was known then is used; it is tried again.`,
    )
  const live = mirrors.some(m => m.state === 'live')
  const away = oldest(awayOf(reflectors, before))
  if (away && !live)
    return make('failed', `${context} (not reached)`, `It cannot be read: ${away.reason}. It is tried again.`)
  const waiting = !live || mirrors.some(m => m.state === 'pending' || (m.state === 'failing' && m.away))
  if (!isSettled(reflectors) && waiting) return make('connecting', `${context}…`, 'It is being read.')
  const gaps = gapsOf(reflectors)
  const what = [...gaps, ...(mirrors.some(m => m.state === 'forbidden') ? [READY] : [])].join(' ')
  if (!live && gaps.length > 0) return make('failed', `${context} (forbidden)`, `Nothing may be read. ${what}`)
  if (gaps.length > 0) return make('partly', `${context} (partly)`, what)
  return make('live', context, 'It is read live.')
}

const READY = 'A ClusterRole with all permissions is in docs/cluster-role.yaml of Cilium Policy.'

/** A status about the cluster as a whole. */
export function status(where: Where, state: ClusterState, text: string, why: string): ClusterStatus {
  const unverified = where.insecure
    ? ' Its certificate is not verified: the kubeconfig says insecure-skip-tls-verify.'
    : ''
  const tooltip = `Cluster ${where.context} (${address(where.server)}).${unverified} ${why}`.trim()
  return { state, text: where.insecure ? `${text} (insecure)` : text, tooltip, context: where.context }
}

/** The address without a user's name and password. */
function address(server: string): string {
  if (!URL.canParse(server)) return server
  const url = new URL(server)
  return `${url.protocol}//${url.host}${url.pathname === '/' ? '' : url.pathname}`
}

function oldest(failing: readonly Failing[]): Failing | undefined {
  return failing.toSorted((a, b) => a.since.getTime() - b.since.getTime())[0]
}

/** What is not read, one sentence each, with the permission to ask for. */
export function gapsOf(reflectors: readonly Reflector[]): readonly string[] {
  return reflectors.flatMap(({ kind, mirror }) => {
    const m = mirror()
    const ask = `ask for the permission to get, list and watch ${permissionWords(kind.permission)}.`
    if (m.state === 'forbidden')
      return m.known
        ? [`No longer allowed to read ${kind.plural} since ${time(m.since)}; what was known then is used: ${ask}`]
        : [`Not allowed to read ${kind.plural}: ${ask}`]
    if (m.state !== 'failing' || (m.away && m.known)) return []
    return [
      `${upper(kind.plural)} cannot be read since ${time(m.since)} (${m.reason})${m.known ? '; what was known then is used' : ''}.`,
    ]
  })
}

const upper = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1)

/** Every kind has been read, or it is known that it cannot be. */
export function isSettled(reflectors: readonly Reflector[]): boolean {
  return reflectors.every(r => {
    const m = r.mirror()
    return m.state !== 'pending' && (m.state !== 'failing' || m.known || m.attempts >= PATIENCE)
  })
}

/** "14:03:07", with the date when it is not today. */
export function time(date: Date, now: Date = new Date()): string {
  const clock = date.toTimeString().slice(0, 8)
  const day = (d: Date) =>
    `${d.getFullYear()}-${String(d.getMonth() + 1).padStart(2, '0')}-${String(d.getDate()).padStart(2, '0')}`
  return day(date) === day(now) ? clock : `${day(date)} ${clock}`
}
