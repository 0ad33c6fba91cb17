// What several rules need: smallest spans, the items that the agent looks at, and small fixes.

import { latest } from '../memo.ts'
import { peersIn } from '../model/peers.ts'
import type { Policy, PolicyRule, PortProtocol, PortRule, Requirement, RuleItem, Selector } from '../model/policy.ts'
import { atLeast } from '../model/version.ts'
import { isShared, removeEntry, renameKey, replaceValue } from '../syntax/edit.ts'
import { entry, entryOf, type MapNode, type Node, type SeqNode, type Span } from '../syntax/node.ts'
import type { Fix } from '../syntax/problem.ts'
import type { Lens } from './rule.ts'

/** A rule item with the rule that it stands in. */
export interface Placed {
  readonly rule: PolicyRule
  readonly item: RuleItem
}

/** All rule items of a policy; the same list each time, as nearly every rule asks for it. */
export const itemsOf: (policy: Policy) => readonly Placed[] = latest(policy =>
  policy.rules.flatMap(rule => rule.items.map(item => ({ rule, item }))),
)

/** The selectors of pods: of the subjects of a policy, then of its peers; remembered as `itemsOf`. */
export const podSelectorsOf: (policy: Policy) => readonly Selector[] = latest(policy => {
  const found = policy.rules.flatMap(r => r.endpointSelector ?? [])
  for (const { item } of itemsOf(policy))
    for (const peer of peersIn(item)) if (peer.kind === 'endpoints') found.push(peer.selector)
  return found
})

/** The conditions of a selector; none where there is no selector. */
export const conditionsOf = (selector: Selector | undefined): readonly Requirement[] => selector?.requirements ?? []

/** The items that `Rule.Sanitize` visits: up to 1.16 it leaves the deny sections out (pkg/policy/api/rule_validation.go). */
export function sanitized(policy: Policy, lens: Lens): readonly Placed[] {
  const all = itemsOf(policy)
  return atLeast(lens.version, '1.17') ? all : all.filter(({ item }) => !item.deny)
}

/** A port rule with the item that it stands in. */
export interface PlacedPortRule extends Placed {
  readonly portRule: PortRule
}

/** Port rules of those items. */
export const portRulesOf: (placed: readonly Placed[]) => readonly PlacedPortRule[] = latest(placed =>
  placed.flatMap(p => (p.item.toPorts ?? []).map(portRule => ({ rule: p.rule, item: p.item, portRule }))),
)

/** Port entries of those items. */
export const portsOf: (placed: readonly Placed[]) => readonly (PlacedPortRule & { readonly port: PortProtocol })[] =
  latest(placed =>
    portRulesOf(placed).flatMap(({ rule, item, portRule }) =>
      (portRule.ports ?? []).map(port => ({ rule, item, portRule, port })),
    ),
  )

/** The smallest span that stands for a node: a scalar itself, a key's word, else its first character. */
export function wordSpan(node: Node): Span {
  if (node.kind === 'scalar' || node.alias) return node.span
  const first = node.kind === 'map' ? node.entries.find(e => !e.merged) : undefined
  if (first) return first.key.span
  return { start: node.span.start, end: Math.max(node.span.start + 1, Math.min(node.span.end, node.span.start + 2)) }
}

/** The span of the key under which an entry stands, else of the map's first word. */
export function keySpan(map: Node, name: string): Span {
  const e = entry(map, name)
  return e && !e.merged ? e.key.span : wordSpan(map)
}

/** A fix that takes an entry away. */
export function removal(policy: Policy, map: MapNode, name: string, preferred = true): Fix[] {
  if (isShared(map) || entry(map, name)?.merged) return []
  return [{ title: `Remove ${name}`, preferred, edits: () => removeEntry(policy.document, map, name) }]
}

/** A fix that gives the key of a requirement another name, a label's key or the value of `key`. */
export function renaming({ document }: Policy, { keyNode }: Requirement, name: string): Fix[] {
  if (isShared(keyNode)) return []
  const e = entryOf(keyNode, 'key')
  const edits = () => (e ? renameKey(document, e, name) : replaceValue(document, keyNode, name))
  return [{ title: `Change to ${name}`, preferred: true, edits }]
}

/** Whether an item of a list can be parted where it is written; not when a template decides what of it is there. */
export function isSplittable(item: MapNode, list: Node | undefined): list is SeqNode {
  return list?.kind === 'seq' && !isShared(item) && !item.open && !item.entries.some(e => e.merged)
}

/** A selector that the agent sanitizes; `groups`: of CIDR groups. */
interface Sanitized {
  readonly selector: Selector
  readonly groups: boolean
}

/** Every selector of a policy that the agent sanitizes; the same list while rules ask one after the other. */
export const selectorsOf = latest((policy: Policy, lens: Lens): readonly Sanitized[] => [...selectorsIn(policy, lens)])

function* selectorsIn(policy: Policy, lens: Lens): Iterable<Sanitized> {
  for (const rule of policy.rules) {
    if (rule.endpointSelector) yield { selector: rule.endpointSelector, groups: false }
    if (rule.nodeSelector) yield { selector: rule.nodeSelector, groups: false }
  }
  for (const { item } of sanitized(policy, lens)) {
    for (const member of item.members) {
      for (const peer of member.peers) {
        if (peer.kind === 'endpoints' || peer.kind === 'nodes' || peer.kind === 'requires')
          yield { selector: peer.selector, groups: false }
        if (peer.kind === 'cidrSet' && peer.groupSelector && atLeast(lens.version, '1.17'))
          yield { selector: peer.groupSelector, groups: true }
      }
    }
  }
}

/** "a", "a and b", "a, b and c". */
export function listing(words: readonly string[]): string {
  if (words.length < 2) return words.join('')
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}
