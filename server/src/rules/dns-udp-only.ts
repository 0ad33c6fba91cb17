// DNS over UDP alone: long answers come over TCP.

import type { Policy, PortProtocol, RuleItem } from '../model/policy.ts'
import { parsePort } from '../model/ports.ts'
import { addItem, isShared } from '../syntax/edit.ts'
import { get, indexIn } from '../syntax/node.ts'
import type { Fix } from '../syntax/problem.ts'
import { itemsOf } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const dnsUdpOnly: DocumentRule = {
  id: 'dns-udp-only',
  scope: 'document',
  about: ['UDP'],
  severity: 'warning',
  summary: 'DNS over UDP without TCP',
  why: 'A DNS answer that does not fit into a packet is asked for again over TCP. With UDP alone names with many addresses cannot be resolved, now and then and hard to find. Allow port 53 for TCP too, or leave the protocol out.',
  source: 'RFC 7766; Documentation/security/policy/layer7.rst uses ANY (F12)',
  *check(policy) {
    const allowed = [...itemsOf(policy)].map(p => p.item).filter(i => !i.deny)
    for (const item of allowed) {
      const udp = (item.toPorts ?? []).flatMap(r => r.ports ?? []).find(p => isDns(p, 'UDP'))
      if (!udp || allowed.some(other => other.direction === item.direction && tcp(other))) continue
      yield {
        span: (udp.protocol ?? udp.port)?.node.span ?? udp.node.span,
        message: 'DNS is allowed over UDP alone: long answers need TCP, allow port 53 for TCP too',
        fixes: addTcp(policy, item, udp),
      }
    }
  },
}

function isDns(p: PortProtocol, protocol: string): boolean {
  return p.port?.value !== undefined && parsePort(p.port.value) === 53 && p.protocol?.value === protocol
}

/** Whether the item may be about DNS over TCP: anything that is not plainly something else counts. */
function tcp(item: RuleItem): boolean {
  if (!item.toPorts?.length) return item.members.length > 0 && !item.icmps
  return item.toPorts.some(
    rule =>
      !rule.ports ||
      rule.ports.some(p => {
        const number = p.port && parsePort(p.port.value)
        if (p.protocol?.value === 'UDP' || p.protocol?.value === 'SCTP') return false
        if (number === undefined || number === 0 || number === 53) return true
        return number < 53 && (p.endPort?.value ?? 0) >= 53
      }),
  )
}

function addTcp(policy: Policy, item: RuleItem, udp: PortProtocol): Fix[] {
  const rule = item.toPorts?.find(r => r.ports?.includes(udp))
  const list = get(rule?.node, 'ports')
  if (list?.kind !== 'seq' || isShared(list)) return []
  const value = { port: udp.port?.value ?? '53', protocol: 'TCP' }
  const edits = () => addItem(policy.document, list, value, indexIn(list, udp.node))
  return [{ title: 'Add port 53 for TCP', preferred: true, edits }]
}
