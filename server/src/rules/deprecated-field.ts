// Members that still work in the version in force, and that a later one drops.

import { atLeast } from '../model/version.ts'
import type { Span } from '../syntax/node.ts'
import { itemsOf, portRulesOf } from './common.ts'
import type { DocumentRule, Finding } from './rule.ts'

const REQUIRES =
  'Cilium 1.19 drops it: put its labels into each selector of the endpoints that may connect, or deny the others'

export const deprecatedField: DocumentRule = {
  id: 'deprecated-field',
  scope: 'document',
  byPart: true,
  about: ['fromRequires', 'toRequires', 'kafka', 'l7'],
  severity: 'hint',
  until: '1.19',
  summary: 'A member that a later version of Cilium drops',
  why: 'fromRequires and toRequires are deprecated since 1.17 and refused since 1.19; rules for Kafka are deprecated since 1.19 and unknown since 1.20, as are l7proto and l7. After an upgrade the API server refuses the policy, and changes to it are lost.',
  source: 'pkg/policy/api/ingress.go, egress.go, l4.go of the versions (V045, V130, V131)',
  *check(policy, lens) {
    for (const { item } of itemsOf(policy)) {
      for (const m of item.members) {
        if (!m.key.endsWith('Requires') || !m.list || m.peers.length === 0 || atLeast(lens.version, '1.19')) continue
        yield found(m.keyNode.span, m.key, REQUIRES)
      }
    }
    for (const { portRule } of portRulesOf(itemsOf(policy)))
      for (const l7 of portRule.l7) if (DROPPED[l7.kind]) yield found(l7.keyNode.span, l7.kind, DROPPED[l7.kind] ?? '')
  },
}

/** The version that drops a kind of L7 rules, and what to do instead. */
const DROPPED: Readonly<Record<string, string>> = {
  kafka: 'Cilium 1.20 drops it: allow the port without rules, and let the brokers decide about topics',
  l7: 'Cilium 1.20 drops it: allow the port without rules, or use a `listener`',
}

function found(span: Span, name: string, advice: string): Finding {
  return { span, message: `\`${name}\` is deprecated, ${advice}` }
}
