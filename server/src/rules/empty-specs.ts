// An empty `specs`: a policy without a rule.

import { entry, get, isNull } from '../syntax/node.ts'
import type { DocumentRule } from './rule.ts'

export const emptySpecs: DocumentRule = {
  id: 'empty-specs',
  scope: 'document',
  about: ['specs'],
  severity: 'warning',
  summary: 'A policy whose specs is empty',
  why: 'Cilium accepts a policy with an empty list of rules and imports nothing of it.',
  source: 'pkg/k8s/apis/cilium.io/v2/cnp_types.go Parse (V002)',
  *check(policy) {
    const e = entry(policy.root, 'specs')
    if (e?.value?.kind !== 'seq' || e.value.items.length > 0 || e.value.open || !isNull(get(policy.root, 'spec')))
      return
    yield { span: e.key.span, message: 'this policy has no rules, so nothing is enforced: add one to `specs`' }
  },
}
