// Every namespace but some: without Exists beside it more than pods is meant.

import { peersIn } from '../model/peers.ts'
import { CLUSTER, NAMESPACE } from '../model/selector.ts'
import { addItem, isShared } from '../syntax/edit.ts'
import { get } from '../syntax/node.ts'
import { itemsOf } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const notInNamespace: DocumentRule = {
  id: 'not-in-namespace',
  scope: 'document',
  byPart: true,
  severity: 'warning',
  summary: 'A peer of any namespace but some, which includes what has no namespace',
  why: 'NotIn also holds for what has no such label: a peer with `io.kubernetes.pod.namespace NotIn [b]` matches the world, hosts and nodes too. Add a condition with Exists for the same key. From 1.19 on the local cluster is added to peers, so nothing outside matches.',
  source: 'pkg/k8s/apis/cilium.io/utils/utils.go getEndpointSelector (4.4)',
  *check(policy, lens) {
    if (lens.config.defaultLocalCluster) return
    for (const { item } of itemsOf(policy)) {
      for (const peer of peersIn(item)) {
        if (peer.kind !== 'endpoints' || peer.selector.unknown) continue
        const own = peer.selector.requirements
        const only = own.every(r => r.operator === 'NotIn' || r.operator === 'DoesNotExist')
        const not = own.find(r => r.key === NAMESPACE && r.operator === 'NotIn')
        if (!not || !only || own.some(r => r.key === CLUSTER)) continue
        const list = get(peer.selector.node, 'matchExpressions')
        yield {
          span: not.keyNode.span,
          message:
            'this also matches what has no namespace: the world, hosts and nodes; add a condition with Exists for the same key',
          fixes:
            list?.kind === 'seq' && !isShared(list)
              ? [
                  {
                    title: `Add ${not.written} Exists`,
                    preferred: true,
                    edits: () => addItem(policy.document, list, { key: not.written, operator: 'Exists' }),
                  },
                ]
              : [],
        }
      }
    }
  },
}
