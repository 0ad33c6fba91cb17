// Two kinds of peers in one rule item, which the agent refuses.

import type { PeerMember, Policy, RuleItem } from '../model/policy.ts'
import { same } from '../syntax/node.ts'
import type { Fix } from '../syntax/problem.ts'
import { together } from '../syntax/rendering.ts'
import { splitItem } from '../syntax/split.ts'
import { isSplittable, listing, sanitized } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const combinedPeers: DocumentRule = {
  id: 'combined-peers',
  scope: 'document',
  byPart: true,
  severity: 'error',
  summary: 'Two kinds of peers in one rule item',
  why: 'An item may name one kind of peer only: endpoints, entities, CIDRs, names, services, nodes or groups. The agent refuses the whole policy. Items are alternatives, so two items say what was meant.',
  source: 'pkg/policy/api/rule_validation.go IngressCommonRule.sanitize, EgressCommonRule.sanitize (V040, V041)',
  *check(policy, lens) {
    for (const { item } of sanitized(policy, lens)) {
      if (item.members.length < 2) continue
      const full = inOneItem(policy, item)
      const second = full[1]
      if (full.length < 2 || !second) continue
      const names = full.map(m => `\`${m.key}\``)
      yield {
        span: second.keyNode.span,
        message: `${listing(names)} cannot stand in one item: Cilium refuses the policy, make one item of each`,
        fixes: split(
          policy,
          item,
          full.map(m => m.key),
        ),
      }
    }
  },
}

/** The members that have peers and are never there without each other, as far as a template says. */
function inOneItem({ document }: Policy, item: RuleItem): PeerMember[] {
  const full = item.members.filter(m => m.list && m.peers.length > 0 && !m.key.endsWith('Requires'))
  const spans = ({ node, peers }: PeerMember) => peers.flatMap(p => (same(p.node, node) ? [] : [p.node.span]))
  const found: PeerMember[] = []
  for (const m of full) {
    const fits = spans(m).some(a => found.every(other => spans(other).some(b => together(document, a, b))))
    if (fits) found.push(m)
  }
  return found
}

function split(policy: Policy, item: RuleItem, keys: readonly string[]): Fix[] {
  const { node } = item
  const list = node.parent
  if (!isSplittable(node, list)) return []
  const title = keys.length === 2 ? 'Split into two rules' : `Split into ${keys.length} rules`
  const [, ...moved] = keys
  const names = node.entries.map(e => e.name)
  const pieces = moved.map(key => names.filter(name => name === key || !keys.includes(name)))
  return [{ title, preferred: true, edits: () => splitItem(policy.document, { list, item: node }, moved, pieces) }]
}
