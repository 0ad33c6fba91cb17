// Rules by a label that they ask of whom they select, so that an identity meets only those that can select it.

import { memo, NONE } from '../memo.ts'
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

/** The shelf of rules that name their namespace, by it, and that of all others under ''; remembered. */
export const shelved: (rules: readonly Filed[]) => ReadonlyMap<string, Shelf> = memo(rules => {
  const rooms = new Map<string, Numbered[]>()
  for (const [at, filed] of rules.entries()) {
    const place = filed.subject.find(c => c.operator === 'In' && c.key === NAMESPACE && c.values.length === 1)
    put(rooms, place?.values[0] ?? '', { filed, at })
  }
  return new Map([...rooms].map(([namespace, room]) => [namespace, shelve(room)]))
})

function shelve(rules: readonly Numbered[]): Shelf {
  const byKey = new Map<string, Map<string, Numbered[]>>()
  const others: Numbered[] = []
  for (const rule of rules) {
    const asked = askedOf(rule.filed.subject)
    if (!asked) others.push(rule)
    if (asked && !byKey.has(asked.key)) byKey.set(asked.key, new Map())
    for (const value of new Set(asked?.values)) put(byKey.get(asked?.key ?? ''), value, rule)
  }
  return { byKey, others }
}

function put(map: Map<string, Numbered[]> | undefined, key: string, rule: Numbered): void {
  const list = map?.get(key)
  if (list) list.push(rule)
  else map?.set(key, [rule])
}

/** The condition that tells most: one about the pods themselves rather than about where they are. */
export function askedOf(subject: readonly Condition[]): Condition | undefined {
  const asked = subject.filter(c => c.operator === 'In')
  return asked.find(c => c.key !== NAMESPACE && c.key !== CLUSTER) ?? asked.find(c => c.key === NAMESPACE) ?? asked[0]
}

/** Those of the rules that may select such labels, in their order: every one that does, and few that do not. */
export function near(rules: readonly Filed[], set: LabelSet): readonly Filed[] {
  const lists: (readonly Numbered[])[] = []
  for (const shelf of shelvesFor(rules, set)) {
    lists.push(shelf.others)
    for (const [key, byValue] of shelf.byKey) {
      if (isOpen(set, key)) lists.push(...byValue.values())
      else for (const { value } of set.labels.get(key) ?? NONE) lists.push(byValue.get(value) ?? NONE)
    }
  }
  const full = lists.filter(list => list.length > 0)
  if (full.length < 2) return full.flatMap(list => list.map(({ filed }) => filed))
  const found = new Map<number, Filed>()
  for (const list of full) for (const { at, filed } of list) found.set(at, filed)
  return [...found].sort(([a], [b]) => a - b).map(([, filed]) => filed)
}

function shelvesFor(rules: readonly Filed[], set: LabelSet): readonly Shelf[] {
  const rooms = shelved(rules)
  if (isOpen(set, NAMESPACE)) return [...rooms.values()]
  const names = ['', ...(set.labels.get(NAMESPACE) ?? []).map(l => l.value).filter(name => name !== '')]
  return names.flatMap(name => rooms.get(name) ?? [])
}

/** Whether a label with that key, which is not seen, may be there all the same: see `holds`. */
function isOpen(set: LabelSet, key: string): boolean {
  const open = set.open || (set.openBelow !== undefined && key.startsWith(set.openBelow))
  return open && !set.labels.get(key)?.some(l => l.source === 'k8s')
}
