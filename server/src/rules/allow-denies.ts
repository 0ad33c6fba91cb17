// A section with one empty item in a policy that says it allows: it denies everything.

import type { Policy, PolicyRule } from '../model/policy.ts'
import { get, str } from '../syntax/node.ts'
import { itemsOf, keySpan } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const allowDenies: DocumentRule = {
  id: 'allow-denies',
  scope: 'document',
  severity: 'information',
  summary: 'A policy that is called an allow, and denies everything',
  why: 'An item without peers and ports selects nothing: `ingress: [{}]` switches default deny on and allows nobody. That is how everything is denied, so nothing is said about it unless the name or the description speaks of allowing. To allow everything write `fromEntities: [all]` (or `toEntities`).',
  source: 'pkg/policy/api/ingress.go AllowsWildcarding (F17, 4.7, T181)',
  *check(policy) {
    for (const { rule, item } of itemsOf(policy)) {
      if (item.deny || item.node.open || item.node.entries.length > 0 || !saysAllow(policy, rule)) continue
      if (rule.items.filter(i => i.section === item.section).length > 1) continue
      const entity = item.direction === 'ingress' ? 'fromEntities: [all]' : 'toEntities: [all]'
      yield {
        span: keySpan(rule.node, item.section),
        message: `an empty item allows nothing, so all ${item.direction} is denied: if everything is to be allowed, write \`${entity}\` in it`,
      }
    }
  },
}

function saysAllow({ name }: Policy, rule: PolicyRule): boolean {
  const words = `${name?.value ?? ''} ${str(get(rule.node, 'description')) ?? ''}`.toLowerCase()
  return /\ballow/.test(words) && !/\b(?:deny|denies|denied|block|nothing|no )/.test(words)
}
