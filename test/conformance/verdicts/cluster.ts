// Generated clusters: namespaces, nodes, pods, services, endpoint slices and CIDR groups that a seed decides.

import type { Random } from '../random.ts'

export type Plain = string | number | boolean | readonly Plain[] | { readonly [key: string]: Plain }
export type Item = { readonly [key: string]: Plain }

/** A cluster as Kubernetes objects, and the names by which flows can call its parts. */
export interface Cluster {
  readonly items: readonly Item[]
  readonly ends: readonly string[]
}

export const NAMESPACES = ['shop', 'ops', 'infra'] as const
export const APPS = ['web', 'api', 'db', 'dns'] as const
export const TIERS = ['front', 'back'] as const
export const ACCOUNTS = ['web', 'api', 'robot'] as const
export const PORT_NAMES = ['http', 'metrics', 'dns', 'dns-tcp'] as const
export const PORTS = [53, 80, 443, 8080, 8081, 9090] as const
export const NAMES = ['api.example.com', 'www.example.com', 'a.b.example.com', 'example.org'] as const
export const ADDRESSES = ['1.1.1.1', '10.0.0.10', '10.1.2.3', '93.184.216.34', '172.20.1.1', '2001:db8::1'] as const
export const GROUPS = ['partners', 'office', 'scanners'] as const

/** A cluster. */
export function someCluster(random: Random): Cluster {
  const items: Item[] = []
  const ends = new Set<string>(['entity:world', 'entity:host', 'entity:remote-node', 'entity:ingress', 'entity:health'])
  if (random.chance(0.3)) ends.add(random.pick(['entity:unmanaged', 'entity:init', 'entity:kube-apiserver']))
  for (const name of NAMESPACES) items.push(namespace(random, name))
  const nodes = ['n1', 'n2', 'n3'].slice(0, 1 + random.below(3))
  nodes.forEach((name, i) => {
    items.push(node(name, `192.168.1.${i + 1}`))
    ends.add(`ip:192.168.1.${i + 1}`)
  })
  const count = 4 + random.below(6)
  for (let i = 0; i < count; i++) {
    const pod = somePod(random, i, random.pick(nodes))
    items.push(pod.item)
    for (const end of pod.ends) ends.add(end)
  }
  items.push(...services(random))
  for (const name of GROUPS) if (random.chance(0.6)) items.push(group(random, name))
  for (const a of ADDRESSES) if (random.chance(0.5)) ends.add(`ip:${a}`)
  for (const n of NAMES) if (random.chance(0.5)) ends.add(`fqdn:${n}`)
  if (!apiIsKnown(items)) ends.delete('entity:kube-apiserver')
  return { items, ends: [...ends] }
}

function namespace(random: Random, name: string): Item {
  const labels: Record<string, Plain> = { 'kubernetes.io/metadata.name': name, team: random.pick(['a', 'b']) }
  if (random.chance(0.5)) labels.env = random.pick(['prod', 'test'])
  if (random.chance(0.1)) labels['beta.kubernetes.io/zone'] = 'z'
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }
}

const node = (name: string, address: string): Item => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { 'kubernetes.io/hostname': name, zone: name === 'n1' ? 'a' : 'b' } },
  status: {
    addresses: [
      { type: 'InternalIP', address },
      { type: 'Hostname', address: name },
    ],
  },
})

const ODD_LABELS: readonly (readonly [string, string])[] = [
  ['pod-template-generation', '1'],
  ['kubernetes.io/os', 'linux'],
  ['k8s.io/x', 'y'],
  ['app.kubernetes.io/name', 'web'],
  ['beta.kubernetes.io/x', 'y'],
  ['foo.k8s.io/x', 'y'],
  ['io.cilium.k8s.x', 'y'],
  ['controller-revision-hash', '1'],
]

function somePod(random: Random, i: number, nodeName: string): { item: Item; ends: readonly string[] } {
  const namespace = random.pick(NAMESPACES)
  const app = random.pick(APPS)
  const labels: Record<string, Plain> = { app }
  if (random.chance(0.6)) labels.tier = random.pick(TIERS)
  if (random.chance(0.2)) labels.version = random.pick(['v1', 'v2', ''])
  if (random.chance(0.2)) {
    const [key, value] = random.pick(ODD_LABELS)
    labels[key] = value
  }
  const kind = random.pick(['ReplicaSet', 'ReplicaSet', 'StatefulSet', 'DaemonSet', ''])
  const account = random.chance(0.8) ? random.pick(ACCOUNTS) : ''
  const hostNetwork = random.chance(0.1)
  const name = `${app}-${i}`
  const ends = [`${namespace}/${name}`]
  const metadata: Record<string, Plain> = { name, namespace, labels }
  if (kind === 'ReplicaSet') {
    labels['pod-template-hash'] = 'abc12'
    metadata.ownerReferences = [{ kind, name: `${app}-abc12`, apiVersion: 'apps/v1', uid: 'u' }]
  } else if (kind !== '') metadata.ownerReferences = [{ kind, name: app, apiVersion: 'apps/v1', uid: 'u' }]
  if (kind !== '' && random.chance(0.3)) ends.push(`${namespace}/${app}`)
  if (!hostNetwork && random.chance(0.3)) ends.push(`sa:${namespace}/${account || 'default'}`)
  const address = hostNetwork ? `192.168.1.${nodeName.slice(1)}` : `10.244.${nodeName.slice(1)}.${i + 10}`
  if (random.chance(0.2)) ends.push(`ip:${address}`)
  const spec: Record<string, Plain> = { nodeName, containers: containers(random) }
  if (account !== '') spec.serviceAccountName = account
  if (hostNetwork) spec.hostNetwork = true
  const item = { apiVersion: 'v1', kind: 'Pod', metadata, spec, status: { podIP: address, phase: 'Running' } }
  return { item, ends }
}

function containers(random: Random): Plain {
  const one = (name: string): Item => {
    const ports = PORT_NAMES.filter(() => random.chance(0.35)).map(port => ({
      name: port,
      containerPort: port.startsWith('dns') ? random.pick([53, 5353]) : random.pick(PORTS),
      protocol: port === 'dns' ? 'UDP' : random.pick(['TCP', 'TCP', 'TCP', 'UDP', 'SCTP']),
    }))
    return { name, image: 'x', ports }
  }
  return random.chance(0.15) ? [one('a'), one('b')] : [one('a')]
}

function services(random: Random): Item[] {
  const items: Item[] = []
  const add = (namespace: string, name: string, selector: Plain | undefined) => {
    const spec: Record<string, Plain> = {
      clusterIP: '10.96.0.1',
      ports: [{ port: 80, targetPort: 8080, protocol: 'TCP' }],
    }
    if (selector) spec.selector = selector
    const labels = { app: name, team: random.pick(['a', 'b']) }
    items.push({ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace, labels }, spec })
  }
  const slice = (namespace: string, name: string, addresses: readonly string[]) => {
    const metadata = { name: `${name}-1`, namespace, labels: { 'kubernetes.io/service-name': name } }
    const ports = random.chance(0.9) ? [{ name: 'p', port: 443, protocol: 'TCP' }] : []
    const endpoints = addresses.map(a => ({ addresses: [a], conditions: { ready: true } }))
    items.push({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      addressType: addresses.some(a => a.includes(':')) ? 'IPv6' : 'IPv4',
      metadata,
      ports,
      endpoints,
    })
  }
  for (const app of APPS)
    if (random.chance(0.5)) {
      const selector: Record<string, Plain> = { app }
      if (random.chance(0.3)) selector.tier = random.pick(TIERS)
      add(random.pick(NAMESPACES), app, selector)
    }
  if (random.chance(0.5)) {
    const namespace = random.pick(NAMESPACES)
    add(namespace, 'outside', undefined)
    if (random.chance(0.9)) slice(namespace, 'outside', [random.pick(ADDRESSES)])
  }
  const api = random.pick(['192.168.1.1', '192.168.1.2', '172.16.9.9', ''])
  if (api !== '') {
    add('default', 'kubernetes', undefined)
    slice('default', 'kubernetes', [api])
  }
  return items
}

function apiIsKnown(items: readonly Item[]): boolean {
  return items.some(
    i =>
      i.kind === 'EndpointSlice' &&
      JSON.stringify(i.metadata).includes('"kubernetes"') &&
      JSON.stringify(i.ports) !== '[]',
  )
}

const CIDRS = [
  '10.0.0.0/8',
  '10.0.0.0/24',
  '10.1.0.0/16',
  '93.184.216.0/24',
  '1.1.1.1/32',
  '2001:db8::/32',
  '172.16.0.0/12',
]

function group(random: Random, name: string): Item {
  const labels: Record<string, Plain> = { kind: random.pick(['partner', 'office']) }
  if (random.chance(0.5)) labels.level = random.pick(['low', 'high'])
  const externalCIDRs = CIDRS.filter(() => random.chance(0.4))
  return { apiVersion: 'cilium.io/v2', kind: 'CiliumCIDRGroup', metadata: { name, labels }, spec: { externalCIDRs } }
}
