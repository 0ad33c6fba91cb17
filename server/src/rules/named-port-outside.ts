// Names of ports for peers that have no container ports.

import { peersIn } from '../model/peers.ts'
import type { Peer } from '../model/policy.ts'
import { isPortName } from '../model/ports.ts'
import { itemsOf } from './common.ts'
import type { DocumentRule } from './rule.ts'

const WITHOUT_PODS = ['world', 'host', 'remote-node', 'kube-apiserver', 'none']

export const namedPortOutside: DocumentRule = {
  id: 'named-port-outside',
  scope: 'document',
  byPart: true,
  severity: 'warning',
  summary: 'A named port for peers that are no pods',
  why: 'The name of a port is looked up in the containers of the pods that are reached. Networks, DNS names, nodes and everything outside have none, so a named port matches nothing there. Write the number.',
  source: 'pkg/policy/l4.go, named ports are resolved by the ports of endpoints (5.3, F49)',
  *check(policy) {
    for (const { item } of itemsOf(policy)) {
      const peers = peersIn(item)
      if (item.direction !== 'egress' || peers.length === 0 || !peers.every(isOutside)) continue
      for (const { port } of (item.toPorts ?? []).flatMap(r => r.ports ?? [])) {
        if (!port || !isPortName(port.value)) continue
        yield {
          span: port.node.span,
          message: `"${port.value}" is the name of a container port, and these peers are no pods: write the number`,
        }
      }
    }
  },
}

const isOutside = (peer: Peer): boolean =>
  ['cidr', 'cidrSet', 'fqdn', 'group', 'nodes'].includes(peer.kind) ||
  (peer.kind === 'entity' && WITHOUT_PODS.includes(peer.entity))
