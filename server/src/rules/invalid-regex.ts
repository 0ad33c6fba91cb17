// Regular expressions that Go does not know.

import { goComplaint } from '../model/goRegex.ts'
import { replaceValue } from '../syntax/edit.ts'
import type { Document } from '../syntax/file.ts'
import { get, items, type ScalarNode } from '../syntax/node.ts'
import { portRulesOf, sanitized } from './common.ts'
import type { DocumentRule, Finding } from './rule.ts'

export const invalidRegex: DocumentRule = {
  id: 'invalid-regex',
  scope: 'document',
  byPart: true,
  about: ['http'],
  severity: 'error',
  summary: 'A path or method that is no regular expression of Go',
  why: 'path and method are regular expressions in the syntax of RE2: no look-around, no back-references, and a lone * is no wildcard. The agent refuses the policy when one does not compile.',
  source: 'pkg/policy/api/http.go PortRuleHTTP.Sanitize (V120)',
  *check(policy, lens) {
    for (const { item, portRule } of portRulesOf(sanitized(policy, lens))) {
      const http = portRule.l7.find(l => l.kind === 'http')
      if (item.deny || !http) continue
      for (const request of items(http.node)) {
        for (const field of ['path', 'method']) {
          const node = get(request, field)
          if (node?.kind === 'scalar' && !node.unknown && typeof node.value === 'string')
            yield* judge(policy.document, field, node)
        }
      }
    }
  },
}

/** Why RE2 refuses the pattern of a scalar. */
export const complaint = (node: ScalarNode): string | undefined => goComplaint(String(node.value))

function* judge(document: Document, field: string, node: ScalarNode): Iterable<Finding> {
  const why = complaint(node)
  if (why === undefined) return
  const text = String(node.value)
  const glob = /^[-\w/.*]*$/.test(text) ? text.replace(/(^|[^.])\*/g, '$1.*').replace(/(^|[^.])\*/g, '$1.*') : ''
  const better = glob && glob !== text && goComplaint(glob) === undefined ? glob : ''
  yield {
    span: node.span,
    message: `this ${field} is no regular expression of Go (${why}): ${better ? `did you mean ${better}?` : 'write it in RE2 syntax'}`,
    fixes: better
      ? [{ title: `Change to ${better}`, preferred: true, edits: () => replaceValue(document, node, better) }]
      : [],
  }
}
