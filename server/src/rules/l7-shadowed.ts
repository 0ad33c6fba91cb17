// L7 rules beside a broader item that allows the same traffic without them.

import { peersIn } from '../model/peers.ts'
import type { Peer, PolicyRule, PortProtocol, PortRule, RuleItem } from '../model/policy.ts'
import { isPortName, parsePort } from '../model/ports.ts'
import { keySpan, wordSpan } from './common.ts'
import { restriction } from './requests.ts'
import type { DocumentRule, Finding } from './rule.ts'

export const l7Shadowed: DocumentRule = {
  id: 'l7-shadowed',
  scope: 'document',
  byWords: true,
  about: ['rules'],
  severity: 'warning',
  summary: 'L7 rules that another item makes void',
  why: 'Items are alternatives: when one allows the port (or everything) for the same peers without L7 rules, every request passes, whatever the L7 rules of another item say.',
  source: 'pkg/policy/l4.go Merge: "No L7" with any L7 allows everything; upstream issues 3509, 3698 (F58, 5.4)',
  *check(policy) {
    for (const rule of policy.rules) {
      for (const item of rule.items) {
        for (const portRule of item.toPorts ?? []) {
          const found = shadowed(rule, item, portRule)
          if (!found) continue
          const { l7, by } = found
          yield {
            span: l7.keyNode.span,
            message: `these ${l7.kind} rules restrict nothing: the same traffic is allowed without them, in the item that is marked; limit that one or take these away`,
            related: [{ place: { document: policy.document, span: by }, message: 'allows the same without L7 rules' }],
          } satisfies Finding
        }
      }
    }
  },
}

function shadowed(rule: PolicyRule, item: RuleItem, portRule: PortRule) {
  const l7 = restriction(portRule)
  const ports = portRule.ports ?? []
  if (item.deny || !l7 || ports.length === 0) return undefined
  for (const other of rule.items) {
    if (other.deny || other.direction !== item.direction || other.node.open) continue
    if (other !== item && !coversPeers(other, item)) continue
    if (!other.toPorts?.length) {
      const open = other !== item && !other.icmps?.length && other.members.some(m => m.peers.length > 0)
      if (open) return { l7, by: (other.members[0]?.keyNode ?? other.node).span }
      continue
    }
    const plain = other.toPorts.find(
      r => r !== portRule && isPlain(r) && ports.every(p => r.ports?.some(q => coversPort(q, p))),
    )
    if (plain) return { l7, by: plain.node.kind === 'map' ? keySpan(plain.node, 'ports') : wordSpan(plain.node) }
  }
  return undefined
}

const isPlain = (rule: PortRule): boolean => !restriction(rule) && !rule.serverNames && !rule.listener

function coversPort(broad: PortProtocol, narrow: PortProtocol): boolean {
  const protocol = broad.protocol?.value ?? 'ANY'
  if (protocol !== 'ANY' && protocol !== narrow.protocol?.value) return false
  const [from, to] = [broad.port?.value, narrow.port?.value]
  if (from === undefined || to === undefined) return false
  if (isPortName(from) || isPortName(to)) return from.toLowerCase() === to.toLowerCase()
  const [first, wanted] = [parsePort(from), parsePort(to)]
  if (first === undefined || wanted === undefined) return false
  const last = Math.max(first, broad.endPort?.value ?? first)
  return first === 0 || (first <= wanted && Math.max(wanted, narrow.endPort?.value ?? wanted) <= last)
}

/** Whether the other item is about all peers of this one: anybody, or each of them. */
function coversPeers(other: RuleItem, item: RuleItem): boolean {
  if (other.members.length === 0) return true
  const broad = other.members.flatMap(m => m.peers)
  if (broad.some(p => p.kind === 'entity' && p.entity === 'all')) return true
  const narrow = peersIn(item)
  if (item.members.length === 0 || narrow.length === 0) return false
  return narrow.every(n => broad.some(b => coversPeer(b, n)))
}

function coversPeer(broad: Peer, narrow: Peer): boolean {
  if (broad.kind === 'entity' && broad.entity === 'world') {
    if (['cidr', 'cidrSet', 'fqdn'].includes(narrow.kind)) return true
  }
  if (broad.kind === 'entity' && broad.entity === 'cluster' && narrow.kind === 'endpoints') return true
  const [a, b] = [sameness(broad), sameness(narrow)]
  return a !== undefined && a === b
}

/** A text that is the same for peers that mean the same; undefined where that cannot be said. */
function sameness(peer: Peer): string | undefined {
  switch (peer.kind) {
    case 'entity':
      return `entity ${peer.entity}`
    case 'cidr':
      return `cidr ${peer.cidr}`
    case 'fqdn':
      return `fqdn ${peer.fqdn.matchName?.value} ${peer.fqdn.matchPattern?.value}`
    case 'endpoints':
    case 'nodes': {
      if (peer.selector.unknown) return undefined
      const conditions = peer.selector.requirements.map(
        r => `${r.source}:${r.key} ${r.operator} ${[...r.values].sort().join(',')}`,
      )
      return `${peer.kind} ${conditions.sort().join('; ')}`
    }
    default:
      return undefined
  }
}
