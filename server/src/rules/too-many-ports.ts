// More ports in a deny rule than the agent takes.

import { keySpan, portRulesOf, sanitized } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const tooManyPorts: DocumentRule = {
  id: 'too-many-ports',
  scope: 'document',
  byPart: true,
  severity: 'error',
  since: '1.17',
  summary: 'More than 40 ports in an item of a deny rule',
  why: 'The API server has no limit for deny rules, the agent has: 40 entries in one list of ports.',
  source: 'pkg/policy/api/rule_validation.go PortDenyRule.sanitize (V099)',
  *check(policy, lens) {
    for (const { item, portRule } of portRulesOf(sanitized(policy, lens))) {
      if (item.deny && (portRule.ports?.length ?? 0) > 40)
        yield {
          span: keySpan(portRule.node, 'ports'),
          message: 'there are more than 40 ports here: Cilium refuses the policy, use ranges or split the item',
        }
    }
  },
}
