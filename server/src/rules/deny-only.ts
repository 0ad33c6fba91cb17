// Only deny rules for a direction: they close it for everything else too.

import { memo } from '../memo.ts'
import { policies } from '../model/lower.ts'
import type { Direction, Policy, PolicyRule, Requirement } from '../model/policy.ts'
import { NAMESPACE } from '../model/selector.ts'
import { addEntry, isShared } from '../syntax/edit.ts'
import { entry, get } from '../syntax/node.ts'
import type { Fix } from '../syntax/problem.ts'
import { effectiveConfig } from '../workspace/configuration.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import { namespaceOf } from '../workspace/world.ts'
import { conditionsOf, keySpan } from './common.ts'
import type { WorkspaceRule } from './rule.ts'

export const denyOnly: WorkspaceRule = {
  id: 'deny-only',
  scope: 'workspace',
  about: ['ingressDeny', 'egressDeny'],
  severity: 'warning',
  summary: 'Deny rules alone, which deny everything',
  why: 'A deny rule closes its direction as every other rule does: what no policy allows is denied too, DNS included. For a pure list of denials switch the default deny of the direction off (`enableDefaultDeny`), or allow the rest. Nothing is said where another policy of the workspace allows something for pods that may be the same.',
  source: 'pkg/policy/repository.go computePolicyEnforcementAndRules (F16, 5.2)',
  *check(policy, snapshot) {
    const { config } = effectiveConfig(snapshot)
    if (config.enforcementMode !== 'default') return
    for (const rule of policy.rules) {
      for (const direction of ['ingress', 'egress'] as const) {
        const deny = rule.items.some(i => i.direction === direction && i.deny)
        if (!deny || rule.enableDefaultDeny[direction] === false || rule.node.open) continue
        if (companions(snapshot).some(c => c.direction === direction && mayMeet(snapshot, c, { policy, rule })))
          continue
        const section = `${direction}Deny`
        yield {
          span: keySpan(rule.node, section),
          message: `with deny rules alone all other ${direction} of these pods is denied too: set \`enableDefaultDeny.${direction}: false\`, or allow the rest`,
          fixes: config.nonDefaultDenyPolicies ? switchOff(policy, rule, direction) : [],
        }
      }
    }
  },
}

interface Subject {
  readonly policy: Policy
  readonly rule: PolicyRule
}

/** Rules that allow something, of the workspace and of what is known of the cluster, and rules that leave the direction open. */
const companions = memo((snapshot: Snapshot): readonly (Subject & { readonly direction: Direction })[] => {
  const files = [...snapshot.files.values(), ...snapshot.inventories.flatMap(i => i.policies)]
  return files.flatMap(f =>
    f.documents.flatMap(d =>
      policies(d).flatMap(policy =>
        policy.rules.flatMap(rule =>
          (['ingress', 'egress'] as const)
            .filter(direction => rule.items.some(i => i.direction === direction && !i.deny) || d.templated)
            .map(direction => ({ policy, rule, direction })),
        ),
      ),
    ),
  )
})

/** Whether two rules may select the same pod: nothing says that they do not. */
function mayMeet(snapshot: Snapshot, a: Subject, b: Subject): boolean {
  if (!a.rule.nodeSelector !== !b.rule.nodeSelector) return false
  const [x, y] = [conditions(snapshot, a), conditions(snapshot, b)]
  return !x.some(p => y.some(q => p.key === q.key && excludes(p, q)))
}

type Condition = Pick<Requirement, 'key' | 'operator' | 'values'>

function conditions(snapshot: Snapshot, { policy, rule }: Subject): readonly Condition[] {
  const own: readonly Condition[] = conditionsOf(rule.endpointSelector ?? rule.nodeSelector)
  const namespace = namespaceOf(snapshot, policy)
  return namespace === undefined ? own : [...own, { key: NAMESPACE, operator: 'In', values: [namespace] }]
}

function excludes(p: Condition, q: Condition): boolean {
  if (p.operator === 'In' && q.operator === 'In') return !p.values.some(v => q.values.includes(v))
  if (p.operator === 'In' && q.operator === 'NotIn') return p.values.every(v => q.values.includes(v))
  if (p.operator === 'NotIn' && q.operator === 'In') return excludes(q, p)
  if (p.operator === 'DoesNotExist') return q.operator === 'In' || q.operator === 'Exists'
  return q.operator === 'DoesNotExist' && (p.operator === 'In' || p.operator === 'Exists')
}

function switchOff(policy: Policy, rule: PolicyRule, direction: Direction): Fix[] {
  const { document } = policy
  const given = get(rule.node, 'enableDefaultDeny')
  if (isShared(rule.node) || entry(given, direction)) return []
  const edits = () =>
    given?.kind === 'map'
      ? addEntry(document, given, direction, false)
      : addEntry(document, rule.node, 'enableDefaultDeny', { [direction]: false }, { before: `${direction}Deny` })
  return [{ title: `Deny only this: set enableDefaultDeny.${direction} to false`, edits }]
}
