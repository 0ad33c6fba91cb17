// A secret of a header match without a name, which the agent refuses.

import { get, items, str } from '../syntax/node.ts'
import { portRulesOf, sanitized } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const emptySecret: DocumentRule = {
  id: 'empty-secret',
  scope: 'document',
  byPart: true,
  about: ['http'],
  severity: 'error',
  summary: 'A secret with an empty name in a header match',
  why: 'The value of the header comes from a Secret, so that needs a name. The API server lets an empty one pass, the agent refuses the policy.',
  source: 'pkg/policy/api/http.go HeaderMatch.sanitize (V125)',
  *check(policy, lens) {
    for (const { item, portRule } of portRulesOf(sanitized(policy, lens))) {
      const http = portRule.l7.find(l => l.kind === 'http')
      if (item.deny || !http) continue
      for (const match of items(http.node).flatMap(request => items(get(request, 'headerMatches')))) {
        const name = get(get(match, 'secret'), 'name')
        if (name && str(name) === '')
          yield {
            span: name.span,
            message: 'the name of the secret must not be empty: write it, or give the header a `value`',
          }
      }
    }
  },
}
