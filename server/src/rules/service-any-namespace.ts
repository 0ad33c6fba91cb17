// A service without a namespace: those of all namespaces are meant.

import { peersIn } from '../model/peers.ts'
import { itemsOf } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const serviceAnyNamespace: DocumentRule = {
  id: 'service-any-namespace',
  scope: 'document',
  byPart: true,
  about: ['toServices'],
  severity: 'hint',
  summary: 'A service without a namespace',
  why: "Without a namespace toServices means services of that name in every namespace, not in the policy's own.",
  source: 'pkg/policy/k8s/service.go serviceMatches (V077)',
  *check(policy) {
    if (policy.clusterwide) return
    for (const { item } of itemsOf(policy)) {
      for (const peer of peersIn(item)) {
        const name = peer.kind === 'service' && !peer.selector ? peer.service?.name : undefined
        if (!name || peer.kind !== 'service' || peer.service?.namespace) continue
        const holder = name.node.parent
        if (holder?.kind === 'map' && holder.entries.some(e => e.name === 'namespace')) continue
        yield {
          span: name.node.span,
          message: `services with the name ${name.value} of every namespace are meant: add \`namespace\` for those of one`,
        }
      }
    }
  },
}
