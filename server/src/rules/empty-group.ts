// Groups of cloud providers that name no provider.

import { peersIn } from '../model/peers.ts'
import { get } from '../syntax/node.ts'
import { itemsOf, wordSpan } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const emptyGroup: DocumentRule = {
  id: 'empty-group',
  scope: 'document',
  byPart: true,
  about: ['fromGroups', 'toGroups'],
  severity: 'warning',
  summary: 'A group without a provider',
  why: 'An item of toGroups or fromGroups without `aws` matches nothing.',
  source: 'pkg/policy/api/groups.go (V080)',
  *check(policy) {
    for (const { item } of itemsOf(policy)) {
      for (const peer of peersIn(item)) {
        if (peer.kind !== 'group' || peer.node.kind !== 'map' || peer.node.open || get(peer.node, 'aws')) continue
        yield { span: wordSpan(peer.node), message: 'this group names no provider and matches nothing: add `aws`' }
      }
    }
  },
}
