// Names whose addresses change faster than Cilium keeps them.

import { peersIn } from '../model/peers.ts'
import { itemsOf } from './common.ts'
import type { DocumentRule } from './rule.ts'

/** Domains of object stores and content networks with very many addresses for a name. */
const MANY = [
  'amazonaws.com',
  'cloudfront.net',
  'akamaiedge.net',
  'akamaized.net',
  'fastly.net',
  'blob.core.windows.net',
]

export const changingAddresses: DocumentRule = {
  id: 'changing-addresses',
  scope: 'document',
  byPart: true,
  about: ['toFQDNs'],
  severity: 'hint',
  until: '1.16',
  summary: 'A name with very many, quickly changing addresses',
  why: 'Cilium keeps a limited number of addresses for a name and pod (`tofqdns-endpoint-max-ip-per-hostname`, 50 by default up to 1.16, 1000 since) and lets those go that are no longer told. Names of object stores and content networks have more: connections to an address that was let go are dropped now and then. A CIDR group with the networks that the provider publishes does not have that problem.',
  source: 'pkg/fqdn/cache.go DNSCache (F10)',
  *check(policy) {
    for (const { item } of itemsOf(policy)) {
      for (const peer of peersIn(item)) {
        if (peer.kind !== 'fqdn') continue
        const name = peer.fqdn.matchName ?? peer.fqdn.matchPattern
        const folded = name?.value.toLowerCase().replace(/\.$/, '') ?? ''
        const domain = MANY.find(d => folded === d || folded.endsWith(`.${d}`))
        if (name && domain)
          yield {
            span: name.node.span,
            message: `names of ${domain} have more addresses than Cilium keeps for one (50 by default): raise tofqdns-endpoint-max-ip-per-hostname, or use a CIDR group of the provider's networks`,
          }
      }
    }
  },
}
