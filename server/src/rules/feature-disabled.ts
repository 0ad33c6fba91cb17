// Members that the agent refuses because of how Cilium is configured.

import { keySpan, portRulesOf, sanitized } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const featureDisabled: DocumentRule = {
  id: 'feature-disabled',
  scope: 'document',
  byPart: true,
  severity: 'error',
  summary: 'A member whose feature is switched off in Cilium',
  why: 'fromNodes and toNodes need `enable-node-selector-labels` (off by default); L7 rules need `enable-l7-proxy` and icmps `enable-icmp-rules` (both on by default). With the switch off the agent refuses the policy.',
  source: 'pkg/policy/api/rule_validation.go (V044, V110, V150)',
  *check(policy, lens) {
    for (const { item } of sanitized(policy, lens)) {
      for (const m of item.members) {
        if (m.key.endsWith('Nodes') && m.list && m.peers.length > 0 && !lens.config.nodeSelectorLabels) {
          yield {
            span: m.keyNode.span,
            message: `\`${m.key}\` needs Cilium's \`enable-node-selector-labels\`, which is off: switch it on, or tell it with the setting \`ciliumPolicy.config\``,
          }
        }
      }
      if (item.icmps?.length && !lens.config.icmpRules) {
        yield {
          span: keySpan(item.node, 'icmps'),
          message: "`icmps` needs Cilium's `enable-icmp-rules`, which is off: switch it on, or take the rule away",
        }
      }
    }
    if (lens.config.l7Proxy) return
    for (const { portRule } of portRulesOf(sanitized(policy, lens))) {
      const l7 = portRule.l7.find(l => l.count > 0)
      if (l7)
        yield {
          span: l7.keyNode.span,
          message: "L7 rules need Cilium's `enable-l7-proxy`, which is off: switch it on, or take the rules away",
        }
    }
  },
}
