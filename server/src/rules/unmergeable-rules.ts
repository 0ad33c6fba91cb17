// Rules for the same peer and port that the agent cannot make one of: the pods they select never get the new policy.

import { basisOf } from '../engine/basis.ts'
import { type Conflict, conflictOf } from '../engine/entangled.ts'
import type { Filed } from '../engine/entry.ts'
import { podIdentity } from '../engine/identity.ts'
import { placeOf } from '../engine/judge.ts'
import { refusal } from '../engine/refusal.ts'
import { rulesOf, rulesSelecting, type Selected } from '../engine/subjects.ts'
import type { Policy, RuleItem } from '../model/policy.ts'
import { get, type Span } from '../syntax/node.ts'
import { subjectPods } from '../workspace/selection.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import { worldOf } from '../workspace/world.ts'
import { keySpan, wordSpan } from './common.ts'
import { homeOf } from './podSelectors.ts'
import type { Finding, WorkspaceRule } from './rule.ts'

export const unmergeableRules: WorkspaceRule = {
  id: 'unmergeable-rules',
  scope: 'workspace',
  byForce: true,
  severity: 'error',
  summary: 'Rules that contradict each other for the same peer and port',
  why: 'All rules that select a pod become one policy. Two kinds of L7 rules (up to Cilium 1.17 whoever the peers are), two listeners of one priority, two TLS contexts or two authentication modes for the same peer and port cannot be merged: neither the API server nor the operator says so, the agent fails to regenerate the pod again and again, and the pod keeps the policy that it had. A new pod does not get ready.',
  source: 'pkg/policy/rule.go mergePortProto, pkg/policy/l4.go (V170 to V174)',
  *check(policy, snapshot) {
    if (refusal.judge(policy, snapshot)) return
    const seen = new Set<RuleItem>()
    for (const conflict of conflicts(snapshot, policy)) {
      const [own, other] =
        conflict.other.filed.policy === policy ? [conflict.other, conflict.one] : [conflict.one, conflict.other]
      if (own.filed.policy !== policy || seen.has(own.entry.item) || isHidden(conflict)) continue
      seen.add(own.entry.item)
      yield finding(own.entry.item, { ...conflict, one: own, other })
    }
  },
}

/** What cannot be merged in the rules alone, and for the known pods that they select. */
function* conflicts(snapshot: Snapshot, policy: Policy): Iterable<Conflict> {
  const basis = basisOf(snapshot)
  const world = worldOf(snapshot)
  for (const filed of rulesOf(snapshot, policy)) {
    if (!filed.readable || !isEntangled(filed)) continue
    const alone = conflictOf([{ filed, match: 'yes' }])
    if (alone) yield alone
    const judged = new Set<readonly Selected[]>()
    for (const pod of subjectPods(world, homeOf(snapshot, policy), filed.rule).pods) {
      const rules = rulesSelecting(snapshot, podIdentity(basis, pod))
      if (judged.has(rules) || !rules.some(r => r.filed === filed && r.match === 'yes')) continue
      judged.add(rules)
      const found = conflictOf(rules.every(r => r.match === 'yes') ? rules : rules.filter(r => r.match === 'yes'))
      if (found) yield found
    }
  }
}

/** Ports that a placeholder hides may be others, and items of a template may be alternatives. */
function isHidden({ one, other }: Conflict): boolean {
  return [one, other].some(
    ({ filed, entry }) =>
      filed.policy.document.templated ||
      (entry.item.toPorts ?? []).some(rule => rule.ports?.some(p => !p.port && get(p.node, 'port'))),
  )
}

const isEntangled = ({ sides }: Filed): boolean => sides.ingress.entangled || sides.egress.entangled

function finding(item: RuleItem, { other, why }: Conflict): Finding {
  const place = placeOf(other.filed, other.entry.item)
  const name = other.filed.policy.name?.value ?? 'another policy'
  return {
    span: spanOf(item),
    message: `Cilium cannot merge this with an item of ${name} (${why}), and the pods keep the policy that they had: let both ask for the same, or name different ports or peers`,
    related: [{ place: { ...place, span: wordSpan(other.entry.item.node) }, message: 'the other item' }],
  }
}

/** The word that asks for more than letting pass. */
function spanOf(item: RuleItem): Span {
  for (const { l7, node } of item.toPorts ?? []) {
    const rules = l7.find(l => l.count > 0)
    if (rules) return rules.keyNode.span
    const key = ['listener', 'terminatingTLS', 'originatingTLS', 'serverNames'].find(k => get(node, k))
    if (key) return keySpan(node, key)
  }
  return item.authentication?.node.span ?? wordSpan(item.node)
}
