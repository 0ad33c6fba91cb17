// Traffic that a rule allows on its own side and that the other side's policies do not let through.

import { basisOf } from '../engine/basis.ts'
import { fixOf } from '../engine/counterpart/fix.ts'
import { type Gap, gapsOf, type Pair } from '../engine/counterpart/gap.ts'
import type { Kin } from '../engine/counterpart/kin.ts'
import { openingsOf } from '../engine/counterpart/openings.ts'
import { rangeWords } from '../engine/counterpart/ports.ts'
import { refusedFor } from '../engine/leftOut.ts'
import { policies } from '../model/lower.ts'
import type { Requirement, Selector } from '../model/policy.ts'
import { CLUSTER, NAMESPACE, NAMESPACE_LABELS } from '../model/selector.ts'
import { entry, type Node, type Span } from '../syntax/node.ts'
import type { Fix, Related } from '../syntax/problem.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import { listing, wordSpan } from './common.ts'
import type { WorkspaceRule } from './rule.ts'

export const counterpartMissing: WorkspaceRule = {
  id: 'counterpart-missing',
  scope: 'workspace',
  byForce: true,
  severity: 'warning',
  summary: 'The other side does not let this traffic through',
  why: 'A connection passes only when the egress of its source and the ingress of its destination both allow it. Here one side allows traffic that the other side closes: by default deny, which a policy or the enforcement mode switches on, or by a deny rule, which wins over every allow rule. Write the missing rule on the other side. Nothing is said where the other side is open, or where not enough is known. Where this side names no peers, or no ports or protocol and the other side opens some of them, that is often meant so: then it is information only.',
  source: 'pkg/policy LookupFlow, judged for each side (facts 5, 6.1)',
  *check(policy, snapshot) {
    for (const gap of gapsOf(snapshot, policy)) {
      const refused = refusedThere(snapshot, gap)
      // Where the other side is written, but refused, mending that comes first.
      const preferred = !isLoose(gap) && refused.length === 0
      yield {
        span: peerSpan(gap),
        ...(isLoose(gap) ? { severity: 'information' as const } : {}),
        message: messageOf(snapshot, gap),
        related: [...relatedOf(gap), ...refused.slice(0, 3)],
        fixes: () => fixesOf(snapshot, gap, preferred),
      }
    }
  },
}

/** Nobody is named, or only what goes beside ports that are open: often meant so. */
const isLoose = (gap: Gap): boolean => gap.missing.loose || gap.peer === undefined

function fixesOf(snapshot: Snapshot, gap: Gap, preferred: boolean): readonly Fix[] {
  if (gap.denied) return []
  const fix = fixOf(snapshot, gap.policy, openingsOf(snapshot, gap), { preferred })
  return fix ? [fix] : []
}

/** The smallest text that names the peer: its one label's value, an entity, a service's name; else its first word. */
export function peerSpan({ peer, entry: { item } }: Pick<Gap, 'peer' | 'entry'>): Span {
  if (!peer) return keyOf(item.node)
  if (peer.kind === 'endpoints') return selectorSpan(peer.selector)
  if (peer.kind === 'service' && peer.selector) return selectorSpan(peer.selector.selector)
  if (peer.kind === 'service' && peer.service?.name) return peer.service.name.node.span
  return wordSpan(peer.node)
}

function keyOf(item: Node): Span {
  const e = entry(item, 'toPorts') ?? entry(item, 'icmps')
  return e && !e.merged ? e.key.span : wordSpan(item)
}

function selectorSpan({ node, requirements }: Selector): Span {
  if (node.alias) return node.span
  const place = (r: Requirement) => r.key === NAMESPACE || r.key === CLUSTER || r.key.startsWith(NAMESPACE_LABELS)
  const own = requirements.filter(r => !place(r))
  const named = own.length > 0 ? own : requirements
  const [first] = named
  if (!first || named.some(r => !isInside(r.node.span, node.span))) return wordSpan(node)
  if (named.length === 1) return valueSpan(first)
  const spans = named.flatMap(r => [r.keyNode.span, r.node.span])
  return { start: Math.min(...spans.map(s => s.start)), end: Math.max(...spans.map(s => s.end)) }
}

function valueSpan({ node, keyNode, operator }: Requirement): Span {
  if (node.kind === 'scalar') return node.span
  const values = entry(node, 'values')?.value
  return operator === 'In' && values?.kind === 'seq' && values.items.length === 1 && values.items[0]
    ? values.items[0].span
    : keyNode.span
}

const isInside = (inner: Span, outer: Span): boolean => inner.start >= outer.start && inner.end <= outer.end

function messageOf(snapshot: Snapshot, gap: Gap): string {
  const { pairs, side, denied } = gap
  const from = named(side === 'ingress' ? owns(pairs) : others(pairs))
  const to = named(side === 'ingress' ? others(pairs) : owns(pairs))
  const ports = portWords(gap)
  const left = gap.left > 0 ? ` (${gap.left} more pairs of pods were not looked at)` : ''
  const flow = `${from} may not reach ${to}${ports}`
  if (denied) {
    const end = side === 'ingress' ? 'the destination' : 'the source'
    return `${flow}${left}: a deny rule at ${end} wins over every allow rule, change it or take this peer out`
  }
  const closed =
    side === 'ingress' ? 'no ingress rule of the destination allows it' : 'no egress rule of the source allows it'
  const mode = gap.because.length === 0 && basisOf(snapshot).config.enforcementMode === 'always'
  const why = mode ? ' (enforcement mode always)' : ''
  return `${flow}${left}: ${closed}${why}, add one there`
}

const owns = (pairs: readonly Pair[]): readonly Kin[] => pairs.map(p => p.own)
const others = (pairs: readonly Pair[]): readonly Kin[] => pairs.map(p => p.other)

function named(kin: readonly Kin[]): string {
  const names = [...new Set(kin.map(k => k.name))]
  if (names.length <= 3) return listing(names)
  return `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`
}

function portWords({ missing, entry: { item } }: Gap): string {
  const { whole, everything, ranges, open, named: names } = missing
  if (whole && everything) return ' on any port'
  if (whole && open.length > 0 && open.length <= 4) return ` on any port but ${listing(open.map(rangeWords))}`
  if (whole) return ' on most ports'
  const words = [...names.map(n => n.port?.value ?? ''), ...wordsOf(ranges, item.toPorts !== undefined)]
  if (words.length === 0) return ''
  return ` on ${words.length > 5 ? `${words.slice(0, 4).join(', ')} and ${words.length - 4} more` : listing(words)}`
}

function wordsOf(ranges: Gap['missing']['ranges'], ports: boolean): readonly string[] {
  if (!ports) return ranges.map(r => `${r.protocol} type ${r.from}`)
  const byPort = new Map<string, string[]>()
  for (const r of ranges) {
    const [port, protocol] = rangeWords(r).split('/')
    byPort.set(port ?? '', [...(byPort.get(port ?? '') ?? []), protocol ?? ''])
  }
  return [...byPort].map(([port, list]) => (list.length === 3 ? `${port}/ANY` : `${port}/${list.join('+')}`))
}

/** What would be about the closed side, if Cilium did not refuse it. */
function refusedThere(snapshot: Snapshot, { pairs }: Gap): readonly Related[] {
  const there = refusedFor(snapshot, [...new Set(pairs.map(p => p.other.identity))])
  return there.map(({ policy, place }) => ({
    place,
    message: `Cilium refuses ${policy.name?.value ?? 'this policy'}, which would select the other side: it enforces nothing`,
  }))
}

/** So many lines of the other side are named. */
const MOST_RELATED = 10

function relatedOf({ because, side }: Gap): readonly Related[] {
  const related: Related[] = []
  for (const { place, effect } of because) {
    if (related.length === MOST_RELATED) break
    if (!place) continue
    const policy = policies(place.document).find(p => isInside(place.span, p.root.span))?.name?.value ?? 'a policy'
    const message = effect === 'deny' ? `${policy} denies it here` : `${policy} allows nothing else on ${side}`
    const isSaid = related.some(
      r => r.place.document === place.document && r.place.span.start === place.span.start && r.message === message,
    )
    if (!isSaid) related.push({ place, message })
  }
  return related
}
