// Pods and everything with a pod template, the other objects that the inventory reads, and what delivers files to the cluster.

import type { Document } from '../syntax/file.ts'
import { at, get, items, type MapNode, type Node, str } from '../syntax/node.ts'
import { typeOf } from './kinds.ts'
import type { ContainerPort, Delivery, PlainObject, Resource, Workload } from './resource.ts'

const PLAIN: Readonly<Record<string, PlainObject['kind']>> = {
  Namespace: 'namespace',
  ServiceAccount: 'serviceAccount',
  Service: 'service',
  Endpoints: 'endpointSlice',
  EndpointSlice: 'endpointSlice',
  Node: 'node',
  CiliumCIDRGroup: 'cidrGroup',
  CiliumEndpoint: 'ciliumEndpoint',
  CiliumIdentity: 'ciliumIdentity',
  ConfigMap: 'configMap',
}

/** The resource that an object is, if it is one that the product knows. */
export function lowerOther(document: Document, root: MapNode): Resource | undefined {
  const { kind, apiVersion } = typeOf(root)
  if (kind === undefined || apiVersion === undefined) return undefined
  const delivery = deliveryKind(kind, apiVersion)
  const name = get(get(root, 'metadata'), 'name')
  const known = str(name)
  if (delivery)
    return {
      kind: delivery,
      document,
      root,
      name: name && known !== undefined ? { value: known, node: name } : undefined,
    }
  if (known === undefined) return undefined
  const plain = PLAIN[kind]
  if (plain && (!kind.startsWith('Cilium') || apiVersion.startsWith('cilium.io/')))
    return plainObject(document, root, plain)
  const template = kind === 'Pod' ? root : podTemplate(root)
  return template ? workload(document, root, { type: kind, template }) : undefined
}

function deliveryKind(kind: string, apiVersion: string): Delivery['kind'] | undefined {
  if (kind === 'Kustomization')
    return apiVersion.startsWith('kustomize.toolkit.fluxcd.io/') ? 'fluxKustomization' : 'kustomization'
  if (kind === 'HelmRelease') return 'helmRelease'
  if (kind === 'Application' && apiVersion.startsWith('argoproj.io/')) return 'application'
  return undefined
}

function podTemplate(root: MapNode): MapNode | undefined {
  for (const path of [
    ['spec', 'template'],
    ['spec', 'jobTemplate', 'spec', 'template'],
  ]) {
    const template = at(root, path)
    if (template?.kind === 'map' && get(get(template, 'spec'), 'containers')) return template
  }
  return undefined
}

function plainObject(document: Document, root: MapNode, kind: PlainObject['kind']): PlainObject {
  const metadata = get(root, 'metadata')
  const nameNode = get(metadata, 'name')
  return {
    kind,
    document,
    root,
    name: str(nameNode) ?? '',
    namespace: str(get(metadata, 'namespace')),
    labels: strings(get(metadata, 'labels')),
    nameNode,
  }
}

/** A map of strings as plain data; what is no string is left out. */
export function strings(node: Node | undefined): Readonly<Record<string, string>> {
  const read: Record<string, string> = {}
  if (node?.kind !== 'map') return read
  for (const e of node.entries) {
    const value = str(e.value)
    if (value !== undefined) read[e.name] = value
  }
  return read
}

function workload(document: Document, root: MapNode, of: { type: string; template: MapNode }): Workload {
  const metadata = get(root, 'metadata')
  const spec = get(of.template, 'spec')
  const status = of.type === 'Pod' ? get(root, 'status') : undefined
  const host = get(spec, 'hostNetwork')
  return {
    kind: 'workload',
    document,
    root,
    type: of.type,
    name: str(get(metadata, 'name')) ?? '',
    namespace: str(get(metadata, 'namespace')),
    labels: strings(get(get(of.template, 'metadata'), 'labels')),
    serviceAccount: str(get(spec, 'serviceAccountName')) ?? str(get(spec, 'serviceAccount')) ?? 'default',
    hostNetwork: host?.kind === 'scalar' && host.value === true,
    ports: containerPorts(spec),
    addresses: addresses(status),
    node: of.type === 'Pod' ? str(get(spec, 'nodeName')) : undefined,
    owner: owner(metadata),
    finished: ['Succeeded', 'Failed'].includes(str(get(status, 'phase')) ?? ''),
  }
}

function containerPorts(spec: Node | undefined): ContainerPort[] {
  const restartable = items(get(spec, 'initContainers')).filter(c => str(get(c, 'restartPolicy')) === 'Always')
  const own = items(get(spec, 'containers')).flatMap(portsOf)
  return [...own, ...restartable.flatMap(portsOf).map(p => ({ ...p, sidecar: true }))]
}

function portsOf(container: Node): ContainerPort[] {
  return items(get(container, 'ports')).flatMap(p => {
    const port = get(p, 'containerPort')
    const number = port?.kind === 'scalar' && typeof port.value === 'number' ? port.value : undefined
    const written = str(get(p, 'protocol')) ?? 'TCP'
    const protocol = (['TCP', 'UDP', 'SCTP'] as const).find(known => known === written)
    return number !== undefined && protocol ? [{ name: str(get(p, 'name')), port: number, protocol }] : []
  })
}

function addresses(status: Node | undefined): string[] {
  const found = new Set<string>()
  const first = str(get(status, 'podIP'))
  if (first) found.add(first)
  for (const item of items(get(status, 'podIPs'))) {
    const ip = str(get(item, 'ip'))
    if (ip) found.add(ip)
  }
  return [...found]
}

function owner(metadata: Node | undefined): Workload['owner'] {
  const reference = items(get(metadata, 'ownerReferences'))[0]
  const kind = str(get(reference, 'kind'))
  const name = str(get(reference, 'name'))
  return kind !== undefined && name !== undefined ? { kind, name } : undefined
}
