// L7 rules in a rule that does not close its direction.

import { atLeast } from '../model/version.ts'
import { itemsOf, portRulesOf } from './common.ts'
import { restriction } from './requests.ts'
import type { DocumentRule } from './rule.ts'

export const l7WithoutDefaultDeny: DocumentRule = {
  id: 'l7-without-default-deny',
  scope: 'document',
  about: ['enableDefaultDeny'],
  severity: 'warning',
  summary: 'L7 rules while the default deny is off',
  why: 'With `enableDefaultDeny: false` nothing but deny rules restricts the direction. Since Cilium 1.18 L7 rules then let every other request pass too: they only show what passes. Up to 1.17 requests that no rule matches are refused all the same, although the direction is not closed.',
  source: 'pkg/policy/l4.go addL4Filter (V142, F20)',
  *check(policy, lens) {
    if (!lens.config.nonDefaultDenyPolicies) return
    for (const { rule, item, portRule } of portRulesOf(itemsOf(policy))) {
      const l7 = restriction(portRule)
      if (item.deny || !l7 || rule.enableDefaultDeny[item.direction] !== false) continue
      const what = l7.kind === 'dns' ? 'questions' : 'requests'
      yield {
        span: l7.keyNode.span,
        message: atLeast(lens.version, '1.18')
          ? `the default deny is off for ${item.direction}, so all other ${what} pass too: switch it on, or write a rule for every one`
          : `the default deny is off for ${item.direction}, and yet ${what} that none of these rules matches are refused: add a rule for every one, or take these away`,
      }
    }
  },
}
