// From the tree of a document to what it means: policies here, everything else in workload.ts.

import { stamped, trimmed } from '../memo.ts'
import type { Document } from '../syntax/file.ts'
import { entry, get, isNull, items, type MapNode, type Node, type SeqNode, str } from '../syntax/node.ts'
import { objects, policyKind } from './kinds.ts'
import { lowerSelector } from './lowerSelector.ts'
import { memberOf } from './peers.ts'
import type { Direction, IcmpRule, PeerMember, Policy, PolicyRule, RuleItem, Section, Selector } from './policy.ts'
import { lowerPortRule } from './portRule.ts'
import type { Resource } from './resource.ts'
import { sourced } from './sourced.ts'
import { twinOf } from './twin.ts'
import { lowerOther } from './workload.ts'

/** Everything in a document that means something to the product; broken parts are left out, never thrown about. */
export const resources: (document: Document) => readonly Resource[] = stamped(document => {
  const found: Resource[] = []
  for (const root of objects(document)) {
    const resource = policyKind(root) ? lowerPolicy(document, root) : lowerOther(document, root)
    if (resource) found.push(resource)
  }
  return trimmed(found)
})

/** The policies of a document. */
export const policies: (document: Document) => readonly Policy[] = stamped(document =>
  trimmed(resources(document).filter((r): r is Policy => r.kind === 'policy')),
)

function lowerPolicy(document: Document, root: MapNode): Policy {
  const metadata = get(root, 'metadata')
  const rules: PolicyRule[] = []
  const spec = get(root, 'spec')
  if (spec?.kind === 'map') rules.push(lowerRule(document, spec, ['spec']))
  items(get(root, 'specs')).forEach((item, i) => {
    if (item.kind === 'map') rules.push(lowerRule(document, item, ['specs', i]))
  })
  return {
    kind: 'policy',
    document,
    root,
    clusterwide: policyKind(root) === 'CiliumClusterwideNetworkPolicy',
    name: sourced(get(metadata, 'name')),
    namespace: sourced(get(metadata, 'namespace')),
    rules: trimmed(rules),
  }
}

export const SECTIONS: readonly Section[] = ['ingress', 'ingressDeny', 'egress', 'egressDeny']

function lowerRule(document: Document, node: MapNode, path: readonly (string | number)[]): PolicyRule {
  const sections: Partial<Record<Section, SeqNode>> = {}
  const found: RuleItem[] = []
  for (const section of SECTIONS) {
    const list = get(node, section)
    if (list?.kind !== 'seq') continue
    sections[section] = list
    list.items.forEach((item, i) => {
      if (item.kind === 'map') found.push(new LoweredItem(item, { document, rule: path, section, index: i }))
    })
  }
  return {
    node,
    path,
    endpointSelector: selectorAt(node, 'endpointSelector'),
    nodeSelector: selectorAt(node, 'nodeSelector'),
    enableDefaultDeny: defaultDeny(get(node, 'enableDefaultDeny')),
    items: trimmed(found),
    sections,
  }
}

function selectorAt(node: MapNode, key: string): Selector | undefined {
  const value = get(node, key)
  return value && !isNull(value) ? lowerSelector(value) : undefined
}

const NOT_SAID = Object.freeze({})

function defaultDeny(node: Node | undefined): PolicyRule['enableDefaultDeny'] {
  if (!node) return NOT_SAID
  const read: { ingress?: boolean; egress?: boolean } = {}
  for (const direction of ['ingress', 'egress'] as const) {
    const value = get(node, direction)
    if (value?.kind === 'scalar' && typeof value.value === 'boolean') read[direction] = value.value
  }
  return read
}

/** Where an item stands: its document, the path of its rule, its section, and which of that it is. */
interface Stand {
  readonly document: Document
  readonly rule: readonly (string | number)[]
  readonly section: Section
  readonly index: number
}

/** What an item says. */
type Parts = Pick<RuleItem, 'members' | 'toPorts' | 'icmps' | 'authentication'>

/** A class, as there are tens of thousands: what follows from the rest, or from the twin, takes no room. */
class LoweredItem implements RuleItem {
  declare readonly node: MapNode
  declare readonly section: Section
  declare readonly twin: RuleItem
  declare private readonly rule: Stand['rule']
  declare private readonly index: number
  /** null: nobody has asked for them. */
  declare private parts: Parts | null

  constructor(node: MapNode, { document, rule, section, index }: Stand) {
    this.node = node
    this.section = section
    this.rule = rule
    this.index = index
    this.parts = null
    this.twin = twinOf(document, this)
  }
  private get said(): Parts {
    this.parts ??= {
      members: membersOf(this),
      toPorts: listOf(this.node, 'toPorts')?.map(lowerPortRule),
      icmps: listOf(this.node, 'icmps')?.map(lowerIcmp),
      authentication: sourced(get(get(this.node, 'authentication'), 'mode')),
    }
    return this.parts
  }
  get members(): RuleItem['members'] {
    return this.said.members
  }
  get toPorts(): RuleItem['toPorts'] {
    return this.said.toPorts
  }
  get icmps(): RuleItem['icmps'] {
    return this.said.icmps
  }
  get authentication(): RuleItem['authentication'] {
    return this.said.authentication
  }
  get path(): readonly (string | number)[] {
    return [...this.rule, this.section, this.index]
  }
  get direction(): Direction {
    return this.section === 'ingress' || this.section === 'ingressDeny' ? 'ingress' : 'egress'
  }
  get deny(): boolean {
    return this.section === 'ingressDeny' || this.section === 'egressDeny'
  }
}

function membersOf({ node, direction }: RuleItem): RuleItem['members'] {
  const members: PeerMember[] = []
  for (const e of node.entries) {
    const member = memberOf(e, direction)
    if (member) members.push(member)
  }
  return trimmed(members)
}

/** The items of a list that is present; undefined when it is absent or null. */
function listOf(node: MapNode, key: string): readonly Node[] | undefined {
  const value = entry(node, key)?.value
  return value && !isNull(value) ? items(value) : undefined
}

function lowerIcmp(node: Node): IcmpRule {
  const fields = items(get(node, 'fields')).map(field => {
    const type = get(field, 'type')
    const value = type?.kind === 'scalar' && !type.unknown ? type.value : undefined
    const family = str(get(field, 'family')) === 'IPv6' ? ('IPv6' as const) : ('IPv4' as const)
    const known = type && (typeof value === 'string' || typeof value === 'number') ? { value, node: type } : undefined
    return { family, type: known, node: field }
  })
  return { node, fields }
}
