// A network of which everything is excepted.

import { covers, parsePrefix } from '../model/cidr.ts'
import { peersIn } from '../model/peers.ts'
import { atLeast } from '../model/version.ts'
import { itemsOf } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const exceptEverything: DocumentRule = {
  id: 'except-everything',
  scope: 'document',
  byPart: true,
  about: ['except'],
  severity: 'warning',
  summary: 'An exception that takes the whole network away',
  why: 'When an exception is as large as the network nothing is left: the item matches nothing.',
  source: 'pkg/ip/ip.go RemoveCIDRs (V058, T119)',
  *check(policy, lens) {
    for (const { item } of itemsOf(policy)) {
      for (const peer of peersIn(item)) {
        const cidr = peer.kind === 'cidrSet' && peer.cidr ? parsePrefix(peer.cidr.value) : undefined
        if (peer.kind !== 'cidrSet' || !cidr) continue
        for (const e of peer.except) {
          const except = parsePrefix(e.value)
          if (!except || !covers(except, cidr)) continue
          const refused = except.bits < cidr.bits && (atLeast(lens.version, '1.20') || lens.version === '1.16')
          if (!refused)
            yield {
              span: e.node.span,
              message: `${e.value} is all of ${peer.cidr?.value}, so nothing is left: except a part of it`,
            }
        }
      }
    }
  },
}
