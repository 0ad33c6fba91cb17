// Rules by a label that they ask of whom they select, so that an identity meets only those that can select it.

import { memo } from '../memo.ts'
import { CLUSTER, type Condition, type LabelSet, NAMESPACE } from '../model/selector.ts'
import type { Filed } from './entry.ts'

interface Numbered {
  readonly filed: Filed
  /** Its place among all the rules. */
  readonly at: number
}

interface Shelf {
  /** By the key and then a value of one condition of their subject that asks for certain values. */
  readonly byKey: ReadonlyMap<string, ReadonlyMap<string, readonly Numbered[]>>
  /** Rules without such a condition. */
  readonly others: readonly Numbered[]
}

const shelved: (rules: readonly Filed[]) => Shelf = memo(rules => {
  const byKey = new Map<string, Map<string, Numbered[]>>()
  const others: Numbered[] = []
  for (const [at, filed] of rules.entries()) {
    const asked = askedOf(filed.subject)
    if (!asked) others.push({ filed, at })
    for (const value of asked ? new Set(asked.values) : []) {
      const byValue = byKey.get(asked?.key ?? '') ?? new Map<string, Numbered[]>()
      byKey.set(asked?.key ?? '', byValue)
      const list = byValue.get(value)
      if (list) list.push({ filed, at })
      else byValue.set(value, [{ filed, at }])
    }
  }
  return { byKey, others }
})

/** The condition that tells most: one about the pods themselves rather than about where they are. */
function askedOf(subject: readonly Condition[]): Condition | undefined {
  const asked = subject.filter(c => c.operator === 'In')
  return asked.find(c => c.key !== NAMESPACE && c.key !== CLUSTER) ?? asked.find(c => c.key === NAMESPACE) ?? asked[0]
}

/** Those of the rules that may select such labels, in their order: every one that does, and few that do not. */
export function near(rules: readonly Filed[], set: LabelSet): readonly Filed[] {
  const { byKey, others } = shelved(rules)
  const found = [...others]
  for (const [key, byValue] of byKey) {
    const worn = set.labels.get(key) ?? []
    // A label that is not seen may be there all the same: see `holds`.
    const open = set.open || (set.openBelow !== undefined && key.startsWith(set.openBelow))
    if (open && !worn.some(l => l.source === 'k8s')) for (const list of byValue.values()) found.push(...list)
    else for (const { value } of worn) found.push(...(byValue.get(value) ?? []))
  }
  const inOrder = found.sort((a, b) => a.at - b.at)
  return inOrder.flatMap(({ filed, at }, i) => (inOrder[i - 1]?.at === at ? [] : [filed]))
}
