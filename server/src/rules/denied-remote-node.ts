// A deny of all other nodes, which closes the way to the API server too.

import { peersIn } from '../model/peers.ts'
import { itemsOf } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const deniedRemoteNode: DocumentRule = {
  id: 'denied-remote-node',
  scope: 'document',
  byPart: true,
  about: ['ingressDeny', 'egressDeny'],
  severity: 'hint',
  summary: 'A deny of remote-node includes the API server',
  why: 'The API server on another node of the cluster has the labels of `kube-apiserver` and of `remote-node`. A deny of `remote-node` holds for it too, and deny comes before every allow.',
  source: 'pkg/identity/reserved.go, pkg/policy/api/entity.go (6.6, T188)',
  *check(policy) {
    for (const { item } of itemsOf(policy)) {
      if (!item.deny || (item.toPorts?.length ?? 0) > 0 || (item.icmps?.length ?? 0) > 0) continue
      for (const peer of peersIn(item))
        if (peer.kind === 'entity' && peer.entity === 'remote-node')
          yield {
            span: peer.node.span,
            message:
              'the API server on another node is a remote node too, and no allow of kube-apiserver helps against this: name the ports that are meant',
          }
    }
  },
}
