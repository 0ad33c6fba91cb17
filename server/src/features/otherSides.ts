// Refactorings that write the other side of a rule, or all that are missing of a policy, whether or not something is closed today.

import { fixOf } from '../engine/counterpart/fix.ts'
import { type Gap, gapsOf, unwrittenIn } from '../engine/counterpart/gap.ts'
import { openingsOf } from '../engine/counterpart/openings.ts'
import { policies } from '../model/lower.ts'
import type { Policy, RuleItem } from '../model/policy.ts'
import { dash } from '../syntax/edit.ts'
import type { Document } from '../syntax/file.ts'
import { lineStart } from '../syntax/layout.ts'
import type { Fix } from '../syntax/problem.ts'
import type { Snapshot } from '../workspace/snapshot.ts'

/** What can be written on other sides, for the rule at an offset of the document and for its policy. */
export function otherSides(snapshot: Snapshot, document: Document, offset: number): readonly Fix[] {
  const policy = policies(document).find(p => isIn(document, p.root.span, offset))
  if (!policy) return []
  const item = policy.rules.flatMap(r => r.items).find(i => isInItem(document, i, offset))
  const one = item && !item.deny ? ofItem(snapshot, policy, item) : undefined
  const all = ofPolicy(snapshot, policy, item)
  return [one, all].filter(fix => fix !== undefined)
}

function isIn(document: Document, span: { start: number; end: number }, offset: number): boolean {
  return lineStart(document.text, span.start) <= offset && offset <= span.end
}

/** From the dash of the item on. */
function isInItem(document: Document, { node }: RuleItem, offset: number): boolean {
  const flow = node.parent?.kind === 'seq' && node.parent.flow
  const start = flow ? node.span.start : lineStart(document.text, dash(document, node))
  return start <= offset && offset <= node.span.end
}

function ofItem(snapshot: Snapshot, policy: Policy, item: RuleItem): Fix | undefined {
  const openings = unwrittenIn(snapshot, policy, item).flatMap(gap => openingsOf(snapshot, gap))
  return fixOf(snapshot, policy, openings, { title: 'Write the other side of this rule', preferred: false })
}

/** All gaps of the policy that can be mended; not where the rule at hand is the only one. */
function ofPolicy(snapshot: Snapshot, policy: Policy, item: RuleItem | undefined): Fix | undefined {
  const gaps = gapsOf(snapshot, policy).filter(gap => canBeMended(snapshot, gap))
  if (gaps.length === 0 || gaps.every(g => g.entry.item === item)) return undefined
  const openings = gaps.flatMap(gap => openingsOf(snapshot, gap))
  return fixOf(snapshot, policy, openings, { title: 'Write all missing other sides of this policy', preferred: false })
}

function canBeMended(snapshot: Snapshot, gap: Gap): boolean {
  return !gap.denied && fixOf(snapshot, gap.policy, openingsOf(snapshot, gap), { preferred: false }) !== undefined
}
