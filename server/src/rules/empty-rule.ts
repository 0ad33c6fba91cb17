// A rule whose sections are all empty, which the agent refuses since 1.17.

import { SECTIONS } from '../model/lower.ts'
import { entry, items } from '../syntax/node.ts'
import { keySpan } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const emptyRule: DocumentRule = {
  id: 'empty-rule',
  scope: 'document',
  severity: 'error',
  since: '1.17',
  summary: 'A rule without a single item',
  why: 'A rule needs at least one item in one of its sections; the agent refuses one whose lists are all empty. To close a direction without allowing anything, write one empty item: `ingress: [{}]`.',
  source: 'pkg/policy/api/rule_validation.go Rule.Sanitize (V020)',
  *check(policy) {
    for (const rule of policy.rules) {
      if (rule.items.length > 0) continue
      const present = SECTIONS.flatMap(s => entry(rule.node, s) ?? [])
      if (rule.node.open || present.length === 0) continue
      const empty = present.every(
        e =>
          e.value === undefined ||
          (e.value.kind === 'scalar'
            ? e.value.value === null && !e.value.unknown
            : e.value.kind === 'seq' && items(e.value).length === 0 && !e.value.open),
      )
      const first = present.find(e => e.value?.kind === 'seq')
      if (!empty || !first) continue
      yield {
        span: keySpan(rule.node, first.name),
        message: `this rule has no items: Cilium refuses it, add one (\`[{}]\` closes the direction and allows nothing)`,
      }
    }
  },
}
