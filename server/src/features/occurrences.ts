// Names that are defined or used in a document: policies, service accounts, namespaces, label pairs, groups, services.

import { stamped } from '../memo.ts'
import { resources } from '../model/lower.ts'
import type { Peer, Policy, PolicyRule, Selector } from '../model/policy.ts'
import type { PlainObject, Workload } from '../model/resource.ts'
import type { Document } from '../syntax/file.ts'
import { at, get, type Node, str } from '../syntax/node.ts'
import { isClusterKey, isNamespaceKey, NAMESPACE_LABELS, SERVICE_ACCOUNT } from './labelKeys.ts'

export type NameKind = 'policy' | 'serviceAccount' | 'namespace' | 'label' | 'cidrGroup' | 'service'

/** A name at a span of a document. */
export interface Occurrence {
  readonly kind: NameKind
  /** The name alone; of a label the pair `key=value`, without the source. */
  readonly name: string
  /** The namespace it lives in; a policy stands for its effective namespace; undefined: none, or any. */
  readonly namespace: string | Policy | undefined
  readonly defines: boolean
  readonly document: Document
  readonly node: Node
}

/** Every occurrence in a document, in no particular order. */
export const occurrences: (document: Document) => readonly Occurrence[] = stamped(document => {
  const found: Occurrence[] = []
  for (const resource of resources(document)) {
    if (resource.kind === 'policy') found.push(...inPolicy(resource))
    else if (resource.kind === 'workload') found.push(...inWorkload(resource))
    else if ('nameNode' in resource) found.push(...inObject(resource))
  }
  return found
})

function* inPolicy(policy: Policy): Iterable<Occurrence> {
  const { document, name, namespace, clusterwide } = policy
  const from = { document, defines: false }
  if (name) {
    const home = clusterwide ? undefined : policy
    yield { ...from, kind: 'policy', name: name.value, namespace: home, defines: true, node: name.node }
  }
  if (namespace && !clusterwide) {
    yield { ...from, kind: 'namespace', name: namespace.value, namespace: undefined, node: namespace.node }
  }
  for (const rule of policy.rules) yield* inRule(policy, rule)
}

function* inRule(policy: Policy, rule: PolicyRule): Iterable<Occurrence> {
  if (rule.endpointSelector) yield* inSelector(policy, rule.endpointSelector)
  for (const item of rule.items) {
    for (const member of item.members) for (const peer of member.peers) yield* inPeer(policy, peer)
  }
}

function* inPeer(policy: Policy, peer: Peer): Iterable<Occurrence> {
  const from = { document: policy.document, defines: false }
  if (peer.kind === 'endpoints') yield* inSelector(policy, peer.selector)
  if (peer.kind === 'cidrSet' && peer.groupRef) {
    const { value, node } = peer.groupRef
    yield { ...from, kind: 'cidrGroup', name: value, namespace: undefined, node }
  }
  if (peer.kind !== 'service' || !peer.service) return
  const { name, namespace } = peer.service
  if (name) yield { ...from, kind: 'service', name: name.value, namespace: namespace?.value, node: name.node }
  if (namespace) {
    yield { ...from, kind: 'namespace', name: namespace.value, namespace: undefined, node: namespace.node }
  }
}

function* inSelector(policy: Policy, selector: Selector): Iterable<Occurrence> {
  const homes = namespacesOf(policy, selector)
  const from = { document: policy.document, defines: false }
  for (const requirement of selector.requirements) {
    const { key, source } = requirement
    if (isClusterKey(key) || (source !== 'any' && source !== 'k8s')) continue
    for (const { value, node } of valueNodes(requirement.node, requirement.values)) {
      if (isNamespaceKey(key)) yield { ...from, kind: 'namespace', name: value, namespace: undefined, node }
      else if (key === SERVICE_ACCOUNT) {
        for (const namespace of homes) yield { ...from, kind: 'serviceAccount', name: value, namespace, node }
      } else if (!key.startsWith(NAMESPACE_LABELS)) {
        yield { ...from, kind: 'label', name: `${key}=${value}`, namespace: undefined, node }
      }
    }
  }
}

/** The nodes that hold a requirement's values: the one of `matchLabels`, or those of the list of an expression. */
function valueNodes(node: Node, values: readonly string[]): { value: string; node: Node }[] {
  if (node.kind === 'scalar') return values.map(value => ({ value, node }))
  const list = get(node, 'values')
  if (list?.kind !== 'seq') return []
  return list.items.flatMap(item => {
    const value = str(item)
    return value === undefined ? [] : [{ value, node: item }]
  })
}

/** The namespaces that a selector of this policy may look into: what it names, else the policy's own, else any. */
export function namespacesOf(policy: Policy, selector: Selector): readonly (string | Policy | undefined)[] {
  const named = selector.requirements.filter(r => isNamespaceKey(r.key))
  const listed = named.filter(r => r.operator === 'In').flatMap(r => r.values)
  if (listed.length > 0) return listed
  if (named.length > 0 || policy.clusterwide) return [undefined]
  return selector.requirements.some(r => r.key.startsWith(NAMESPACE_LABELS)) ? [undefined] : [policy]
}

const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  Pod: [],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
}

function* inWorkload(workload: Workload): Iterable<Occurrence> {
  const { document, root, namespace } = workload
  const from = { document, defines: true }
  const pod = at(root, TEMPLATES[workload.type] ?? ['spec', 'template'])
  const labels = get(get(pod, 'metadata'), 'labels')
  if (labels?.kind === 'map') {
    for (const e of labels.entries) {
      const value = str(e.value)
      if (value === undefined || !e.value) continue
      yield { ...from, kind: 'label', name: `${e.name}=${value}`, namespace: undefined, node: e.value }
    }
  }
  const account = get(get(pod, 'spec'), 'serviceAccountName')
  const name = str(account)
  if (account && name) yield { document, defines: false, kind: 'serviceAccount', name, namespace, node: account }
}

const KINDS: Readonly<Partial<Record<PlainObject['kind'], NameKind>>> = {
  namespace: 'namespace',
  serviceAccount: 'serviceAccount',
  service: 'service',
  cidrGroup: 'cidrGroup',
}

function* inObject(object: PlainObject): Iterable<Occurrence> {
  const kind = KINDS[object.kind]
  const { document, name, nameNode: node } = object
  if (!kind || !node) return
  const namespace = kind === 'namespace' || kind === 'cidrGroup' ? undefined : object.namespace
  yield { kind, name, namespace, defines: true, document, node }
}
