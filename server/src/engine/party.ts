// One end of a flow: a pod, a node, an address, a name, an entity, or what only a selector tells; and how they are written.

import { memo } from '../memo.ts'
import { parseAddress } from '../model/cidr.ts'
import type { Condition } from '../model/selector.ts'
import type { ClusterNode, Endpoint, Inventory } from '../workspace/inventory.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import { type Basis, basisOf, canonical } from './basis.ts'

export type Party =
  /** A pod, or the pods of a manifest, from the inventory or the workspace. */
  | { readonly kind: 'pod'; readonly endpoint: Endpoint }
  /** A pod of which only a selector tells: the conditions hold, its other labels are unknown. */
  | { readonly kind: 'implied'; readonly conditions: readonly Condition[]; readonly namespace: string | undefined }
  | { readonly kind: 'entity'; readonly entity: string }
  | { readonly kind: 'node'; readonly node: ClusterNode }
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'fqdn'; readonly name: string }

export type Protocol = 'TCP' | 'UDP' | 'SCTP' | 'ICMP' | 'ICMPv6'

/** The destination port; for ICMP the type. */
export interface PortQuery {
  readonly port: number
  readonly protocol: Protocol
}

export interface Flow {
  readonly from: Party
  readonly to: Party
  readonly port: PortQuery
}

const PROTOCOLS = ['TCP', 'UDP', 'SCTP', 'ICMP', 'ICMPv6'] as const

/** Reads "8080/TCP", "53/UDP", "8/ICMP" (type 8); TCP when no protocol is written. Undefined when it cannot be one. */
export function parsePortQuery(text: string): PortQuery | undefined {
  const m = /^([0-9]{1,5})(?:\/([A-Za-z0-9]+))?$/.exec(text.trim())
  const port = Number(m?.[1])
  const written = (m?.[2] ?? 'TCP').toLowerCase()
  const protocol = PROTOCOLS.find(p => p.toLowerCase() === written)
  return m && protocol && port <= 65535 ? { port, protocol } : undefined
}

/** Entities that can be one end of a flow: `all` and `cluster` stand for many things. */
const ENTITIES = ['world', 'host', 'remote-node', 'kube-apiserver', 'ingress', 'health', 'unmanaged', 'init']

/** Entities that stand for several things or for none: there is such a word, but no one end of a flow. */
const WIDE = ['all', 'cluster', 'cluster-mesh', 'world-ipv4', 'world-ipv6', 'none']

export type Found = { readonly parties: readonly Party[] } | { readonly unknown: string }

/**
 * Reads an ENDPOINT: `namespace/pod`, `namespace/workload`, `sa:namespace/account`, `entity:world`, `ip:1.2.3.4` or
 * `fqdn:name`. Several parties: the pods of a workload or account, the addresses of the API server.
 */
export function findParties(snapshot: Snapshot, text: string): Found {
  const basis = basisOf(snapshot)
  const { kind, rest } = split(text)
  if (kind === 'sa') return podParties(basis, text)
  const wrong = whyMalformed(text)
  if (wrong !== undefined) return { unknown: wrong }
  switch (kind) {
    case 'entity':
      return entityParties(basis, rest)
    case 'ip':
      return { parties: [partyAt(basis, rest)] }
    case 'fqdn':
      return { parties: [{ kind: 'fqdn', name: rest }] }
    default:
      return podParties(basis, text)
  }
}

function split(text: string): { readonly kind: string; readonly rest: string } {
  const colon = text.indexOf(':')
  return { kind: colon === -1 ? '' : text.slice(0, colon), rest: text.slice(colon + 1) }
}

/** Two names that may be unknown. */
const PAIR = /^[^/]+\/[^/]+$/

/** Why an ENDPOINT can never name anything, whatever is known; undefined for a well-formed one. */
export function whyMalformed(text: string): string | undefined {
  const { kind, rest } = split(text)
  switch (kind) {
    case 'entity':
      return ENTITIES.includes(rest) || WIDE.includes(rest) ? undefined : noEnd(rest)
    case 'ip':
      return parseAddress(rest) ? undefined : `"${rest}" is no address`
    case 'fqdn':
      return /^[-a-zA-Z0-9_.]+$/.test(rest) ? undefined : `"${rest}" is no DNS name`
    case 'sa':
      return PAIR.test(rest) ? undefined : `"${text}" is no endpoint: write sa:namespace/account`
    case '':
      return PAIR.test(text) ? undefined : `"${text}" is no endpoint: write namespace/pod`
    default:
      return `"${text}" is no endpoint: write namespace/pod, sa:, entity:, ip: or fqdn:`
  }
}

const noEnd = (entity: string): string =>
  `"entity:${entity}" is not one end of a flow: there are ${ENTITIES.join(', ')}`

function entityParties(basis: Basis, entity: string): Found {
  if (!ENTITIES.includes(entity)) return { unknown: noEnd(entity) }
  if (entity !== 'kube-apiserver' || basis.apiAddresses.length === 0) return { parties: [{ kind: 'entity', entity }] }
  return { parties: basis.apiAddresses.map(address => partyAt(basis, address)) }
}

/** What has an address: a pod, a node, or something outside. */
export function partyAt(basis: Basis, address: string): Party {
  const key = canonical(address)
  const endpoint = basis.podByAddress.get(key)
  if (endpoint) return { kind: 'pod', endpoint }
  const node = basis.nodeByAddress.get(key)
  return node ? { kind: 'node', node } : { kind: 'address', address }
}

/** Endpoints by everything that they are called: ns/pod, ns/workload, sa:ns/account. */
const byName: (picture: Inventory) => ReadonlyMap<string, readonly Endpoint[]> = memo(picture => {
  const found = new Map<string, Endpoint[]>()
  for (const e of picture.endpoints) {
    const names = new Set([`${e.namespace}/${e.name}`])
    if (e.workload) names.add(`${e.namespace}/${e.workload.slice(e.workload.indexOf('/') + 1)}`)
    if (!e.hostNetwork) names.add(`sa:${e.namespace}/${e.serviceAccount || 'default'}`)
    for (const name of names) {
      const list = found.get(name)
      if (list) list.push(e)
      else found.set(name, [e])
    }
  }
  return found
})

function podParties(basis: Basis, text: string): Found {
  const endpoints = byName(basis.picture).get(text) ?? []
  if (endpoints.length > 0) return { parties: endpoints.map(endpoint => ({ kind: 'pod', endpoint })) }
  if (text.startsWith('sa:')) return { unknown: `no pod with the service account ${text.slice(3)} is known` }
  return { unknown: `no pod or workload ${text} is known` }
}
