// Labels of pods beside a reserved one in one peer: nothing has both.

import { peersIn } from '../model/peers.ts'
import type { Requirement } from '../model/policy.ts'
import { itemsOf } from './common.ts'
import type { DocumentRule } from './rule.ts'

/** Identities that have no labels but reserved ones. */
const BARE = ['world', 'world-ipv4', 'world-ipv6', 'health', 'init', 'unmanaged', 'ingress']

export const reservedWithLabels: DocumentRule = {
  id: 'reserved-with-labels',
  scope: 'document',
  byPart: true,
  severity: 'warning',
  summary: 'Labels of pods and a reserved label in one selector',
  why: "All conditions of a selector must hold, and what has `reserved:world`, `reserved:health`, `reserved:init`, `reserved:unmanaged` or `reserved:ingress` has no labels of pods: the selector matches nothing. A reserved key also keeps Cilium from adding the policy's namespace. Make two items of it.",
  source: 'pkg/k8s/apis/cilium.io/utils/utils.go getEndpointSelector, pkg/identity/reserved.go (F30, 4.4)',
  *check(policy) {
    for (const { item } of itemsOf(policy)) {
      for (const peer of peersIn(item)) {
        if (peer.kind !== 'endpoints' || peer.selector.unknown) continue
        const { requirements } = peer.selector
        const bare = requirements.find(r => r.source === 'reserved' && BARE.includes(r.key) && asksFor(r))
        const label = requirements.find(r => (r.source === 'k8s' || r.source === 'any') && asksFor(r))
        if (bare && label)
          yield {
            span: label.keyNode.span,
            message: `nothing that has ${bare.written} has labels of pods too, so this matches nothing: make two items of it`,
          }
      }
    }
  },
}

const asksFor = ({ operator }: Requirement): boolean => operator === 'In' || operator === 'Exists'
