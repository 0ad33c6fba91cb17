// Two exclusions in one selector: both must hold, so each leaves out everything that it names.

import type { Requirement, Selector } from '../model/policy.ts'
import { listing, podSelectorsOf } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const jointExclusion: DocumentRule = {
  id: 'joint-exclusion',
  scope: 'document',
  byPart: true,
  severity: 'hint',
  summary: 'Two exclusions by different keys in one selector',
  why: 'All conditions of a selector must hold. `NotIn` for a namespace beside `NotIn` for a label leaves out the whole namespace and, in all other namespaces, everything with that label: not only the pods to which both apply. To leave out just those, write two policies, or two peers.',
  source: 'pkg/policy/api/selector.go (F31, 4.6)',
  *check(policy) {
    for (const selector of podSelectorsOf(policy)) {
      const [first, second] = exclusions(selector)
      if (!first || !second) continue
      yield {
        span: second.keyNode.span,
        message: `this and the exclusion by ${first.written} must both hold: left out is everything with ${listing([words(first), words(second)])}, not only what has both`,
      }
    }
  },
}

/** The first exclusion of each key. */
function exclusions({ requirements }: Selector): readonly Requirement[] {
  const found = requirements.filter(r => r.operator === 'NotIn')
  return found.filter((r, i) => found.findIndex(o => o.key === r.key) === i)
}

const words = ({ written, values }: Requirement): string => `${written} ${values.join(' or ')}`
