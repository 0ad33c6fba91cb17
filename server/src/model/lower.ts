// From the tree of a document to what it means: policies here, everything else in workload.ts.

import { stamped, trimmed } from '../memo.ts'
import type { Document } from '../syntax/file.ts'
import { entry, get, isNull, items, type MapNode, type Node, type SeqNode, str } from '../syntax/node.ts'
import { objects, policyKind } from './kinds.ts'
import { lowerSelector } from './lowerSelector.ts'
import { memberOf } from './peers.ts'
import type { Direction, IcmpRule, Policy, PolicyRule, RuleItem, Section, Selector, Sourced } from './policy.ts'
import { lowerPortRule } from './portRule.ts'
import type { Resource } from './resource.ts'
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

/** A string and its node; undefined when absent, of another type, or unknown. */
export function sourced(node: Node | undefined): Sourced<string> | undefined {
  const value = str(node)
  return node && value !== undefined ? { value, node } : undefined
}

function lowerPolicy(document: Document, root: MapNode): Policy {
  const metadata = get(root, 'metadata')
  const rules: PolicyRule[] = []
  const spec = get(root, 'spec')
  if (spec?.kind === 'map') rules.push(lowerRule(spec, ['spec']))
  items(get(root, 'specs')).forEach((item, i) => {
    if (item.kind === 'map') rules.push(lowerRule(item, ['specs', i]))
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

function lowerRule(node: MapNode, path: readonly (string | number)[]): PolicyRule {
  const sections: Partial<Record<Section, SeqNode>> = {}
  const found: RuleItem[] = []
  for (const section of SECTIONS) {
    const list = get(node, section)
    if (list?.kind !== 'seq') continue
    sections[section] = list
    list.items.forEach((item, i) => {
      if (item.kind === 'map') found.push(lowerItem(item, section, trimmed([...path, section, i])))
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

function defaultDeny(node: Node | undefined): { ingress?: boolean; egress?: boolean } {
  const read: { ingress?: boolean; egress?: boolean } = {}
  for (const direction of ['ingress', 'egress'] as const) {
    const value = get(node, direction)
    if (value?.kind === 'scalar' && typeof value.value === 'boolean') read[direction] = value.value
  }
  return read
}

function lowerItem(node: MapNode, section: Section, path: readonly (string | number)[]): RuleItem {
  const direction: Direction = section.startsWith('ingress') ? 'ingress' : 'egress'
  const members = node.entries.flatMap(e => {
    const member = memberOf(e, direction)
    return member ? [member] : []
  })
  return {
    node,
    path,
    section,
    direction,
    deny: section.endsWith('Deny'),
    members: trimmed(members),
    toPorts: listOf(node, 'toPorts')?.map(lowerPortRule),
    icmps: listOf(node, 'icmps')?.map(lowerIcmp),
    authentication: sourced(get(get(node, 'authentication'), 'mode')),
  }
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
