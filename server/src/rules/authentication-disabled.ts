// Authentication while mutual authentication is switched off.

import { itemsOf, keySpan, removal } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const authenticationDisabled: DocumentRule = {
  id: 'authentication-disabled',
  scope: 'document',
  byPart: true,
  about: ['authentication'],
  severity: 'warning',
  summary: 'Authentication while mutual authentication is off',
  why: 'Where Cilium runs without mutual authentication (`mesh-auth-enabled: false`) traffic that must be authenticated cannot be; since 1.19 the operator marks the policy as not valid, whatever the mode.',
  source: 'operator/pkg/networkpolicy (V161)',
  *check(policy, lens) {
    if (lens.config.mutualAuthentication !== false) return
    for (const { item } of itemsOf(policy)) {
      if (!item.authentication) continue
      yield {
        span: keySpan(item.node, 'authentication'),
        message: 'mutual authentication is switched off in Cilium: switch it on, or take `authentication` away',
        fixes: removal(policy, item.node, 'authentication', false),
      }
    }
  },
}
