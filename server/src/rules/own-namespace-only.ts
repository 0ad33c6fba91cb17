// An empty selector of peers in a policy that says it is about more than its own namespace.

import type { PolicyRule } from '../model/policy.ts'
import { get, str } from '../syntax/node.ts'
import { wordSpan } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const ownNamespaceOnly: DocumentRule = {
  id: 'own-namespace-only',
  scope: 'document',
  about: ['fromEndpoints', 'toEndpoints'],
  severity: 'information',
  summary: 'An empty selector for pods of every namespace',
  why: 'In a CiliumNetworkPolicy `fromEndpoints: [{}]` and `toEndpoints: [{}]` mean every pod of the policy’s own namespace, and neither pods of others nor hosts nor the world. That is often what is wanted, so nothing is said about it unless the description speaks of all namespaces or the whole cluster.',
  source: 'pkg/k8s/apis/cilium.io/utils/utils.go getEndpointSelector (F23)',
  *check(policy) {
    if (policy.clusterwide) return
    const speaking = policy.rules.filter(speaksOfMore)
    for (const item of speaking.flatMap(rule => rule.items)) {
      const member = item.members.find(m => m.key === 'fromEndpoints' || m.key === 'toEndpoints')
      const [peer, more] = member?.peers ?? []
      if (more || peer?.kind !== 'endpoints' || peer.selector.unknown || peer.selector.requirements.length > 0) continue
      yield {
        span: wordSpan(peer.node),
        message:
          'an empty selector means the pods of this namespace alone: for those of every namespace ask that the key `k8s:io.kubernetes.pod.namespace` exists, or name the entity `cluster`',
      }
    }
  },
}

const MORE =
  /\b(?:all|any|every|each|other) namespaces?\b|\b(?:across|between) (?:the )?namespaces\b|\bcluster-?wide\b|\b(?:whole|entire) cluster\b|\banywhere\b|\beverywhere\b/
const OWN = /\b(?:same|own|this|its|within) (?:the )?namespace\b/

function speaksOfMore(rule: PolicyRule): boolean {
  const words = str(get(rule.node, 'description'))?.toLowerCase() ?? ''
  return MORE.test(words) && !OWN.test(words)
}
