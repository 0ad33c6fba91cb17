// One word for the whole cluster, and the sentences behind it.

import type { ClusterStatus } from '../workspace/live.ts'
import type { Reflector } from './reflector.ts'

/** What about the kinds is to be said. */
export function statusOf(
  context: string,
  server: string,
  insecure: boolean,
  reflectors: readonly Reflector[],
): ClusterStatus {
  const states = reflectors.map(r => r.mirror())
  const where = `Cluster ${context} (${server}).${insecure ? ' Its certificate is not verified: the kubeconfig says insecure-skip-tls-verify.' : ''}`
  const make = (state: ClusterStatus['state'], text: string, why: string): ClusterStatus => ({
    state,
    text,
    tooltip: `${where} ${why}`.trim(),
    context,
  })
  const lost = states.find(s => s.state === 'lost')
  if (lost)
    return make(
      'stale',
      `${context} (stale)`,
      `Lost since ${time(lost.since)}: ${lost.reason}. What was known then is used; it is tried again.`,
    )
  const unreachable = states.find(s => s.state === 'unreachable')
  if (unreachable)
    return make('failed', `${context} (not reached)`, `It cannot be read: ${unreachable.reason}. It is tried again.`)
  if (states.some(s => s.state === 'pending')) return make('connecting', `${context}…`, 'It is being read.')
  const gaps = gapsOf(reflectors)
  const live = states.filter(s => s.state === 'live').length
  if (live === 0 && gaps.length > 0)
    return make('failed', `${context} (forbidden)`, `Nothing may be read. ${gaps.join(' ')}`)
  if (gaps.length > 0) return make('partly', `${context} (partly)`, gaps.join(' '))
  return make('live', context, 'It is read live.')
}

/** What may not be read, one sentence each, with the permission to ask for. */
export function gapsOf(reflectors: readonly Reflector[]): readonly string[] {
  return reflectors.flatMap(({ kind, mirror }) =>
    mirror().state === 'forbidden'
      ? [`Not allowed to read ${kind.plural}: ask for the permission to list and watch ${kind.permission}.`]
      : [],
  )
}

/** Every kind has been read, or it is known that it cannot be. */
export function isSettled(reflectors: readonly Reflector[]): boolean {
  return reflectors.every(r => !['pending', 'unreachable'].includes(r.mirror().state))
}

function time(date: Date): string {
  return date.toTimeString().slice(0, 8)
}
