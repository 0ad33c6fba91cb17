// A port entry without a port.

import { addEntry } from '../syntax/edit.ts'
import { entry, isNull } from '../syntax/node.ts'
import { portsOf, sanitized, wordSpan } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const missingPort: DocumentRule = {
  id: 'missing-port',
  scope: 'document',
  byPart: true,
  severity: 'error',
  since: '1.19',
  summary: 'A port entry without a port',
  why: 'Since 1.19 the API server lets an entry without a port pass, but the agent refuses it unless `enable-extended-ip-protocols` is on. "0" means every port of the protocol.',
  source: 'pkg/policy/api/rule_validation.go PortProtocol.sanitize (V090, V101)',
  *check(policy, lens) {
    if (lens.config.extendedIpProtocols) return
    for (const { port } of portsOf(sanitized(policy, lens))) {
      const { node } = port
      if (node.kind !== 'map' || node.open || !isNull(entry(node, 'port')?.value)) continue
      yield {
        span: wordSpan(node),
        message: 'this entry has no port: Cilium refuses the policy, add `port` ("0" is every port)',
        fixes: entry(node, 'port')
          ? []
          : [
              {
                title: 'Add port: "0" (every port)',
                edits: () => addEntry(policy.document, node, 'port', '0', 'start'),
              },
            ],
      }
    }
  },
}
