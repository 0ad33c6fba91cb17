// A policy without any rule, which the agent refuses; since 1.20 the API server does so before it.

import { entry, isNull } from '../syntax/node.ts'
import { keySpan } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const emptyPolicy: DocumentRule = {
  id: 'empty-policy',
  scope: 'document',
  severity: 'error',
  until: '1.19',
  summary: 'A policy with neither spec nor specs',
  why: 'A policy has its rules under `spec` (one) or `specs` (a list). The agent refuses one with neither; since 1.20 the API server does so already.',
  source: 'pkg/k8s/apis/cilium.io/v2/cnp_types.go Parse, ccnp_types.go Parse (V002)',
  *check({ root }) {
    if (root.open || root.entries.some(e => e.key.unknown)) return
    if (!isNull(entry(root, 'spec')?.value) || !isNull(entry(root, 'specs')?.value)) return
    yield { span: keySpan(root, 'spec'), message: 'this policy has no rule: add `spec` or `specs`' }
  },
}
