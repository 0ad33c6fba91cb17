// Networks with bits set beyond their length.

import { hasHostBits, masked, parsePrefix } from '../model/cidr.ts'
import { peersIn } from '../model/peers.ts'
import type { Policy, Sourced } from '../model/policy.ts'
import { replaceValue } from '../syntax/edit.ts'
import { itemsOf } from './common.ts'
import type { DocumentRule, Finding } from './rule.ts'

export const cidrHostBits: DocumentRule = {
  id: 'cidr-host-bits',
  scope: 'document',
  byPart: true,
  about: ['fromCIDR', 'fromCIDRSet', 'toCIDR', 'toCIDRSet'],
  severity: 'warning',
  summary: 'A network written with bits beyond its length',
  why: 'Cilium clears the bits that the length does not cover: 10.1.2.3/8 is all of 10.0.0.0/8, not one address. Write the network that is meant.',
  source: 'pkg/labels/cidr.go maskedIPToLabel; netip.Prefix.Masked (V053)',
  *check(policy) {
    for (const { item } of itemsOf(policy)) {
      for (const peer of peersIn(item)) {
        if (peer.kind === 'cidr') yield* judge(policy, { value: peer.cidr, node: peer.node })
        if (peer.kind !== 'cidrSet') continue
        if (peer.cidr) yield* judge(policy, peer.cidr)
        for (const except of peer.except) yield* judge(policy, except)
      }
    }
  },
}

function* judge(policy: Policy, { value, node }: Sourced<string>): Iterable<Finding> {
  const prefix = parsePrefix(value)
  if (!prefix || !hasHostBits(prefix)) return
  const network = masked(prefix)
  const single = `${value.slice(0, value.lastIndexOf('/'))}/${prefix.family === 4 ? 32 : 128}`
  const change = (text: string) => ({
    title: `Change to ${text}`,
    edits: () => replaceValue(policy.document, node, text),
  })
  yield {
    span: node.span,
    message: `${value} means all of ${network}: write that, or ${single} for the one address`,
    fixes: [{ ...change(network), preferred: true }, change(single)],
  }
}
