// A host of an HTTP rule that Envoy cannot compile.

import { get, items } from '../syntax/node.ts'
import { itemsOf, portRulesOf } from './common.ts'
import { complaint } from './invalid-regex.ts'
import type { DocumentRule } from './rule.ts'

export const invalidHostRegex: DocumentRule = {
  id: 'invalid-host-regex',
  scope: 'document',
  byPart: true,
  about: ['http'],
  severity: 'warning',
  summary: 'A host that is no regular expression',
  why: 'The agent checks the regular expressions of path and method, but not that of host: a bad one is accepted and fails in the proxy.',
  source: 'pkg/policy/api/http.go PortRuleHTTP.Sanitize (V121)',
  *check(policy) {
    for (const { item, portRule } of portRulesOf(itemsOf(policy))) {
      const http = portRule.l7.find(l => l.kind === 'http')
      if (item.deny || !http) continue
      for (const request of items(http.node)) {
        const host = get(request, 'host')
        if (host?.kind !== 'scalar' || host.unknown || typeof host.value !== 'string') continue
        const why = complaint(host)
        if (why !== undefined)
          yield {
            span: host.span,
            message: `this host is no regular expression (${why}): the proxy refuses it, write it in RE2 syntax`,
          }
      }
    }
  },
}
