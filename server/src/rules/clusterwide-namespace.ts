// A namespace in a clusterwide policy, which is ignored.

import { entry, get, isNull } from '../syntax/node.ts'
import { removal } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const clusterwideNamespace: DocumentRule = {
  id: 'clusterwide-namespace',
  scope: 'document',
  severity: 'warning',
  summary: 'A namespace in a clusterwide policy',
  why: 'A CiliumClusterwideNetworkPolicy belongs to no namespace: what is written is ignored, and the policy is for the pods of all namespaces that its selector matches. Limit it with the label `io.kubernetes.pod.namespace` in endpointSelector, or make it a CiliumNetworkPolicy.',
  source: 'a cluster-scoped CustomResourceDefinition (V010)',
  *check(policy) {
    const metadata = get(policy.root, 'metadata')
    const e = entry(metadata, 'namespace')
    if (!policy.clusterwide || metadata?.kind !== 'map' || !e || isNull(e.value)) return
    yield {
      span: e.key.span,
      message:
        'a clusterwide policy has no namespace, this one is ignored: take it away, or select the namespace by its label',
      fixes: removal(policy, metadata, 'namespace'),
    }
  },
}
