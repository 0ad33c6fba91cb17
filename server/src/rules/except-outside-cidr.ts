// Exceptions that are no part of their network.

import { contains, networkAddress, parsePrefix } from '../model/cidr.ts'
import { peersIn } from '../model/peers.ts'
import { atLeast } from '../model/version.ts'
import { removeItem } from '../syntax/edit.ts'
import { get, indexIn } from '../syntax/node.ts'
import { itemsOf } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const exceptOutsideCidr: DocumentRule = {
  id: 'except-outside-cidr',
  scope: 'document',
  byPart: true,
  about: ['except'],
  severity: 'error',
  summary: 'An exception that is not part of its network',
  why: 'What is excepted must lie inside the network: the agent refuses the policy otherwise. Since 1.20 it also refuses an exception that is larger than the network (1.16 crashes on it).',
  source: 'pkg/policy/api/rule_validation.go CIDRRule.sanitize (V057, V058)',
  *check(policy, lens) {
    for (const { item } of itemsOf(policy)) {
      const visited = !item.deny || atLeast(lens.version, '1.17')
      for (const peer of peersIn(item)) {
        if (peer.kind !== 'cidrSet' || !peer.cidr) continue
        const cidr = parsePrefix(peer.cidr.value)
        if (!cidr) continue
        const seq = get(peer.node, 'except')
        for (const e of peer.except) {
          const except = parsePrefix(e.value)
          if (!except) continue
          const larger = except.family === cidr.family && except.bits < cidr.bits
          const crash = larger && lens.version === '1.16' && contains(cidr, networkAddress(except))
          const outside =
            visited &&
            (except.family !== cidr.family ||
              !contains(cidr, except.address) ||
              (larger && atLeast(lens.version, '1.20')))
          if (!outside && !crash) continue
          const index = seq?.kind === 'seq' ? indexIn(seq, e.node) : -1
          const fixes =
            seq?.kind === 'seq' && index >= 0
              ? [{ title: `Remove ${e.value}`, edits: () => removeItem(policy.document, seq, index) }]
              : []
          yield {
            span: e.node.span,
            message: `${e.value} is not inside ${peer.cidr.value}: except a part of the network, or take it away`,
            fixes,
          }
        }
      }
    }
  },
}
