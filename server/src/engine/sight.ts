// How one end of a flow looks to the agent of the other: its identity, or each that it may have.

import { type Prefix, parseAddress } from '../model/cidr.ts'
import { byKey, type CiliumLabel, reserved } from '../model/labels.ts'
import type { ClusterNode, Endpoint } from '../workspace/inventory.ts'
import { type Basis, hostPrefix } from './basis.ts'
import {
  anywhere,
  type Identity,
  impliedIdentity,
  nodeIdentity,
  otherIdentity,
  outsideIdentity,
  podIdentity,
  servesApi,
} from './identity.ts'
import type { Party } from './party.ts'

/** An identity that a peer has; `if` says on what it depends where there are several. */
export interface Look {
  readonly identity: Identity
  readonly if?: 'node' | 'api' | 'address' | 'name'
}

const OWN_POLICY = ['health', 'ingress', 'init']

/** The identity under which an end has policies of its own; undefined where it has none. */
export function subjectIdentity(basis: Basis, party: Party): Identity | undefined {
  switch (party.kind) {
    case 'pod':
      if (!party.endpoint.hostNetwork) return podIdentity(basis, party.endpoint)
      return hostSubject(basis, basis.nodes.get(party.endpoint.node ?? ''))
    case 'implied':
      return impliedIdentity(basis, party)
    case 'node':
      return hostSubject(basis, party.node)
    case 'entity':
      if (OWN_POLICY.includes(party.entity)) return otherIdentity(party.entity)
      return party.entity === 'host' || party.entity === 'remote-node' ? hostSubject(basis, undefined) : undefined
    default:
      return undefined
  }
}

/** A node has policies only with the host firewall. */
function hostSubject(basis: Basis, node: ClusterNode | undefined): Identity | undefined {
  if (!basis.config.hostFirewall) return undefined
  const seen = nodeIdentity(basis, node, { local: true, api: false })
  return {
    ...seen,
    labels: node ? { labels: byKey(hostLabels(basis, node)), open: false } : { ...seen.labels, open: true },
  }
}

/** The labels that `nodeSelector` is matched with: those that a pod could have too (pkg/endpoint InitWithNodeLabels). */
function hostLabels(basis: Basis, node: ClusterNode): readonly CiliumLabel[] {
  const kept = Object.entries(node.labels).filter(([key]) => basis.making.keeps(key))
  return [reserved('host'), ...kept.map(([key, value]) => ({ source: 'k8s', key, value }))]
}

/** Where the agent of a subject runs. */
interface Post {
  readonly node: string | undefined
  /** The node is not known, and it matters which one it is. */
  readonly uncertain: boolean
  readonly api: boolean
}

function postOf(basis: Basis, subject: Party): Post {
  const every = basis.nodes.size > 0 && [...basis.nodes.values()].every(n => servesApi(basis, n))
  if (subject.kind === 'node') return { node: subject.node.name, uncertain: false, api: servesApi(basis, subject.node) }
  if (subject.kind === 'pod') {
    const node = basis.nodes.get(subject.endpoint.node ?? '')
    return {
      node: subject.endpoint.node,
      uncertain: !subject.endpoint.node,
      api: node ? servesApi(basis, node) : every,
    }
  }
  const alone = every && basis.nodes.size === 1 ? [...basis.nodes.keys()][0] : undefined
  return { node: alone, uncertain: subject.kind === 'implied', api: every }
}

/** What the agent of the subject takes the peer for. Names come first without an address, then as in each of `networks`. */
export function looksOf(
  basis: Basis,
  ends: { subject: Party; peer: Party },
  networks: () => readonly Prefix[],
): Look[] {
  const { subject, peer } = ends
  switch (peer.kind) {
    case 'pod':
      if (!peer.endpoint.hostNetwork) return [{ identity: podIdentity(basis, peer.endpoint) }]
      return nodeLooks(basis, postOf(basis, subject), hostOf(basis, peer.endpoint))
    case 'implied':
      return [{ identity: impliedIdentity(basis, peer) }]
    case 'node':
      return nodeLooks(basis, postOf(basis, subject), peer.node)
    case 'address': {
      const address = parseAddress(peer.address)
      return address ? [{ identity: outsideIdentity(basis, hostPrefix(address)) }] : []
    }
    case 'fqdn':
      return nameLooks(basis, peer.name, networks())
    case 'entity':
      return entityLooks(basis, postOf(basis, subject), peer.entity)
  }
}

/** The node of a hostNetwork pod, as far as it is known. */
function hostOf(basis: Basis, endpoint: Endpoint): ClusterNode | undefined {
  const known = basis.nodes.get(endpoint.node ?? '')
  if (known || !endpoint.node) return known
  return { name: endpoint.node, labels: {}, addresses: [], controlPlane: false, origin: endpoint.origin }
}

function nodeLooks(basis: Basis, post: Post, node: ClusterNode | undefined): Look[] {
  const api = node !== undefined && servesApi(basis, node)
  const local = { identity: nodeIdentity(basis, node, { local: true, api }) }
  const remote = { identity: nodeIdentity(basis, node, { local: false, api }) }
  if (!node || post.uncertain) return [remote, { ...local, if: 'node' }]
  return [post.node === node.name ? local : remote]
}

function entityLooks(basis: Basis, post: Post, entity: string): Look[] {
  switch (entity) {
    case 'world':
      return [{ identity: outsideIdentity(basis, anywhere(4)) }]
    case 'host':
      return [{ identity: nodeIdentity(basis, basis.nodes.get(post.node ?? ''), { local: true, api: post.api }) }]
    case 'remote-node':
      return [{ identity: nodeIdentity(basis, undefined, { local: false, api: false }) }]
    case 'kube-apiserver':
      return [
        { identity: nodeIdentity(basis, undefined, { local: false, api: true }) },
        { identity: nodeIdentity(basis, undefined, { local: true, api: true }), if: 'api' },
        { identity: managedApi(basis), if: 'api' },
      ]
    default:
      return [{ identity: otherIdentity(entity) }]
  }
}

/** An API server outside the cluster. */
function managedApi(basis: Basis): Identity {
  const outside = outsideIdentity(basis, anywhere(4))
  const labels = new Map(outside.labels.labels)
  labels.set('kube-apiserver', [{ source: 'reserved', key: 'kube-apiserver', value: '' }])
  return { ...outside, labels: { ...outside.labels, labels } }
}

function outsideApis(basis: Basis): readonly Prefix[] {
  const outside = basis.apiAddresses.filter(a => !basis.nodeByAddress.has(a))
  return outside.flatMap(a => {
    const address = parseAddress(a)
    return address ? [hostPrefix(address)] : []
  })
}

function nameLooks(basis: Basis, name: string, networks: readonly Prefix[]): Look[] {
  const looks: Look[] = [
    { identity: outsideIdentity(basis, anywhere(4), name) },
    { identity: outsideIdentity(basis, anywhere(4)), if: 'name' },
  ]
  if (basis.config.ipv6) looks.push({ identity: outsideIdentity(basis, anywhere(6), name), if: 'address' })
  for (const network of [...networks, ...outsideApis(basis)])
    if (network.bits > 0 && (network.family === 4 || basis.config.ipv6))
      looks.push({ identity: outsideIdentity(basis, network, name), if: 'address' })
  return looks
}
