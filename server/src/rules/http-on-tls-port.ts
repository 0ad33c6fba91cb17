// HTTP rules on ports where something else is spoken.

import { parsePort } from '../model/ports.ts'
import { itemsOf, portRulesOf } from './common.ts'
import type { DocumentRule } from './rule.ts'

/** What is spoken there, and what to do instead. */
const SPOKEN: ReadonlyMap<number, string> = new Map([
  [443, 'TLS'],
  [6443, 'TLS'],
  [22, 'SSH'],
  [3306, 'MySQL'],
  [5432, 'PostgreSQL'],
  [6379, 'Redis'],
  [27017, 'MongoDB'],
])

export const httpOnTlsPort: DocumentRule = {
  id: 'http-on-tls-port',
  scope: 'document',
  byPart: true,
  about: ['http'],
  severity: 'warning',
  summary: 'HTTP rules on a port where no plain HTTP is spoken',
  why: 'HTTP rules send the connection through a proxy that reads HTTP. What is encrypted or speaks another protocol is refused there. For TLS use `serverNames`, or terminate it with `terminatingTLS`; for other protocols allow the port without rules.',
  source: 'Documentation/security/policy/layer7.rst; pkg/envoy (F59)',
  *check(policy) {
    for (const { item, portRule } of portRulesOf(itemsOf(policy))) {
      const http = portRule.l7.find(l => l.kind === 'http' && l.count > 0)
      if (item.deny || !http || portRule.terminatingTLS) continue
      for (const { port } of portRule.ports ?? []) {
        const spoken = port && SPOKEN.get(parsePort(port.value) ?? -1)
        if (!spoken || !port) continue
        const advice =
          spoken === 'TLS' ? 'use `serverNames`, or add `terminatingTLS`' : 'allow the port without HTTP rules'
        yield {
          span: http.keyNode.span,
          message: `${spoken} is spoken on port ${port.value}, and http rules refuse what is not plain HTTP: ${advice}`,
          related: [{ place: { document: policy.document, span: port.node.span }, message: 'the port' }],
        }
        break
      }
    }
  },
}
