// ICMP types that no message has.

import { itemsOf } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const icmpTypeRange: DocumentRule = {
  id: 'icmp-type-range',
  scope: 'document',
  byPart: true,
  about: ['icmps'],
  severity: 'warning',
  summary: 'An ICMP type beyond 255',
  why: 'The type of an ICMP message is one byte. Cilium does not check numbers: anything outside 0 to 255 is accepted and matches no message.',
  source: 'pkg/policy/api/icmp.go ICMPField.UnmarshalJSON (V157)',
  *check(policy) {
    for (const { item } of itemsOf(policy)) {
      for (const { type } of (item.icmps ?? []).flatMap(i => i.fields)) {
        if (typeof type?.value !== 'number') continue
        const inRange = type.value >= 0 && type.value <= 255
        const decodes = Math.abs(type.value) <= 2147483647
        if (!inRange && decodes)
          yield {
            span: type.node.span,
            message: `no ICMP message has the type ${type.value}: write a number from 0 to 255`,
          }
      }
    }
  },
}
