// Protocols that have no ports, with a port.

import { isPortName } from '../model/ports.ts'
import { replaceValue } from '../syntax/edit.ts'
import { portsOf, sanitized } from './common.ts'
import type { DocumentRule } from './rule.ts'

/** Protocols that have no ports. */
export const PORTLESS = ['VRRP', 'IGMP', 'GRE', 'IPIP', 'IPV6', 'ESP', 'AH']

export const extendedProtocolPort: DocumentRule = {
  id: 'extended-protocol-port',
  scope: 'document',
  byPart: true,
  severity: 'error',
  since: '1.19',
  summary: 'A port for a protocol that has none',
  why: 'VRRP, IGMP, GRE, IPIP, IPV6, ESP and AH have no ports: the agent refuses any number but "0".',
  source: 'pkg/policy/api/rule_validation.go PortProtocol.sanitize (V100)',
  *check(policy, lens) {
    for (const { port } of portsOf(sanitized(policy, lens))) {
      const written = port.port
      const protocol = port.protocol?.value ?? ''
      if (!written || !PORTLESS.includes(protocol) || written.value === '0' || isPortName(written.value)) continue
      yield {
        span: written.node.span,
        message: `${protocol} has no ports: write "0"`,
        fixes: [
          { title: 'Change to "0"', preferred: true, edits: () => replaceValue(policy.document, written.node, '0') },
        ],
      }
    }
  },
}
