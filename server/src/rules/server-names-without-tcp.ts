// Server names on ports that carry no TLS.

import { itemsOf, keySpan, portRulesOf } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const serverNamesWithoutTcp: DocumentRule = {
  id: 'server-names-without-tcp',
  scope: 'document',
  byPart: true,
  about: ['serverNames'],
  severity: 'warning',
  summary: 'Server names on a port that is not TCP',
  why: 'Server names are read from TLS over TCP. Cilium accepts them on other protocols, where they restrict nothing that could be meant.',
  source: 'pkg/policy/api/rule_validation.go PortRule.sanitize does not look at the protocol (V135)',
  *check(policy) {
    for (const { item, portRule } of portRulesOf(itemsOf(policy))) {
      const { node, ports = [] } = portRule
      if (item.deny || !portRule.serverNames?.length || node.kind !== 'map' || ports.length === 0) continue
      if (!ports.every(p => p.protocol && p.protocol.value !== 'TCP' && p.protocol.value !== 'ANY')) continue
      yield {
        span: keySpan(node, 'serverNames'),
        message: 'server names are read from TLS over TCP, and these ports are not TCP: use `protocol: TCP`',
      }
    }
  },
}
