// Conditions whose values do not fit their operator.

import { entry, get, items, str } from '../syntax/node.ts'
import { keySpan, removal, selectorsOf } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const selectorValues: DocumentRule = {
  id: 'selector-values',
  scope: 'document',
  byPart: true,
  severity: 'error',
  summary: 'Values that do not fit the operator of a condition',
  why: 'In and NotIn need at least one value; Exists and DoesNotExist take none. The agent refuses the policy.',
  source: 'pkg/labels/validation.go ValidateLabelSelectorRequirement (V025, V026)',
  *check(policy, lens) {
    for (const { selector } of selectorsOf(policy, lens)) {
      for (const item of items(get(selector.node, 'matchExpressions'))) {
        const operator = str(get(item, 'operator'))
        const values = get(item, 'values')
        const count = items(values).length
        if (
          item.kind !== 'map' ||
          item.open ||
          (values?.kind === 'scalar' && values.unknown) ||
          (values?.kind === 'seq' && values.open)
        )
          continue
        if ((operator === 'In' || operator === 'NotIn') && count === 0) {
          yield {
            span: entry(item, 'values') ? keySpan(item, 'values') : keySpan(item, 'operator'),
            message: `\`${operator}\` needs at least one value: add \`values\``,
          }
        } else if ((operator === 'Exists' || operator === 'DoesNotExist') && count > 0) {
          yield {
            span: keySpan(item, 'values'),
            message: `\`${operator}\` takes no values: remove them`,
            fixes: removal(policy, item, 'values'),
          }
        }
      }
    }
  },
}
