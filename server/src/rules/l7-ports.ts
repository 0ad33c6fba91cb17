// L7 rules on port 0, DNS rules without ports or on ranges.

import type { Policy, PortProtocol, PortRule } from '../model/policy.ts'
import { isPortName, parsePort } from '../model/ports.ts'
import { atLeast } from '../model/version.ts'
import { addEntry, addItem, fillEntry, inFlow, isShared, removeEntry, replaceValue } from '../syntax/edit.ts'
import { entry, isNull, type MapNode } from '../syntax/node.ts'
import type { Fix } from '../syntax/problem.ts'
import { portRulesOf, sanitized } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const l7Ports: DocumentRule = {
  id: 'l7-ports',
  scope: 'document',
  byPart: true,
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
        yield { span: l7.keyNode.span, message: 'DNS rules need `ports`: add port 53', fixes: withPort53(policy, node) }
      }
      for (const port of portRule.ports ?? []) {
        const text = port.port?.value
        if (text === undefined || isPortName(text)) continue
        const number = parsePort(text)
        if (number === 0 && port.port)
          yield {
            span: port.port.node.span,
            message: `${l7.kind} rules cannot be used on port "0", which is every port: name the ports`,
            fixes: l7.kind === 'dns' ? changeTo53(policy, portRule, port) : [],
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

/** Puts the port of DNS where there is none. */
function withPort53({ document }: Policy, node: MapNode): Fix[] {
  const ports = entry(node, 'ports')
  if (isShared(node) || ports?.merged || ports?.value?.alias) return []
  const port = { port: '53', protocol: 'ANY' }
  const list = ports?.value
  const fix = (edits: Fix['edits']): Fix[] => [{ title: 'Add port 53 for UDP and TCP', preferred: true, edits }]
  if (!ports) return fix(() => addEntry(document, node, 'ports', [port], 'start'))
  if (list?.kind === 'seq' && list.items.length === 0) return fix(() => addItem(document, list, port))
  return isNull(list) && !inFlow(node) ? fix(() => fillEntry(document, ports, [port])) : []
}

/** DNS is asked on one port: it is what every port was to mean. */
function changeTo53({ document }: Policy, rule: PortRule, { node, port, endPort }: PortProtocol): Fix[] {
  const others = rule.ports?.some(p => p.port?.value === '53') || (endPort && endPort.value > 0)
  if (!port || others || isShared(node)) return []
  const edits = () => replaceValue(document, port.node, '53')
  return [{ title: 'Change to port 53', preferred: true, edits }]
}
