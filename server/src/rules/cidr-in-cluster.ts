// Networks meant for pods, nodes or services, which networks do not match.

import { memo } from '../memo.ts'
import { type Address, contains, type Prefix, parseAddress, parsePrefix } from '../model/cidr.ts'
import { peersIn } from '../model/peers.ts'
import type { Sourced } from '../model/policy.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import { type World, worldOf } from '../workspace/world.ts'
import { itemsOf } from './common.ts'
import type { Finding, WorkspaceRule } from './rule.ts'

export const cidrInCluster: WorkspaceRule = {
  id: 'cidr-in-cluster',
  scope: 'workspace',
  about: ['fromCIDR', 'fromCIDRSet', 'toCIDR', 'toCIDRSet'],
  severity: 'warning',
  summary: 'A network for pods, nodes or services of the cluster',
  why: 'A network matches only what is outside the cluster: pods, nodes and the API server are known by their identities, and the address of a service is replaced before policies are looked at. Use `toEndpoints`, the entities `host`, `remote-node` and `kube-apiserver`, or `toServices`. `policy-cidr-match-mode` changes this for nodes and (1.20) pods. Large networks that only happen to hold such addresses are left alone.',
  source: 'Documentation/security/policy/layer3.rst, CIDR based (F36, F37, V063)',
  *check(policy, snapshot) {
    if (snapshot.inventories.length === 0) return
    for (const { item } of itemsOf(policy)) {
      for (const peer of peersIn(item)) {
        if (peer.kind === 'cidr') yield* judge(snapshot, { value: peer.cidr, node: peer.node })
        if (peer.kind === 'cidrSet' && peer.cidr) yield* judge(snapshot, peer.cidr)
      }
    }
  },
}

interface Inside {
  readonly address: Address
  readonly what: 'pod' | 'node' | 'service'
  readonly name: string
}

function inside(what: Inside['what'], name: string, addresses: readonly string[]): readonly Inside[] {
  return addresses.flatMap(text => {
    const address = parseAddress(text)
    return address ? [{ address, what, name }] : []
  })
}

const podsIn = memo((endpoints: World['endpoints']) =>
  endpoints.flatMap(e => (e.hostNetwork ? [] : inside('pod', `${e.namespace}/${e.name}`, e.addresses))),
)
const nodesIn = memo((nodes: World['nodes']) => nodes.flatMap(n => inside('node', n.name, n.addresses)))
const servicesIn = memo((services: World['services']) =>
  services.flatMap(s => inside('service', `${s.namespace}/${s.name}`, s.clusterIPs)),
)

function* judge(snapshot: Snapshot, { value, node }: Sourced<string>): Iterable<Finding> {
  const prefix = parsePrefix(value)
  if (!prefix || !isSmall(prefix)) return
  const world = worldOf(snapshot)
  const all = [podsIn(world.endpoints), nodesIn(world.nodes), servicesIn(world.services)]
  const held = all.flatMap(list =>
    list.filter(({ address }) => address.family === prefix.family && contains(prefix, address.address)),
  )
  const modes = world.config.cidrMatchMode
  const missed = held.filter(
    i => !(i.what === 'node' && modes.includes('nodes')) && !(i.what === 'pod' && modes.includes('pods')),
  )
  const [first] = missed
  if (!first) return
  const single = prefix.bits === (prefix.family === 4 ? 32 : 128)
  const pods = missed.filter(i => i.what === 'pod').length
  yield {
    span: node.span,
    severity: single || pods > 1 ? 'warning' : 'information',
    message: `${value} holds the address of the ${first.what} ${first.name}, which a network does not match: ${ADVICE[first.what]}`,
  }
}

const ADVICE = {
  pod: 'select pods by their labels',
  node: 'use the entities `host` and `remote-node`, or `kube-apiserver`',
  service: 'select the pods behind it, or use `kube-apiserver` for the API server',
} as const

/** Networks as large as those of pods and nodes, not larger. */
const isSmall = (prefix: Prefix): boolean => prefix.bits >= (prefix.family === 4 ? 16 : 48)
