// L7 rules on port 0, DNS rules without ports or on ranges.

import { isPortName, parsePort } from '../model/ports.ts'
import { atLeast } from '../model/version.ts'
import { addEntry, removeEntry } from '../syntax/edit.ts'
import { entry } from '../syntax/node.ts'
import { portRulesOf, sanitized } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const l7Ports: DocumentRule = {
  id: 'l7-ports',
  scope: 'document',
  about: ['rules'],
  severity: 'error',
  summary: 'L7 rules on ports that Cilium cannot redirect',
  why: 'L7 rules need real ports: not "0", which is every port. DNS rules need a list of ports, and no range.',
  source: 'pkg/policy/api/rule_validation.go PortRule.sanitize, L7Rules.sanitize, PortProtocol.sanitize (V115–V117)',
  *check(policy, lens) {
    for (const { item, portRule } of portRulesOf(sanitized(policy, lens))) {
      const l7 = portRule.l7.find(l => l.count > 0)
      const { node } = portRule
      if (item.deny || !l7 || node.kind !== 'map' || node.open) continue
      const list = entry(node, 'ports')?.value
      if (
        l7.kind === 'dns' &&
        !portRule.ports?.length &&
        !(list?.kind === 'scalar' && list.unknown) &&
        !(list?.kind === 'seq' && list.open)
      ) {
        const fixes = entry(node, 'ports')
          ? []
          : [
              {
                title: 'Add port 53 for UDP and TCP',
                preferred: true,
                edits: () => addEntry(policy.document, node, 'ports', [{ port: '53', protocol: 'ANY' }], 'start'),
              },
            ]
        yield { span: l7.keyNode.span, message: 'DNS rules need `ports`: add port 53', fixes }
      }
      for (const port of portRule.ports ?? []) {
        const text = port.port?.value
        if (text === undefined || isPortName(text)) continue
        const number = parsePort(text)
        if (number === 0 && port.port)
          yield {
            span: port.port.node.span,
            message: `${l7.kind} rules cannot be used on port "0", which is every port: name the ports`,
          }
        const map = port.node
        if (
          l7.kind === 'dns' &&
          number !== undefined &&
          port.endPort &&
          port.endPort.value > number &&
          atLeast(lens.version, '1.17') &&
          map.kind === 'map'
        ) {
          yield {
            span: port.endPort.node.span,
            message: 'DNS rules cannot be used on a range of ports: take `endPort` away',
            fixes: [
              { title: 'Remove endPort', preferred: true, edits: () => removeEntry(policy.document, map, 'endPort') },
            ],
          }
        }
      }
    }
  },
}
