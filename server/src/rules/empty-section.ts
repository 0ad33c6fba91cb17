// A section without items beside others: it closes nothing.

import { SECTIONS } from '../model/lower.ts'
import { atLeast } from '../model/version.ts'
import { addItem, isShared, removeEntry } from '../syntax/edit.ts'
import { entry } from '../syntax/node.ts'
import type { DocumentRule } from './rule.ts'

export const emptySection: DocumentRule = {
  id: 'empty-section',
  scope: 'document',
  severity: 'warning',
  summary: 'An empty ingress or egress, which closes nothing',
  why: "An empty section counts as absent: the direction stays as it is. It is not what Kubernetes' NetworkPolicy means by it. One empty item, `egress: [{}]`, closes the direction and allows nothing.",
  source: 'pkg/policy/api/rule.go; pkg/policy/repository.go (F18, 4.7)',
  *check(policy, lens) {
    for (const rule of policy.rules) {
      const refused = atLeast(lens.version, '1.17') && rule.items.length === 0
      if (refused) continue
      for (const section of SECTIONS) {
        const list = rule.sections[section]
        if (!list || list.open || rule.items.some(item => item.section === section)) continue
        const e = entry(rule.node, section)
        if (!e || list.items.length > 0) continue
        if (rule.enableDefaultDeny[section.startsWith('ingress') ? 'ingress' : 'egress'] === false) continue
        const shared = e.merged || isShared(rule.node) || list.alias !== undefined
        const direction = section.startsWith('ingress') ? 'ingress' : 'egress'
        yield {
          span: e.key.span,
          message: `an empty \`${section}\` has no effect: take it away${section === direction ? `, or write \`${section}: [{}]\` to close ${direction}` : ''}`,
          fixes: shared
            ? []
            : [
                {
                  title: `Remove ${section}`,
                  edits: () => removeEntry(policy.document, rule.node, section),
                },
                ...(section === direction
                  ? [{ title: `Close ${direction}: allow nothing`, edits: () => addItem(policy.document, list, {}) }]
                  : []),
              ],
        }
      }
    }
  },
}
