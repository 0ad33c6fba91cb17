// A policy as its words tell it: what most rules of a repository's policies say, some other policy has said before.

import { latest } from '../memo.ts'
import type { Policy } from '../model/policy.ts'

/**
 * The policy with the twins of its items in their place: what these say is worked out already, but they stand elsewhere. The policy
 * itself where that would make one item of two.
 */
export const inWords = latest((policy: Policy): Policy => {
  const rules = policy.rules.map(rule => ({ ...rule, items: rule.items.map(item => item.twin) }))
  return rules.some(({ items }) => new Set(items).size < items.length) ? policy : { ...policy, rules }
})
