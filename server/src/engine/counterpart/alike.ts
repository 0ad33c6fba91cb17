// Whether two selectors mean the same pods, decided by what they say and not by who happens to run.

import { CLUSTER, type Condition, NAMESPACE, NAMESPACE_LABELS } from '../../model/selector.ts'

/** What is left of the values of one label: a list of those allowed, or all but some. */
interface Values {
  /** undefined: any value. */
  readonly only: readonly string[] | undefined
  readonly not: readonly string[]
  /** `yes`: the label must be there; `no`: it must not; `open`: either. */
  readonly present: 'yes' | 'no' | 'open' | 'never'
}

/** A selector's conditions by label, as pods see them: a bare key and one with `k8s:` are the same. */
export type Meaning = ReadonlyMap<string, Values>

const ANY: Values = { only: undefined, not: [], present: 'open' }

/** What conditions mean for pods of a cluster. */
export function meaningOf(conditions: readonly Condition[], cluster: string): Meaning {
  const meaning = new Map<string, Values>()
  for (const c of conditions) {
    const condition = plain(c)
    const key = `${condition.source}:${condition.key}`
    meaning.set(key, narrowed(meaning.get(key) ?? ANY, condition))
  }
  const local = meaning.get(`k8s:${CLUSTER}`)
  if (local?.only?.length === 1 && local.only[0] === cluster) meaning.delete(`k8s:${CLUSTER}`)
  return meaning
}

/** `any:` reads as `k8s:`, and the name that every namespace has as a label as the namespace. */
function plain(condition: Condition): Condition {
  const source = condition.source === 'any' ? 'k8s' : condition.source
  const key = condition.key === `${NAMESPACE_LABELS}kubernetes.io/metadata.name` ? NAMESPACE : condition.key
  return { ...condition, source, key }
}

function narrowed(known: Values, { operator, values }: Condition): Values {
  switch (operator) {
    case 'In': {
      const only = (known.only ?? values).filter(v => values.includes(v) && !known.not.includes(v))
      return settled({ only: [...new Set(only)].sort(), not: [], present: must(known.present, 'yes') })
    }
    case 'NotIn': {
      const only = known.only?.filter(v => !values.includes(v))
      const not = only ? [] : [...new Set([...known.not, ...values])].sort()
      return settled({ only, not, present: known.present })
    }
    case 'Exists':
      return { ...known, present: must(known.present, 'yes') }
    case 'DoesNotExist':
      return { only: undefined, not: [], present: must(known.present, 'no') }
  }
}

const settled = (values: Values): Values => (values.only?.length === 0 ? { ...values, present: 'never' } : values)

function must(known: Values['present'], wanted: 'yes' | 'no'): Values['present'] {
  return known === 'open' || known === wanted ? wanted : 'never'
}

/** Whether both select the same pods. */
export function same(a: Meaning, b: Meaning): boolean {
  return implies(a, b) && implies(b, a)
}

/** Whether whatever the first selects is selected by the second. */
export function implies(a: Meaning, b: Meaning): boolean {
  for (const [key, wanted] of b) if (!covers(wanted, a.get(key) ?? ANY)) return false
  return true
}

function covers(wanted: Values, given: Values): boolean {
  if (given.present === 'never') return true
  if (wanted.present === 'never') return false
  if (wanted.present === 'no') return given.present === 'no'
  if (given.present === 'no') return wanted.present === 'open'
  if (wanted.present === 'yes' && given.present !== 'yes') return false
  if (given.only) return given.only.every(v => (wanted.only?.includes(v) ?? true) && !wanted.not.includes(v))
  return wanted.only === undefined && wanted.not.every(v => given.not.includes(v))
}
