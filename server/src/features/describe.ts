// What selectors, labels, ports and services are in this cluster now, in words.

import { byKey } from '../model/labels.ts'
import type { Policy, PolicyRule, RuleItem, Selector } from '../model/policy.ts'
import { allHold, type LabelSet } from '../model/selector.ts'
import type { Endpoint, Service } from '../workspace/inventory.ts'
import {
  type Home,
  labelOf,
  peerPods,
  portPods,
  type Selected,
  servicePods,
  subjectPods,
} from '../workspace/selection.ts'
import { namespaceOf, type World, whyNamespace } from '../workspace/world.ts'
import { homeOf, type Role } from './around.ts'
import { isNamespaceKey, KEY_WORDS, NAMESPACE_LABELS, SERVICE_ACCOUNT, SOURCE_WORDS, splitSource } from './labelKeys.ts'
import { knownPorts } from './sources/ports.ts'
import { code, count, origins, some } from './words.ts'

const podNames = (pods: readonly Endpoint[]) => some(pods.map(p => code(`${p.namespace}/${p.name}`)))

/** "Matches 3 pods now: …": count and at most ten names. */
export function selectedWords(world: World, selected: Selected): string {
  const { pods, sure } = selected
  if (world.endpoints.length === 0)
    return 'No pods are known here: there is no cluster, inventory file or workload manifest.'
  const open = sure ? '' : ' (as far as can be told: the namespace or a value is unknown)'
  if (pods.length === 0) return `Matches no known pod${open}.`
  return `Matches ${count(pods.length, 'pod')}${open}: ${podNames(pods)} (${origins(pods)}).`
}

/** What a selector matches now; undefined for selectors of other things than pods and nodes. */
export function selectorWords(
  world: World,
  policy: Policy,
  of: { role: Role; selector: Selector },
): string | undefined {
  const home = homeOf(world.snapshot, policy, policy.document)
  if (of.role === 'subject') return selectedWords(world, subjectPods(world, home, { endpointSelector: of.selector }))
  if (of.role === 'peer') return selectedWords(world, peerPods(world, home, of.selector))
  const lists = { nodes: world.nodes, groups: world.cidrGroups, services: world.services }
  const words = { nodes: 'node', groups: 'CIDR group', services: 'service' }
  const wanted = of.selector.requirements.map(r => ({ ...r, source: 'any' }))
  const found = lists[of.role].filter(o => allHold(wanted, worn(o.labels)) === 'yes')
  if (lists[of.role].length === 0) return undefined
  if (found.length === 0) return `Matches no known ${words[of.role]}.`
  return `Matches ${count(found.length, words[of.role])}: ${some(found.map(o => code(o.name)))} (${origins(found)}).`
}

/** Labels of nodes, groups and services, as they are, from any source. */
function worn(labels: Readonly<Record<string, string>>): LabelSet {
  const all = Object.entries(labels).map(([key, value]) => ({ source: 'any', key, value }))
  return { labels: byKey(all), open: false }
}

/** What a label key means, and which values it has on known pods. */
export function labelKeyWords(world: World, written: string): string[] {
  const { source, key } = splitSource(written)
  const words: string[] = []
  if (source !== undefined && SOURCE_WORDS[source]) words.push(`${code(`${source}:`)} ${SOURCE_WORDS[source]}`)
  if (KEY_WORDS[key]) words.push(KEY_WORDS[key])
  else if (key.startsWith(NAMESPACE_LABELS)) {
    words.push(`The label ${code(key.slice(NAMESPACE_LABELS.length))} of the pod's namespace.`)
  }
  const values = new Map<string, number>()
  for (const pod of world.endpoints) {
    const value = labelOf(world, pod, key)
    if (value !== undefined) values.set(value, (values.get(value) ?? 0) + 1)
  }
  if (values.size === 0) return words
  const sorted = [...values].sort(([, a], [, b]) => b - a).map(([v, n]) => `${code(v)} (${count(n, 'pod')})`)
  return [...words, `Values on known pods: ${some(sorted)}.`]
}

/** What a label value is: an account, a namespace, or a pair that pods have. */
export function labelValueWords(world: World, home: Home, of: { written: string; value: string }): string[] {
  const { source, key } = splitSource(of.written)
  if (source === 'reserved') return []
  const having = world.endpoints.filter(e => labelOf(world, e, key) === of.value)
  if (isNamespaceKey(key)) return [namespaceWords(world, of.value)]
  if (key === SERVICE_ACCOUNT) return accountWords(world, home, { name: of.value, having })
  if (world.endpoints.length === 0) return []
  if (having.length === 0) return [`No known pod has ${code(`${key}=${of.value}`)}.`]
  return [
    `${count(having.length, 'pod')} ${having.length === 1 ? 'has' : 'have'} ${code(`${key}=${of.value}`)}: ${podNames(having)}.`,
  ]
}

function accountWords(world: World, home: Home, of: { name: string; having: readonly Endpoint[] }): string[] {
  const { name, having } = of
  const at = having.filter(e => home.namespace === undefined || e.namespace === home.namespace)
  const pods = at.length > 0 ? at : having
  if (pods.length > 0) {
    const where = [...new Set(pods.map(p => p.namespace))]
    return [
      `Service account ${code(name)} in ${some(where.map(code), 5)}: ${count(pods.length, 'pod')} ${pods.length === 1 ? 'runs' : 'run'} as it: ${podNames(pods)}.`,
    ]
  }
  const known = world.serviceAccounts.filter(a => a.name === name)
  if (known.length > 0) {
    return [`Service account ${some(known.map(a => code(`${a.namespace}/${a.name}`)))}: no known pod runs as it.`]
  }
  return world.serviceAccounts.length > 0 ? [`No service account ${code(name)} is known.`] : []
}

/** What is known of a namespace. */
export function namespaceWords(world: World, name: string): string {
  const pods = world.endpoints.filter(e => e.namespace === name)
  const known = world.namespaces.find(n => n.name === name)
  if (!known && pods.length === 0) {
    return world.namespaces.length > 0 ? `No namespace ${code(name)} is known.` : `Namespace ${code(name)}.`
  }
  const labels = Object.entries(known?.labels ?? {}).filter(([k]) => k !== 'kubernetes.io/metadata.name')
  const worn =
    labels.length > 0
      ? `, labels ${some(
          labels.map(([k, v]) => code(`${k}=${v}`)),
          5,
        )}`
      : ''
  const from = known ? [known] : pods
  return `Namespace ${code(name)} in ${origins(from)}: ${count(pods.length, 'pod')}${worn}.`
}

/** What a port is at the pods that its rule item is about, and which services lead to it. */
export function portWords(
  world: World,
  policy: Policy,
  of: { rule: PolicyRule; item: RuleItem; port: string },
): string[] {
  const pods = portPods(world, homeOf(world.snapshot, policy, policy.document), of.rule, of.item)
  if (pods.length === 0) return []
  const at = of.item.direction === 'ingress' ? 'the pods of this policy' : 'the peers'
  const meant = knownPorts(pods).filter(p => String(p.number) === of.port || p.name === of.port.toLowerCase())
  if (meant.length === 0) {
    const others = knownPorts(pods).map(p => code(portName(p)))
    const known = others.length > 0 ? ` They declare ${some([...new Set(others)])}.` : ''
    return [`No container of ${at} declares this port.${known}`]
  }
  const words = meant.map(p => `${code(portName(p))} at ${podNames(p.pods)}`)
  const services = world.services.filter(s => leadsTo(world, s, { pods, meant }))
  const lines = [`At ${at}: ${some(words, 5)}.`]
  if (services.length > 0)
    lines.push(
      `Reached through ${some(
        services.map(s => serviceName(s, meant)),
        5,
      )}.`,
    )
  return lines
}

type KnownPort = ReturnType<typeof knownPorts>[number]

function portName(p: KnownPort): string {
  return p.name === undefined ? `${p.number}/${p.protocol}` : `${p.name} = ${p.number}/${p.protocol}`
}

function targets(service: Service, meant: readonly KnownPort[]): Service['ports'] {
  return service.ports.filter(p => meant.some(m => p.targetPort === m.number || p.targetPort === m.name))
}

function leadsTo(
  world: World,
  service: Service,
  of: { pods: readonly Endpoint[]; meant: readonly KnownPort[] },
): boolean {
  if (targets(service, of.meant).length === 0) return false
  return servicePods(world, service).some(p => of.pods.includes(p))
}

function serviceName(service: Service, meant: readonly KnownPort[]): string {
  const ports = targets(service, meant).map(p => p.port)
  return `service ${code(`${service.namespace}/${service.name}`)} port ${ports.join(', ')}`
}

/** The services of a `toServices` item and the pods behind them. */
export function serviceWords(world: World, services: readonly Service[]): string[] {
  return services.map(s => {
    const pods = servicePods(world, s)
    const behind = s.selector
      ? `${count(pods.length, 'pod')}${pods.length > 0 ? `: ${podNames(pods)}` : ''}`
      : `addresses ${some(s.endpoints.map(code))}`
    const ports = s.ports.map(p => `${p.port} → ${p.targetPort}/${p.protocol}`)
    return `Service ${code(`${s.namespace}/${s.name}`)} (${some(ports, 5)}), ${behind}.`
  })
}

/** What a policy is: its namespace and why, and the pods of its rules. */
export function policyWords(world: World, policy: Policy): string[] {
  const lines: string[] = []
  if (policy.clusterwide) lines.push('A clusterwide policy: it belongs to no namespace.')
  else {
    const namespace = namespaceOf(world.snapshot, policy)
    const why = whyNamespace(world.snapshot, policy)
    lines.push(
      namespace === undefined
        ? `Its namespace is unknown: ${why}.`
        : `Effective namespace: ${code(namespace)} (${why}).`,
    )
  }
  for (const rule of policy.rules) {
    if (!rule.endpointSelector) continue
    const words = selectorWords(world, policy, { role: 'subject', selector: rule.endpointSelector })
    if (words) lines.push(policy.rules.length > 1 ? `Rule ${policy.rules.indexOf(rule) + 1}: ${words}` : words)
  }
  return lines
}
