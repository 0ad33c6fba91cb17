// Networks that the API server lets pass and the agent cannot parse.

import { type Prefix, parsePrefix } from '../model/cidr.ts'
import type { Sourced } from '../model/policy.ts'
import { formats } from '../schema/formats.ts'
import { replaceValue } from '../syntax/edit.ts'
import type { Document } from '../syntax/file.ts'
import { sanitized } from './common.ts'
import type { DocumentRule, Finding } from './rule.ts'

export const cidrForm: DocumentRule = {
  id: 'cidr-form',
  scope: 'document',
  byPart: true,
  about: ['fromCIDR', 'fromCIDRSet', 'toCIDR', 'toCIDRSet'],
  severity: 'error',
  summary: 'A network with leading zeros',
  why: "The API server reads 010.0.0.0/8 and 10.0.0.0/08 as networks, Cilium's agent does not: the policy is stored and never enforced.",
  source: 'pkg/policy/api/rule_validation.go CIDR.sanitize, CIDRRule.sanitize (V052, V055, V056)',
  *check(policy, lens) {
    for (const { item } of sanitized(policy, lens)) {
      for (const member of item.members) {
        for (const peer of member.peers) {
          if (peer.kind === 'cidr') yield* form(policy.document, { value: peer.cidr, node: peer.node })
          if (peer.kind !== 'cidrSet') continue
          if (peer.cidr) yield* form(policy.document, peer.cidr)
          if (peer.cidr) for (const e of peer.except) yield* form(policy.document, e)
        }
      }
    }
  },
}

function* form(document: Document, { value, node }: Sourced<string>): Iterable<Finding> {
  const known: Prefix | undefined = parsePrefix(value)
  if (known || !formats.cidr?.(value)) return
  const better = value.includes(':') ? value : value.replace(/(^|[./])0+(?=[0-9])/g, '$1')
  const fixes = parsePrefix(better)
    ? [{ title: `Change to ${better}`, preferred: true, edits: () => replaceValue(document, node, better) }]
    : []
  yield {
    span: node.span,
    message: `Cilium cannot read ${JSON.stringify(value)} as a network: ${fixes.length ? `write ${better}` : 'write it without leading zeros'}`,
    fixes,
  }
}
