// ICMP types and ports in one rule item.

import { addItemLines, entryLines, isShared, removeEntry } from '../syntax/edit.ts'
import { entry } from '../syntax/node.ts'
import { together } from '../syntax/rendering.ts'
import { keySpan, sanitized } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const icmpsAndPorts: DocumentRule = {
  id: 'icmps-and-ports',
  scope: 'document',
  about: ['icmps'],
  severity: 'error',
  summary: 'ICMP types and ports in one rule item',
  why: 'An item is about ports or about ICMP. The agent refuses both together: make two items.',
  source: 'pkg/policy/api/rule_validation.go (V151)',
  *check(policy, lens) {
    for (const { item } of sanitized(policy, lens)) {
      if (!item.icmps?.length || !item.toPorts?.length) continue
      const { node } = item
      const [icmp, port] = [item.icmps[0], item.toPorts[0]]
      if (icmp && port && !together(policy.document, icmp.node.span, port.node.span)) continue
      const list = node.parent
      const movable =
        list?.kind === 'seq' && !list.flow && !node.flow && !isShared(node) && !node.entries.some(e => e.merged)
      const edits = () => {
        if (list?.kind !== 'seq') return []
        const peers = node.entries.filter(e => e.name !== 'toPorts')
        const lines = peers.flatMap(e => entryLines(policy.document, e)).map((l, i) => (i === 0 ? `- ${l}` : `  ${l}`))
        return [
          ...removeEntry(policy.document, node, 'icmps'),
          addItemLines(policy.document, list, lines, list.items.indexOf(node)),
        ]
      }
      const last = entry(node, 'icmps')
      const isLast = last?.span.end === Math.max(...node.entries.map(e => e.span.end))
      yield {
        span: keySpan(node, 'icmps'),
        message: '`icmps` and `toPorts` cannot stand in one item: Cilium refuses the policy, make two items',
        fixes: movable && !isLast ? [{ title: 'Split into two rules', preferred: true, edits }] : [],
      }
    }
  },
}
