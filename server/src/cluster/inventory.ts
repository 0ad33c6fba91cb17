// From what is kept of a cluster's objects to an Inventory value. Each object is turned once, for as long as it is unchanged.

import { memo } from '../memo.ts'
import { identityLabels } from '../model/labels.ts'
import type { ContainerPort } from '../model/resource.ts'
import { parseFile } from '../syntax/parse.ts'
import type {
  CidrGroup,
  ClusterNode,
  Endpoint,
  Inventory,
  Namespace,
  Origin,
  Service,
  ServiceAccount,
} from '../workspace/inventory.ts'
import { withNames } from '../workspace/inventory.ts'
import { at, type Json, list, object, text, textMap, texts } from './plain.ts'
import { printObject } from './print.ts'

/** The objects of each kind, by its name. */
export type Objects = ReadonlyMap<string, readonly Json[]>

/** Turns objects into inventories of one cluster. */
export interface Converter {
  /** Parses policies in slices between which the event loop has its turn. */
  convert(objects: Objects, gaps: readonly string[], unread: readonly string[]): Promise<Inventory>
}

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'] as const
/** Milliseconds of parsing after which the event loop has its turn. */
const SLICE = 10

/** A converter for the cluster of that context; `lost`: since when it is away, which every item then says. */
export function createConverter(context: string, lost?: string): Converter {
  const origin: Origin = { kind: 'cluster', name: `cluster ${context}${lost ? ` (lost since ${lost})` : ''}` }
  const turn = {
    endpoint: memo((pod: Json) => memo((made: Json) => endpoint(pod, made, origin))),
    namespace: memo((o: Json): Namespace => {
      const name = nameOf(o)
      return { name, labels: { 'kubernetes.io/metadata.name': name, ...labelsOf(o) }, origin }
    }),
    account: memo((o: Json): ServiceAccount => ({ name: nameOf(o), namespace: namespaceOf(o), origin })),
    node: memo((o: Json) => node(o, origin)),
    cidrGroup: memo((o: Json) => cidrGroup(o, origin)),
    policy: memo((o: Json) => policy(o, context)),
  }
  return {
    convert: async (objects, gaps, unread) => {
      const of = (kind: string) => objects.get(kind) ?? []
      const agent = of('DaemonSet').find(o => agentVersion(o) !== undefined) ?? of('DaemonSet')[0]
      const backends = addressesByService(of('EndpointSlice'))
      const policies = [...of('CiliumNetworkPolicy'), ...of('CiliumClusterwideNetworkPolicy')]
      const made = new Map(of('CiliumEndpoint').map(o => [keyOf(o), o]))
      const identities = new Map(of('CiliumIdentity').map(o => [nameOf(o), o]))
      const pods = of('Pod')
      const endpoints: Endpoint[] = []
      await inSlices(pods, o => {
        const e = turn.endpoint(o)(identityOf(made.get(keyOf(o)), identities))
        if (e) endpoints.push(e)
      })
      await inSlices(policies, turn.policy)
      return {
        origin,
        endpoints,
        namespaces: of('Namespace').map(turn.namespace),
        serviceAccounts: of('ServiceAccount').map(turn.account),
        services: of('Service').map(o => service(o, origin, backends.get(`${namespaceOf(o)}/${nameOf(o)}`) ?? [])),
        nodes: of('Node').map(turn.node),
        cidrGroups: of('CiliumCIDRGroup').map(turn.cidrGroup),
        config: textMap(at(configOf(of('ConfigMap'), agent), 'data')),
        ciliumVersion: agentVersion(agent),
        policies: policies.map(turn.policy),
        gaps,
        unread,
      }
    },
  }
}

const nameOf = (o: Json): string => text(at(o, 'metadata', 'name')) ?? ''
const keyOf = (o: Json): string => `${namespaceOf(o)}/${nameOf(o)}`
const namespaceOf = (o: Json): string => text(at(o, 'metadata', 'namespace')) ?? ''
const labelsOf = (o: Json): Readonly<Record<string, string>> => textMap(at(o, 'metadata', 'labels'))

async function inSlices<T, R>(items: readonly T[], run: (item: T) => R): Promise<void> {
  let until = performance.now() + SLICE
  for (const item of items) {
    run(item)
    if (performance.now() < until) continue
    await new Promise(resolve => setImmediate(resolve))
    until = performance.now() + SLICE
  }
}

/** Nothing that Cilium made of a pod is known. */
const NOTHING: Json = {}

/** A CiliumEndpoint with the labels of its CiliumIdentity where it does not hold them itself. */
const withLabels = memo((made: Json) =>
  memo((identity: Json): Json => {
    const labels = Object.entries(textMap(identity['security-labels'])).map(([key, value]) => `${key}=${value}`)
    return { ...made, status: { ...object(made.status), identity: { labels } } }
  }),
)

function identityOf(made: Json | undefined, identities: ReadonlyMap<string, Json>): Json {
  if (!made) return NOTHING
  const identity = at(made, 'status', 'identity')
  const known = identities.get(String(at(identity, 'id')))
  return list(at(identity, 'labels')).length > 0 || !known ? made : withLabels(made)(known)
}

/** `made` is the pod's CiliumEndpoint: what the agent says of labels and named ports wins over what is derived from the pod. */
function endpoint(o: Json, made: Json, origin: Origin): Endpoint | undefined {
  if (['Succeeded', 'Failed'].includes(String(at(o, 'status', 'phase')))) return undefined
  const identity = identityLabels(texts(at(made, 'status', 'identity', 'labels')))
  return {
    namespace: namespaceOf(o),
    name: nameOf(o),
    type: 'Pod',
    workload: workloadOf(o),
    serviceAccount: text(at(o, 'spec', 'serviceAccountName')) ?? 'default',
    ...(text(at(o, 'spec', 'serviceAccountName')) === undefined ? { withoutAccount: true } : {}),
    hostNetwork: at(o, 'spec', 'hostNetwork') === true,
    labels: labelsOf(o),
    ...(identity ? { identity } : {}),
    ports: withNames(portsOf(at(o, 'spec')), list(at(made, 'status', 'named-ports')).flatMap(namedPort)),
    addresses: list(at(o, 'status', 'podIPs')).flatMap(ip => text(at(ip, 'ip')) ?? []),
    node: text(at(o, 'spec', 'nodeName')),
    origin,
    place: undefined,
  }
}

function portsOf(spec: unknown): ContainerPort[] {
  const ports = (key: string) => list(at(spec, key)).flatMap(c => list(at(c, 'ports')).flatMap(containerPort))
  return [...ports('containers'), ...ports('initContainers').map(p => ({ ...p, sidecar: true }))]
}

/** "Deployment/web" for a pod of a ReplicaSet whose name ends in the pod's template hash. */
function workloadOf(o: Json): string | undefined {
  const owner = object(list(at(o, 'metadata', 'ownerReferences'))[0])
  const kind = text(owner.kind)
  const name = text(owner.name)
  if (kind === undefined || name === undefined || kind === 'Node') return undefined
  const hash = labelsOf(o)['pod-template-hash']
  const made = kind === 'ReplicaSet' && hash !== undefined && name.endsWith(`-${hash}`)
  return made ? `Deployment/${name.slice(0, -hash.length - 1)}` : `${kind}/${name}`
}

function containerPort(p: unknown): ContainerPort[] {
  const port = at(p, 'containerPort')
  const protocol = PROTOCOLS.find(known => known === (text(at(p, 'protocol')) ?? 'TCP'))
  return typeof port === 'number' && protocol ? [{ name: text(at(p, 'name')), port, protocol }] : []
}

function namedPort(p: unknown): ContainerPort[] {
  return containerPort({ name: at(p, 'name'), containerPort: at(p, 'port'), protocol: at(p, 'protocol') })
}

/** Slices without ports have no backends (pkg/k8s/endpoints.go ParseEndpointSliceV1). */
function addressesByService(slices: readonly Json[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>()
  for (const slice of slices) {
    const key = `${namespaceOf(slice)}/${labelsOf(slice)['kubernetes.io/service-name'] ?? nameOf(slice)}`
    const known = found.get(key) ?? new Set()
    if (list(slice.ports).length === 0) continue
    for (const e of list(slice.endpoints)) for (const address of texts(at(e, 'addresses'))) known.add(address)
    found.set(key, known)
  }
  return new Map([...found].map(([key, addresses]) => [key, [...addresses]]))
}

function service(o: Json, origin: Origin, endpoints: readonly string[]): Service {
  const selector = textMap(at(o, 'spec', 'selector'))
  return {
    name: nameOf(o),
    namespace: namespaceOf(o),
    labels: labelsOf(o),
    selector: Object.keys(selector).length > 0 ? selector : undefined,
    ports: list(at(o, 'spec', 'ports')).map(p => {
      const port = Number(at(p, 'port')) || 0
      const target = at(p, 'targetPort')
      const targetPort = typeof target === 'number' || typeof target === 'string' ? target : port
      return {
        name: text(at(p, 'name')),
        port,
        targetPort,
        protocol: PROTOCOLS.find(k => k === at(p, 'protocol')) ?? 'TCP',
      }
    }),
    clusterIPs: texts(at(o, 'spec', 'clusterIPs')).filter(ip => ip !== 'None' && ip !== ''),
    type: text(at(o, 'spec', 'type')) ?? 'ClusterIP',
    endpoints,
    origin,
  }
}

function node(o: Json, origin: Origin): ClusterNode {
  const labels = labelsOf(o)
  return {
    name: nameOf(o),
    labels,
    addresses: list(at(o, 'status', 'addresses')).flatMap(a => text(at(a, 'address')) ?? []),
    controlPlane: Object.hasOwn(labels, 'node-role.kubernetes.io/control-plane'),
    origin,
  }
}

function cidrGroup(o: Json, origin: Origin): CidrGroup {
  return { name: nameOf(o), labels: labelsOf(o), cidrs: texts(at(o, 'spec', 'externalCIDRs')), origin }
}

/** A policy as a file of its own, with an address that no editor opens by itself. */
function policy(o: Json, context: string) {
  const path = [context, namespaceOf(o), String(o.kind), `${nameOf(o)}.yaml`].filter(step => step !== '')
  return parseFile(`cilium-policy-cluster:/${path.map(encodeURIComponent).join('/')}`, undefined, printObject(o))
}

/** The `cilium-config` beside the agent; without an agent the one of kube-system, else the first. */
function configOf(found: readonly Json[], agent: Json | undefined): Json | undefined {
  const home = agent ? namespaceOf(agent) : 'kube-system'
  return found.find(o => namespaceOf(o) === home) ?? found[0]
}

/** "1.19.4" of the agent's image. */
function agentVersion(daemonSet: Json | undefined): string | undefined {
  const image = text(at(list(at(daemonSet, 'spec', 'template', 'spec', 'containers'))[0], 'image'))
  return /:v?(\d{1,3}\.\d{1,3}(?:\.\d{1,3})?)/.exec(image ?? '')?.[1]
}
