// Writes a rule item, or a new section with one, into a policy that is there: in the style of what is around it.

import type { Direction, PolicyRule, RuleItem } from '../../model/policy.ts'
import { addEntry, addItem, fillEntry, isShared } from '../../syntax/edit.ts'
import type { Document } from '../../syntax/file.ts'
import { entry, entryOf, get, isNull, type MapNode, type SeqNode } from '../../syntax/node.ts'
import type { Plain } from '../../syntax/print.ts'
import type { Edit } from '../../syntax/problem.ts'

/** What a rule has to take an item of one direction: a list of its own, no such list yet, or nothing that may be changed. */
export type Room =
  | { readonly kind: 'list'; readonly list: SeqNode }
  | { readonly kind: 'new' }
  | { readonly kind: 'none' }

/** Where an item of that direction can go in the rule. What is anchored, merged in or templated is left alone. */
export function roomIn(document: Document, rule: PolicyRule, direction: Direction): Room {
  if (document.templated || rule.node.open || isShared(rule.node) || broken(document)) return { kind: 'none' }
  const e = entry(rule.node, direction)
  if (!e) return { kind: 'new' }
  if (e.merged || e.value?.kind !== 'seq') return { kind: 'none' }
  return isShared(e.value) || e.value.open ? { kind: 'none' } : { kind: 'list', list: e.value }
}

/** A document that cannot be read whole is not written into. */
const broken = (document: Document): boolean => document.errors.length > 0

/** Items for one direction of a rule. `keepOpen`: they are its first ones and must close nothing else. */
export interface Addition {
  readonly direction: Direction
  readonly items: readonly Plain[]
  readonly keepOpen: boolean
}

/** Adds items to a rule, at most one addition a direction. */
export function addToRule(document: Document, rule: PolicyRule, additions: readonly Addition[]): readonly Edit[] {
  const edits = additions.flatMap(({ direction, items }) => {
    const room = roomIn(document, rule, direction)
    if (room.kind === 'none') return []
    return room.kind === 'list' ? addItems(document, room.list, items) : addEntry(document, rule.node, direction, items)
  })
  const kept = additions.filter(a => a.keepOpen).map(a => a.direction)
  return kept.length > 0 ? [...edits, ...keepOpen(document, rule.node, kept)] : edits
}

function addItems(document: Document, list: SeqNode, items: readonly Plain[]): readonly Edit[] {
  const holder = entryOf(list)
  if (items.length > 1 && list.items.length === 0 && holder) return fillEntry(document, holder, items)
  return items.flatMap(item => addItem(document, list, item))
}

function keepOpen(document: Document, rule: MapNode, directions: readonly Direction[]): readonly Edit[] {
  const there = get(rule, 'enableDefaultDeny')
  if (there?.kind === 'map') return directions.flatMap(d => addEntry(document, there, d, false))
  if (!isNull(there)) return []
  return addEntry(document, rule, 'enableDefaultDeny', Object.fromEntries(directions.map(d => [d, false])))
}

/** The `toEntities` list of an item that says nothing else: a place for one more entity. */
export function entityList(item: RuleItem): SeqNode | undefined {
  const [member] = item.members
  if (item.deny || item.members.length !== 1 || item.node.entries.length !== 1 || !member?.key.endsWith('Entities'))
    return undefined
  const { node } = member
  return node.kind === 'seq' && node.items.length > 0 && !isShared(node) && !node.open ? node : undefined
}
