// A dash before `toPorts` that makes the ports a rule item of their own.

import { peersIn } from '../model/peers.ts'
import type { Policy, RuleItem } from '../model/policy.ts'
import { dash, isShared } from '../syntax/edit.ts'
import { column } from '../syntax/layout.ts'
import type { Fix } from '../syntax/problem.ts'
import { keySpan } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const strayDash: DocumentRule = {
  id: 'stray-dash',
  scope: 'document',
  severity: 'warning',
  summary: 'Ports that a dash cuts off from their peers',
  why: 'Items of a section are alternatives. An item with peers alone is about all their ports, and an item with ports alone is about everybody: one dash too many opens both. Where the second item is meant, write `toEntities: [all]` (or `fromEntities: [all]`) in it.',
  source: 'pkg/policy/rule.go mergeIngress, mergeEgress: every item is merged by itself (F54, 6.6 number 6)',
  *check(policy) {
    for (const { items } of policy.rules) {
      for (let i = 1; i < items.length; i++) {
        const [before, item] = [items[i - 1], items[i]]
        if (!item || before?.section !== item.section || !portsOnly(item) || !peersOnly(before)) continue
        const everybody = item.direction === 'egress' ? 'to every destination' : 'from everywhere'
        const verb = item.deny ? 'denies' : 'allows'
        yield {
          span: keySpan(item.node, 'toPorts'),
          ...(isTrusted(before) ? { severity: 'information' as const } : {}),
          message: `this item ${verb} these ports ${everybody}, and the item before it ${verb} every port of its peers: take the dash away if the ports belong to the peers above`,
          fixes: merge(policy, before, item).map(f => ({ ...f, preferred: !isTrusted(before) })),
          related: [
            {
              place: { document: policy.document, span: (before.members[0]?.keyNode ?? before.node).span },
              message: 'the peers, with every port',
            },
          ],
        }
      }
    }
  },
}

/** All traffic from the cluster's own parts, and some ports for everybody, is often meant so: information only. */
const isTrusted = (item: RuleItem): boolean =>
  item.direction === 'ingress' && peersIn(item).every(p => p.kind === 'entity' && TRUSTED.includes(p.entity))
const TRUSTED = ['cluster', 'remote-node', 'host', 'health', 'init']

const peersOnly = (item: RuleItem): boolean =>
  !item.node.open && item.members.some(m => m.peers.length > 0) && !item.toPorts && !item.icmps

/** Ports with L7 rules and without peers are how visibility is switched on. */
const portsOnly = (item: RuleItem): boolean =>
  !item.node.open &&
  item.node.entries.every(e => e.name === 'toPorts' && !e.merged) &&
  (item.toPorts ?? []).some(p => p.ports?.length) &&
  (item.toPorts ?? []).every(p => p.l7.length === 0 && !p.serverNames && !p.listener)

function merge(policy: Policy, before: RuleItem, item: RuleItem): Fix[] {
  const { document } = policy
  const { node } = item
  const list = node.parent
  if (list?.kind !== 'seq' || list.flow || node.flow || before.node.flow || isShared(node) || isShared(before.node))
    return []
  if (column(document.text, node.span.start) !== column(document.text, before.node.span.start)) return []
  const at = dash(document, node)
  const edits = () => [{ kind: 'replace' as const, place: { document, span: { start: at, end: at + 1 } }, text: ' ' }]
  return [{ title: 'Take the dash away', preferred: true, edits }]
}
