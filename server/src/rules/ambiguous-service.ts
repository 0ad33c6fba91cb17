// Items of toServices that name a service twice, or none.

import { peersIn } from '../model/peers.ts'
import { itemsOf, keySpan, wordSpan } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const ambiguousService: DocumentRule = {
  id: 'ambiguous-service',
  scope: 'document',
  byPart: true,
  about: ['toServices'],
  severity: 'warning',
  summary: 'An item of toServices with both ways to name services, or none',
  why: 'With `k8sService` and `k8sServiceSelector` in one item Cilium uses the selector and ignores the name; with neither the item matches nothing.',
  source: 'pkg/policy/k8s/service.go serviceMatches (V075)',
  *check(policy) {
    for (const { item } of itemsOf(policy)) {
      for (const peer of peersIn(item)) {
        if (peer.kind !== 'service' || peer.node.kind !== 'map' || peer.node.open) continue
        if (peer.service && peer.selector)
          yield {
            span: keySpan(peer.node, 'k8sService'),
            message: '`k8sServiceSelector` in the same item wins, the name is ignored: make two items',
          }
        const named = peer.service?.name ?? peer.service?.namespace
        if (!peer.selector && !named && !hidden(peer.node))
          yield {
            span: wordSpan(peer.node),
            message:
              'this item names no service and matches nothing: add `k8sService` with `serviceName`, or take it away',
          }
      }
    }
  },
}

/** Whether a placeholder stands somewhere in the item. */
function hidden(node: Parameters<typeof wordSpan>[0]): boolean {
  if (node.kind === 'scalar') return node.unknown
  if (node.open) return true
  return node.kind === 'seq'
    ? node.items.some(hidden)
    : node.entries.some(e => e.value !== undefined && hidden(e.value))
}
