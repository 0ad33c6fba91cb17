// Rules of policies as the agent files them: in their namespace, with their entries by direction (pkg/policy/repository.go).

import { memo, NONE, stamped, trimmed } from '../memo.ts'
import { askedBy } from '../model/asked.ts'
import type { Direction, Policy, PolicyRule, RuleItem, Selector } from '../model/policy.ts'
import { type Condition, type Match, requiredConditions, type Scope, subjectConditions } from '../model/selector.ts'
import { atLeast } from '../model/version.ts'
import { get } from '../syntax/node.ts'
import type { Basis } from './basis.ts'
import { isEntangling, mayEntangle } from './entangled.ts'
import { type Context, Entry, type Filed, type ItemMeaning, type Side } from './entry.ts'
import { peersOf } from './peers.ts'

interface Known {
  readonly basis: Basis
  readonly namespace: string | undefined
  readonly filed: readonly Filed[]
}

/** As a policy was filed last: all are filed anew when anything of it changes. */
const latest = stamped((_policy: Policy): { known?: Known } => ({}))

/** The rules of a policy whose namespace is `namespace` ('' for clusterwide ones, undefined when unknown); remembered. */
export function fileRules(basis: Basis, policy: Policy, namespace: string | undefined): readonly Filed[] {
  const { known } = latest(policy)
  if (known?.basis === basis && known.namespace === namespace) return known.filed
  // Asked for as long as the policy is at hand: of tens of thousands each is far away later.
  askedBy(policy)
  const filed = trimmed(policy.rules.flatMap(rule => fileRule({ basis, policy, namespace }, rule) ?? []))
  latest(policy).known = { basis, namespace, filed }
  return filed
}

interface Place {
  readonly basis: Basis
  readonly policy: Policy
  readonly namespace: string | undefined
}

function fileRule({ basis, policy, namespace }: Place, rule: PolicyRule): Filed | undefined {
  const selector = rule.endpointSelector ?? rule.nodeSelector
  if (!selector) return undefined
  const scope = scopeOf(basis, { policy, namespace, selector })
  const context = { basis, scope, entangles: mayEntangle(policy.document) }
  const forNodes = rule.endpointSelector === undefined
  return {
    version: basis.version,
    policy,
    rule,
    resource: `${policy.clusterwide ? 'ccnp' : 'cnp'}/${namespace ?? ''}/${policy.name?.value ?? ''}`,
    namespace,
    forNodes,
    subject: forNodes ? selector.requirements : subjectIn(selector, scope),
    readable: !selector.unknown,
    sides: { ingress: sideOf(context, rule, 'ingress'), egress: sideOf(context, rule, 'egress') },
  }
}

/** The scope in which a rule's selectors are read: one object for the same scope. */
export function scopeOf(
  basis: Basis,
  of: { policy: Policy; namespace: string | undefined; selector: Selector },
): Scope {
  const { version, config } = basis
  const local = config.defaultLocalCluster && atLeast(version, '1.18')
  const { clusterwide } = of.policy
  const namespace = clusterwide ? undefined : of.namespace
  const init = of.selector.requirements.some(r => r.source === 'reserved' && r.key === 'init')
  const key = `${clusterwide} ${init} ${namespace === undefined ? '' : `in ${namespace}`}`
  const known = scopes(basis).get(key)
  if (known) return known
  const made = { clusterwide, namespace, init, cluster: local ? config.clusterName : undefined }
  scopes(basis).set(key, made)
  return made
}

/** One object for each, by what tells them apart. */
const scopes = memo((_basis: Basis) => new Map<string, Scope>())

/** What a subject has to be; where the namespace is unknown, without it. */
function subjectIn(selector: Selector, scope: Scope): readonly Condition[] {
  return subjectConditions(selector, scope) ?? selector.requirements
}

function sideOf(context: Context & { readonly entangles: boolean }, rule: PolicyRule, direction: Direction): Side {
  const items = rule.items.filter(i => i.direction === direction)
  const open =
    rule.node.open === true || [direction, `${direction}Deny`].some(key => get(rule.node, key)?.open === true)
  const entries = items.map(item => new Entry(item, meaningOf(context, item.twin)))
  return {
    entries,
    defaultDeny: switchOf(context, rule, direction),
    open,
    entangled: context.entangles && items.some(item => isEntangling(item.twin)),
  }
}

/** `enableDefaultDeny`: true when absent; without the agent's flag for it always true (1.17). */
function switchOf({ basis }: Context, rule: PolicyRule, direction: Direction): Match {
  if (atLeast(basis.version, '1.17') && !basis.config.nonDefaultDenyPolicies) return 'yes'
  const written = get(get(rule.node, 'enableDefaultDeny'), direction)
  if (written?.kind === 'scalar' && written.unknown) return 'maybe'
  return rule.enableDefaultDeny[direction] === false ? 'no' : 'yes'
}

interface Meant {
  basis?: Basis
  /** Nearly all items have one scope only. */
  scope?: Scope | undefined
  meaning?: ItemMeaning
  others?: Map<Scope | undefined, ItemMeaning>
}

/** So many scopes are remembered of a twin; some may be those of a namespace that somebody was typing. */
const MOST = 500

/** What a twin has meant in the scopes that it was asked in; scopes are one object each. */
const meant = stamped((_twin: RuleItem): Meant => ({}))

function meaningOf(context: Context, twin: RuleItem): ItemMeaning {
  const scope = isScoped(twin) ? context.scope : undefined
  const before = meant(twin)
  if (before.basis !== context.basis)
    Object.assign(before, { basis: context.basis, meaning: undefined, others: undefined })
  const known = before.scope === scope ? before.meaning : before.others?.get(scope)
  if (known) return known
  const { peers, more } = peersOf(context, twin)
  const made = { peers, morePeers: more, requires: requiresOf(context, twin) }
  if (!before.meaning) Object.assign(before, { scope, meaning: made })
  else {
    before.others ??= new Map()
    if (before.others.size >= MOST) before.others.clear()
    before.others.set(scope, made)
  }
  return made
}

/** Whether what an item means depends on where its policy is. */
const isScoped = (twin: RuleItem): boolean => twin.members.some(m => !UNSCOPED.test(m.key))

const UNSCOPED = /(?:Entities|CIDR|CIDRSet|FQDNs)$/

function requiresOf({ basis, scope }: Context, item: RuleItem): readonly (readonly Condition[])[] {
  if (atLeast(basis.version, '1.19')) return NONE
  const members = item.members.filter(m => m.key.endsWith('Requires')).flatMap(m => m.peers)
  return members.flatMap(p =>
    p.kind === 'requires' ? [requiredConditions(p.selector, scope) ?? p.selector.requirements] : [],
  )
}
