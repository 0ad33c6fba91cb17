// An empty key in the labels of a rule, which the agent cannot read.

import { get, items, str } from '../syntax/node.ts'
import type { DocumentRule } from './rule.ts'

export const ruleLabelKey: DocumentRule = {
  id: 'rule-label-key',
  scope: 'document',
  about: ['labels'],
  severity: 'error',
  summary: 'A label of a rule without a key',
  why: 'The API server stores it, but the agent cannot read the object any more: nothing of it is enforced.',
  source: 'pkg/labels/labels.go Label.UnmarshalJSON (V030)',
  *check(policy) {
    for (const rule of policy.rules) {
      for (const item of items(get(rule.node, 'labels'))) {
        const key = get(item, 'key')
        if (key && str(key) === '')
          yield { span: key.span, message: 'a label of a rule needs a key: write one or take the label away' }
      }
    }
  },
}
