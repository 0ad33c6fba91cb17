// ICMP types and ports in one rule item.

import type { Document } from '../syntax/file.ts'
import type { MapNode } from '../syntax/node.ts'
import type { Fix } from '../syntax/problem.ts'
import { together } from '../syntax/rendering.ts'
import { splitItem } from '../syntax/split.ts'
import { isSplittable, keySpan, sanitized } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const icmpsAndPorts: DocumentRule = {
  id: 'icmps-and-ports',
  scope: 'document',
  byPart: true,
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
      yield {
        span: keySpan(node, 'icmps'),
        message: '`icmps` and `toPorts` cannot stand in one item: Cilium refuses the policy, make two items',
        fixes: split(policy.document, node),
      }
    }
  },
}

function split(document: Document, item: MapNode): Fix[] {
  const list = item.parent
  if (!isSplittable(item, list)) return []
  const names = item.entries.map(e => e.name).filter(name => name !== 'toPorts')
  const edits = () => splitItem(document, { list, item }, ['icmps'], [names])
  return [{ title: 'Split into two rules', preferred: true, edits }]
}
