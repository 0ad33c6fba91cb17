// The API server as a service, where the entity is what works.

import { isShared, replaceEntry } from '../syntax/edit.ts'
import { itemsOf } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const kubernetesService: DocumentRule = {
  id: 'kubernetes-service',
  scope: 'document',
  byPart: true,
  about: ['toServices'],
  severity: 'hint',
  summary: 'The API server by its service',
  why: 'The service default/kubernetes has no pods: toServices becomes the addresses of its endpoints, which do not match API servers on nodes of the cluster. The entity `kube-apiserver` matches wherever it runs.',
  source: 'Documentation/security/policy/layer3.rst, services based (F65)',
  *check(policy) {
    for (const { item } of itemsOf(policy)) {
      for (const member of item.members) {
        for (const peer of member.peers) {
          if (peer.kind !== 'service' || peer.service?.name?.value !== 'kubernetes') continue
          if ((peer.service.namespace?.value ?? 'default') !== 'default') continue
          const only = member.peers.length === 1 && !item.deny && !isShared(item.node)
          yield {
            span: peer.service.name.node.span,
            message: 'the API server is better named by the entity `kube-apiserver`: use `toEntities`',
            fixes: only
              ? [
                  {
                    title: 'Change to toEntities: [kube-apiserver]',
                    edits: () =>
                      replaceEntry(policy.document, { map: item.node, name: member.key }, 'toEntities', [
                        'kube-apiserver',
                      ]),
                  },
                ]
              : [],
          }
        }
      }
    }
  },
}
