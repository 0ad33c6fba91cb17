// enableDefaultDeny for a direction in which the rule has nothing.

import { entry, get } from '../syntax/node.ts'
import { removal } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const defaultDenyWithoutEffect: DocumentRule = {
  id: 'default-deny-without-effect',
  scope: 'document',
  about: ['enableDefaultDeny'],
  severity: 'warning',
  summary: 'enableDefaultDeny without effect',
  why: 'enableDefaultDeny belongs to the items of its direction: `true` for a direction without items closes nothing (write one empty item, `[{}]`). And where Cilium runs with `enable-non-default-deny-policies: false`, `false` is ignored.',
  source: 'pkg/policy/utils/parserules.go; pkg/policy/repository.go (V032, 0.3)',
  *check(policy, lens) {
    for (const rule of policy.rules) {
      const node = get(rule.node, 'enableDefaultDeny')
      if (node?.kind !== 'map' || rule.node.open) continue
      for (const direction of ['ingress', 'egress'] as const) {
        const value = rule.enableDefaultDeny[direction]
        const e = entry(node, direction)
        if (value === undefined || !e) continue
        const has = rule.items.some(i => i.direction === direction)
        const open = [rule.sections[direction], rule.sections[`${direction}Deny`]].some(s => s?.open)
        if (value && !has && !open)
          yield {
            span: e.key.span,
            message: `this rule has nothing for ${direction}, so it does not close ${direction}: write \`${direction}: [{}]\` to close it, or take this away`,
            fixes: removal(
              policy,
              node.entries.length > 1 ? node : rule.node,
              node.entries.length > 1 ? direction : 'enableDefaultDeny',
              false,
            ),
          }
        if (!value && has && !lens.config.nonDefaultDenyPolicies)
          yield {
            span: e.key.span,
            message: `Cilium runs with \`enable-non-default-deny-policies: false\`, which ignores this: ${direction} is closed all the same`,
          }
      }
    }
  },
}
