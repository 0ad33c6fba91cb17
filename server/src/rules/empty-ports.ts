// Port lists without ports: an empty list is about all of them, an empty item about none.

import type { RuleItem } from '../model/policy.ts'
import { isShared, removeEntry } from '../syntax/edit.ts'
import { entry, isNull } from '../syntax/node.ts'
import { itemsOf, keySpan, wordSpan } from './common.ts'
import type { DocumentRule, Finding } from './rule.ts'

export const emptyPorts: DocumentRule = {
  id: 'empty-ports',
  scope: 'document',
  byPart: true,
  severity: 'warning',
  summary: 'A list of ports without a port',
  why: '`toPorts: []` (and `icmps: []`) restrict nothing: the item is about every port. An item of toPorts without ports, `[{}]` or `[{ports: []}]`, is about no port at all, so the rule item does nothing.',
  source: 'pkg/policy/rule.go mergeL4Filter (V103, V159)',
  *check(policy) {
    for (const { item } of itemsOf(policy)) {
      for (const key of ['toPorts', 'icmps'] as const) {
        const list = entry(item.node, key)?.value
        if (list?.kind !== 'seq' || list.open || list.items.length > 0) continue
        const removable = !isShared(item.node) && !entry(item.node, key)?.merged && item.node.entries.length > 1
        yield {
          span: keySpan(item.node, key),
          message: `an empty \`${key}\` restricts nothing, the item is about all traffic of its peers: write what is meant, or take it away`,
          fixes: removable
            ? [{ title: `Remove ${key}`, edits: () => removeEntry(policy.document, item.node, key) }]
            : [],
        }
      }
      yield* none(item.deny ? 'denied' : 'allowed', item)
    }
  },
}

function* none(verb: string, item: RuleItem): Iterable<Finding> {
  for (const rule of item.toPorts ?? []) {
    const { node } = rule
    if (node.kind !== 'map' || node.open || rule.l7.some(l => l.count > 0)) continue
    const ports = entry(node, 'ports')
    const empty = isNull(ports?.value) || (ports?.value?.kind === 'seq' && !ports.value.open && !rule.ports?.length)
    if (!empty) continue
    yield {
      span: ports ? keySpan(node, 'ports') : wordSpan(node),
      message: `no port is ${verb} here: an item of toPorts needs \`ports\`, or take toPorts away for every port`,
    }
  }
  for (const icmp of item.icmps ?? []) {
    if (icmp.node.kind !== 'map' || icmp.node.open || icmp.fields.length > 0) continue
    const fields = entry(icmp.node, 'fields')?.value
    if (fields && !isNull(fields) && (fields.kind !== 'seq' || fields.open)) continue
    yield {
      span: keySpan(icmp.node, 'fields'),
      message: `no ICMP message is ${verb} here: an item of icmps needs \`fields\``,
    }
  }
}
