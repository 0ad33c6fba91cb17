// What a place in a policy belongs to: its policy, rule, rule item, and the selector that it is a part of.

import { policies } from '../model/lower.ts'
import { lowerSelector } from '../model/lowerSelector.ts'
import type { Policy, PolicyRule, RuleItem, Selector } from '../model/policy.ts'
import type { Document } from '../syntax/file.ts'
import { at, type Node, same } from '../syntax/node.ts'
import type { Home } from '../workspace/selection.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import { namespaceOf } from '../workspace/world.ts'
import { MARK, type Path } from './tree.ts'

/** The policy whose object is `root`, read from a document that may hold a marker. */
export function policyOf(document: Document, root: Node | undefined): Policy | undefined {
  return policies(document).find(p => same(p.root, root))
}

/** From where the policy looks. A policy of a marked document looks from where its twin in the real document does. */
export function homeOf(snapshot: Snapshot, policy: Policy, real: Document): Home {
  const index = policies(policy.document).indexOf(policy)
  const twin = policies(real)[index] ?? policy
  const namespace = namespaceOf(snapshot, twin) ?? policy.namespace?.value
  return { clusterwide: policy.clusterwide, namespace: namespace === MARK ? undefined : namespace }
}

/** The rule and the rule item that a path (below the policy object) lies in. */
export function itemAt(policy: Policy, path: Path): { rule?: PolicyRule; item?: RuleItem } {
  const holds = (outer: Path) => outer.every((step, i) => step === path[i])
  const rule = policy.rules.find(r => holds(r.path))
  return { rule, item: rule?.items.find(i => holds(i.path)) }
}

/** Whose labels a selector is about. */
export type Role = 'subject' | 'peer' | 'nodes' | 'groups' | 'services'

export interface SelectorPart {
  readonly role: Role
  /** Without what is being typed. */
  readonly selector: Selector
  readonly node: Node
  /** The path from the selector on: `matchLabels`, key, … */
  readonly rest: Path
}

const ROLES: Readonly<Record<string, Role>> = {
  endpointSelector: 'subject',
  nodeSelector: 'nodes',
  fromEndpoints: 'peer',
  toEndpoints: 'peer',
  fromRequires: 'peer',
  toRequires: 'peer',
  fromNodes: 'nodes',
  toNodes: 'nodes',
  cidrGroupSelector: 'groups',
  selector: 'services',
}

/** The selector that a path (below the object `root`) lies in. */
export function selectorPart(root: Node | undefined, path: Path): SelectorPart | undefined {
  for (let i = path.length - 1; i >= 0; i--) {
    const role = ROLES[String(path[i])]
    if (!role || path[i - 1] === 'matchLabels') continue
    const end = typeof path[i + 1] === 'number' ? i + 2 : i + 1
    const node = at(root, path.slice(0, end))
    if (!node || node.kind === 'seq') return undefined
    return { role, selector: withoutMark(lowerSelector(node)), node, rest: path.slice(end) }
  }
  return undefined
}

function withoutMark(selector: Selector): Selector {
  const requirements = selector.requirements.filter(r => r.written !== MARK && !r.values.includes(MARK))
  return { ...selector, requirements }
}
