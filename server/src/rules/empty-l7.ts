// Lists of HTTP or DNS rules without a rule: nothing is filtered.

import { isShared, removeEntry } from '../syntax/edit.ts'
import { get } from '../syntax/node.ts'
import { itemsOf, portRulesOf } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const emptyL7: DocumentRule = {
  id: 'empty-l7',
  scope: 'document',
  byPart: true,
  about: ['rules'],
  severity: 'warning',
  summary: 'A list of L7 rules without a rule',
  why: 'An empty list of http or dns rules filters nothing: every request passes, without the proxy. To let every request pass through the proxy write one rule that matches all: `http: [{}]`, `dns: [{matchPattern: "*"}]`.',
  source: 'pkg/policy/api/l4.go L7Rules.IsEmpty (V129)',
  *check(policy) {
    for (const { item, portRule } of portRulesOf(itemsOf(policy))) {
      const rules = get(portRule.node, 'rules')
      for (const l7 of portRule.l7) {
        if (item.deny || l7.count > 0 || l7.node.kind !== 'seq' || l7.node.open) continue
        const holder = portRule.node
        const alone = holder.kind === 'map' && rules?.kind === 'map' && rules.entries.length === 1
        yield {
          span: l7.keyNode.span,
          message: `an empty list of ${l7.kind} rules filters nothing: write the rules, or take it away`,
          fixes:
            alone && !isShared(holder)
              ? [{ title: 'Remove rules', edits: () => removeEntry(policy.document, holder, 'rules') }]
              : [],
        }
      }
    }
  },
}
