// Two kinds of peers in one rule item, which the agent refuses.

import type { PeerMember, Policy, RuleItem } from '../model/policy.ts'
import { addItemLines, entryLines, isShared, joined, removeEntry } from '../syntax/edit.ts'
import type { MapEntry, SeqNode } from '../syntax/node.ts'
import type { Edit, Fix } from '../syntax/problem.ts'
import { together } from '../syntax/rendering.ts'
import { listing, sanitized } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const combinedPeers: DocumentRule = {
  id: 'combined-peers',
  scope: 'document',
  severity: 'error',
  summary: 'Two kinds of peers in one rule item',
  why: 'An item may name one kind of peer only: endpoints, entities, CIDRs, names, services, nodes or groups. The agent refuses the whole policy. Items are alternatives, so two items say what was meant.',
  source: 'pkg/policy/api/rule_validation.go IngressCommonRule.sanitize, EgressCommonRule.sanitize (V040, V041)',
  *check(policy, lens) {
    for (const { item } of sanitized(policy, lens)) {
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
  const spans = ({ node, peers }: PeerMember) => peers.flatMap(p => (p.node === node ? [] : [p.node.span]))
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
  if (list?.kind !== 'seq' || list.flow || node.flow || isShared(node) || node.entries.some(e => e.merged)) return []
  const title = keys.length === 2 ? 'Split into two rules' : `Split into ${keys.length} rules`
  return [{ title, preferred: true, edits: () => pieces(policy, { item, list, keys }) }]
}

function pieces(policy: Policy, of: { item: RuleItem; list: SeqNode; keys: readonly string[] }): readonly Edit[] {
  const { document } = policy
  const { node } = of.item
  const [, ...moved] = of.keys
  const entries = node.entries.toSorted((a, b) => a.span.start - b.span.start)
  const lines = moved.flatMap(key => {
    const kept = entries.filter(e => e.name === key || !of.keys.includes(e.name))
    return itemLines(kept.flatMap(e => entryLines(document, e as MapEntry)))
  })
  const edits = moved.flatMap(key => removeEntry(document, node, key))
  const added = addItemLines(document, of.list, lines, of.list.items.indexOf(node))
  return joined([...edits, added])
}

const itemLines = (lines: readonly string[]): string[] =>
  lines.map((l, i) => (i === 0 ? `- ${l}` : l === '' ? '' : `  ${l}`))
