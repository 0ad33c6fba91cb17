// Protocols without ports while Cilium does not handle them.

import { isPortName } from '../model/ports.ts'
import { itemsOf, portsOf } from './common.ts'
import { PORTLESS } from './extended-protocol-port.ts'
import type { DocumentRule } from './rule.ts'

export const extendedProtocolOff: DocumentRule = {
  id: 'extended-protocol-off',
  scope: 'document',
  byPart: true,
  severity: 'warning',
  since: '1.19',
  summary: 'VRRP, IGMP and the like without extended IP protocols',
  why: 'Rules for protocols that have no ports need `enable-extended-ip-protocols`, which is off by default. The agent accepts port "0" for them all the same. The name of a port has no meaning for them.',
  source: 'pkg/policy/api/rule_validation.go PortProtocol.sanitize (V100, V101)',
  *check(policy, lens) {
    for (const { port } of portsOf(itemsOf(policy))) {
      const { protocol, port: written } = port
      if (!protocol || !PORTLESS.includes(protocol.value) || !written) continue
      if (isPortName(written.value))
        yield {
          span: written.node.span,
          message: `${protocol.value} has no ports, so "${written.value}" matches nothing: write "0"`,
        }
      else if (!lens.config.extendedIpProtocols)
        yield {
          span: protocol.node.span,
          message: `${protocol.value} needs Cilium's \`enable-extended-ip-protocols\`, which is off: switch it on, or tell it with the setting \`ciliumPolicy.config\``,
        }
    }
  },
}
