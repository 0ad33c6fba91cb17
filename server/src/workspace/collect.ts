// What resources say of a cluster: one source's Inventory.

import { policyRoots } from '../model/kinds.ts'
import { type CiliumLabel, identityLabels } from '../model/labels.ts'
import { resources } from '../model/lower.ts'
import type { ContainerPort, PlainObject, Resource, Workload } from '../model/resource.ts'
import { strings } from '../model/workload.ts'
import type { Document, File } from '../syntax/file.ts'
import { at, get, items, type Node, str } from '../syntax/node.ts'
import {
  type CidrGroup,
  type ClusterNode,
  type Endpoint,
  type Inventory,
  type Origin,
  type Service,
  type ServicePort,
  withNames,
} from './inventory.ts'

/** Where an object is when it says no namespace; undefined leaves it out. */
export type NamespaceOf = (resource: Workload | PlainObject) => string | undefined

/** Gathers what the documents say. */
export function collect(documents: readonly Document[], origin: Origin, namespaceOf: NamespaceOf): Inventory {
  const all = documents.flatMap(d => resources(d))
  const plain = (kind: PlainObject['kind']) => all.filter((r): r is PlainObject => r.kind === kind)
  const spaced = <T extends Workload | PlainObject, R>(
    list: readonly T[],
    make: (resource: T, namespace: string) => R,
  ): R[] =>
    list.flatMap(r => {
      const namespace = r.namespace ?? namespaceOf(r)
      return namespace === undefined ? [] : [make(r, namespace)]
    })
  const workloads = all.filter((r): r is Workload => r.kind === 'workload')
  const made = madeByCilium(plain('ciliumEndpoint'), plain('ciliumIdentity'))
  const backends = addressesByService(plain('endpointSlice'))
  const config = plain('configMap').find(c => c.name === 'cilium-config')
  return {
    origin,
    endpoints: spaced(
      workloads.filter(w => !w.finished),
      (w, namespace) => endpoint(w, namespace, { origin, made: made.get(`${namespace}/${w.name}`) }),
    ),
    namespaces: plain('namespace').map(n => ({
      name: n.name,
      labels: { 'kubernetes.io/metadata.name': n.name, ...n.labels },
      origin,
    })),
    serviceAccounts: spaced(plain('serviceAccount'), (a, namespace) => ({ name: a.name, namespace, origin })),
    services: spaced(plain('service'), (s, namespace) =>
      service(s, { namespace, origin, endpoints: backends.get(`${namespace}/${s.name}`) ?? [] }),
    ),
    nodes: plain('node').map(n => node(n, origin)),
    cidrGroups: plain('cidrGroup').map(g => cidrGroup(g, origin)),
    config: config ? strings(get(config.root, 'data')) : {},
    ciliumVersion: agentVersion(workloads),
    policies: [],
    gaps: [],
  }
}

/** What an agent made of a pod. */
interface Made {
  readonly identity: readonly CiliumLabel[] | undefined
  readonly ports: readonly ContainerPort[]
}

/** What CiliumEndpoints say of pods, by "namespace/name"; labels that they do not hold are those of their CiliumIdentity. */
function madeByCilium(
  endpoints: readonly PlainObject[],
  identities: readonly PlainObject[],
): ReadonlyMap<string, Made> {
  const labels = new Map(identities.map(i => [i.name, strings(get(i.root, 'security-labels'))]))
  const found = new Map<string, Made>()
  for (const e of endpoints) {
    const status = get(e.root, 'status')
    const identity = get(status, 'identity')
    const id = get(identity, 'id')
    const known = Object.entries((id?.kind === 'scalar' && labels.get(String(id.value))) || {})
    const texts = items(get(identity, 'labels')).flatMap(l => str(l) ?? [])
    found.set(`${e.namespace ?? 'default'}/${e.name}`, {
      identity: identityLabels(texts.length > 0 ? texts : known.map(([key, value]) => `${key}=${value}`)),
      ports: items(get(status, 'named-ports')).flatMap(namedPort),
    })
  }
  return found
}

function namedPort(p: Node): ContainerPort[] {
  const port = get(p, 'port')
  const protocol = (['TCP', 'UDP', 'SCTP'] as const).find(known => known === str(get(p, 'protocol')))
  const number = port?.kind === 'scalar' && typeof port.value === 'number' ? port.value : undefined
  return number !== undefined && protocol ? [{ name: str(get(p, 'name')), port: number, protocol }] : []
}

function endpoint(
  w: Workload,
  namespace: string,
  of: { readonly origin: Origin; readonly made: Made | undefined },
): Endpoint {
  const made = w.type === 'Pod' ? of.made : undefined
  const bare = w.type === 'Pod' && of.origin.kind === 'file' && !at(w.root, ['spec', 'serviceAccountName'])
  return {
    namespace,
    name: w.name,
    type: w.type,
    workload: w.type === 'Pod' ? ownerOf(w) : `${w.type}/${w.name}`,
    serviceAccount: w.serviceAccount,
    ...(bare ? { withoutAccount: true } : {}),
    hostNetwork: w.hostNetwork,
    labels: w.labels,
    ...(made?.identity ? { identity: made.identity } : {}),
    ports: withNames(w.ports, made?.ports ?? []),
    addresses: w.addresses,
    node: w.node,
    origin: of.origin,
    place: { document: w.document, span: get(get(w.root, 'metadata'), 'name')?.span ?? w.root.span },
  }
}

/** "Deployment/web" for a pod of a ReplicaSet whose name ends in the pod's template hash. */
function ownerOf(w: Workload): string | undefined {
  if (!w.owner || w.owner.kind === 'Node') return undefined
  const hash = w.labels['pod-template-hash']
  if (w.owner.kind === 'ReplicaSet' && hash && w.owner.name.endsWith(`-${hash}`))
    return `Deployment/${w.owner.name.slice(0, -hash.length - 1)}`
  return `${w.owner.kind}/${w.owner.name}`
}

/** Addresses by "namespace/service"; slices without ports have no backends (pkg/k8s/endpoints.go ParseEndpointSliceV1). */
function addressesByService(slices: readonly PlainObject[]): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const s of slices) {
    const name = s.labels['kubernetes.io/service-name'] ?? s.name
    const key = `${s.namespace ?? 'default'}/${name}`
    const list = found.get(key) ?? []
    if (items(get(s.root, 'ports')).length > 0)
      for (const e of items(get(s.root, 'endpoints')))
        for (const a of items(get(e, 'addresses'))) list.push(str(a) ?? '')
    for (const subset of items(get(s.root, 'subsets')))
      for (const a of items(get(subset, 'addresses'))) list.push(str(get(a, 'ip')) ?? '')
    found.set(key, [...new Set(list.filter(a => a !== ''))])
  }
  return found
}

function service(s: PlainObject, of: { namespace: string; origin: Origin; endpoints: readonly string[] }): Service {
  const spec = get(s.root, 'spec')
  const selector = strings(get(spec, 'selector'))
  const ips = [str(get(spec, 'clusterIP')), ...items(get(spec, 'clusterIPs')).map(str)].filter(
    ip => ip !== undefined && ip !== '' && ip !== 'None',
  )
  return {
    name: s.name,
    namespace: of.namespace,
    labels: s.labels,
    selector: Object.keys(selector).length ? selector : undefined,
    ports: items(get(spec, 'ports')).map(servicePort),
    clusterIPs: [...new Set(ips.filter(ip => ip !== undefined))],
    type: str(get(spec, 'type')) ?? 'ClusterIP',
    endpoints: of.endpoints,
    origin: of.origin,
  }
}

function servicePort(p: Node): ServicePort {
  const port = get(p, 'port')
  const target = get(p, 'targetPort')
  const number = port?.kind === 'scalar' && typeof port.value === 'number' ? port.value : 0
  const to =
    target?.kind === 'scalar' && (typeof target.value === 'number' || typeof target.value === 'string')
      ? target.value
      : number
  const protocol = (['TCP', 'UDP', 'SCTP'] as const).find(k => k === str(get(p, 'protocol'))) ?? 'TCP'
  return { name: str(get(p, 'name')), port: number, targetPort: to, protocol }
}

function node(n: PlainObject, origin: Origin): ClusterNode {
  const addresses = items(at(n.root, ['status', 'addresses'])).flatMap(a =>
    ['InternalIP', 'ExternalIP'].includes(str(get(a, 'type')) ?? '') ? (str(get(a, 'address')) ?? []) : [],
  )
  return {
    name: n.name,
    labels: n.labels,
    addresses,
    controlPlane: Object.hasOwn(n.labels, 'node-role.kubernetes.io/control-plane'),
    origin,
  }
}

function cidrGroup(g: PlainObject, origin: Origin): CidrGroup {
  return {
    name: g.name,
    labels: g.labels,
    cidrs: items(at(g.root, ['spec', 'externalCIDRs'])).flatMap(c => str(c) ?? []),
    origin,
  }
}

function agentVersion(workloads: readonly Workload[]): string | undefined {
  const agent = workloads.find(w => w.type === 'DaemonSet' && w.name === 'cilium')
  for (const c of items(at(agent?.root, ['spec', 'template', 'spec', 'containers']))) {
    if (str(get(c, 'name')) !== 'cilium-agent') continue
    const m = /:v?(\d{1,3}\.\d{1,3}(?:\.\d{1,3})?)/.exec(str(get(c, 'image')) ?? '')
    return m?.[1]
  }
  return undefined
}

/** The picture that an inventory file gives: a List, several documents, YAML or JSON. A file that is none says so in `gaps`. */
export function inventoryFromFile(file: File, name = file.uri.slice(file.uri.lastIndexOf('/') + 1)): Inventory {
  const origin: Origin = { kind: 'file', name }
  const made = collect(file.documents, origin, r =>
    r.kind === 'workload' || r.kind === 'service' || r.kind === 'serviceAccount' ? 'default' : undefined,
  )
  const gaps: string[] = []
  const broken = file.documents.flatMap(d => d.errors)[0]
  if (broken) gaps.push(`${name} cannot be read as YAML or JSON (${broken.message})`)
  else if (!file.documents.some(d => resources(d).length > 0))
    gaps.push(`${name} holds no Kubernetes objects: write it with "cilium-policy snapshot" or "kubectl get … -o yaml"`)
  const policies = file.documents.some(d => policyRoots(d).length > 0) ? [file] : []
  return { ...made, gaps, policies }
}

/** Resources of the workspace that say something of the cluster. */
export function isInventory(resource: Resource): boolean {
  return resource.kind !== 'policy' && resource.kind !== 'helmRelease' && resource.kind !== 'application'
}
