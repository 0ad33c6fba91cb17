// The kinds that are read from a cluster, and what is kept of each object: only what the product reads.

import { CONFIG_KEYS } from '../workspace/config.ts'
import { at, compact, type Json, list, object, text, textMap, texts } from './plain.ts'

export interface Kind {
  readonly kind: string
  readonly apiVersion: string
  /** What a person calls them: "service accounts". */
  readonly plural: string
  /** Where it is listed; the next one is tried when one is not served or forbidden. */
  readonly paths: readonly string[]
  readonly query?: Readonly<Record<string, string>>
  /** The permission to ask for. */
  readonly permission: Permission
  /** The part of an object that is kept, without apiVersion and kind. */
  keep(object: Json): Json
}

/** To get, list and watch a resource; with a name only the objects of that name. */
export interface Permission {
  readonly group: string
  readonly resource: string
  readonly name?: string
}

const CILIUM = 'cilium.io'

/** Every kind that is read, in the order in which a snapshot prints them. Never Secrets. */
export const KINDS: readonly Kind[] = [
  made('', 'Namespace', 'namespaces', o => ({ metadata: meta(o, true) })),
  made('', 'Pod', 'pods', pod),
  made('', 'ServiceAccount', 'service accounts', o => ({ metadata: meta(o, false) })),
  made('', 'Service', 'services', service),
  made('discovery.k8s.io', 'EndpointSlice', 'endpoint slices', slice),
  made('', 'Node', 'nodes', node),
  made(CILIUM, 'CiliumNetworkPolicy', 'Cilium network policies', policy),
  made(CILIUM, 'CiliumClusterwideNetworkPolicy', 'clusterwide Cilium network policies', policy),
  made(CILIUM, 'CiliumCIDRGroup', 'CIDR groups', cidrGroup, ['v2', 'v2alpha1']),
  made(CILIUM, 'CiliumEndpoint', 'Cilium endpoints', ciliumEndpoint),
  made(CILIUM, 'CiliumIdentity', 'Cilium identities', ciliumIdentity),
  named(made('', 'ConfigMap', "Cilium's configuration", configMap), 'cilium-config'),
  named(made('apps', 'DaemonSet', "Cilium's agents", daemonSet), 'cilium'),
]

function made(
  group: string,
  kind: string,
  plural: string,
  keep: Kind['keep'],
  versions: readonly string[] = [group === CILIUM ? 'v2' : 'v1'],
): Kind {
  const resource = `${kind.toLowerCase().replace(/y$/, 'ie')}s`
  const apiVersion = group === '' ? 'v1' : `${group}/${versions[0]}`
  const paths = versions.map(version => `${group === '' ? '/api' : `/apis/${group}`}/${version}/${resource}`)
  return { kind, apiVersion, plural, paths, permission: { group, resource }, keep }
}

/** Only the objects of one name, in every namespace or, where that is forbidden, in the one where Cilium usually is. */
function named(kind: Kind, name: string): Kind {
  const { permission, paths } = kind
  const below = paths.map(path => path.replace(/\/([^/]+)$/, '/namespaces/kube-system/$1'))
  const query = { fieldSelector: `metadata.name=${name}` }
  return { ...kind, paths: [...paths, ...below], query, permission: { ...permission, name } }
}

/** "pods", "ciliumendpoints.cilium.io", "configmaps named cilium-config". */
export function permissionWords({ group, resource, name }: Permission): string {
  return `${resource}${group === '' ? '' : `.${group}`}${name === undefined ? '' : ` named ${name}`}`
}

function meta(o: Json, labels: boolean): Json {
  return compact({
    name: at(o, 'metadata', 'name'),
    namespace: at(o, 'metadata', 'namespace'),
    labels: labels ? textMap(at(o, 'metadata', 'labels')) : undefined,
  })
}

function pod(o: Json): Json {
  const spec = at(o, 'spec')
  const owner = list(at(o, 'metadata', 'ownerReferences'))[0]
  const owners = owner ? [compact({ kind: at(owner, 'kind'), name: at(owner, 'name') })] : []
  const sidecars = list(at(spec, 'initContainers')).filter(c => at(c, 'restartPolicy') === 'Always')
  return {
    metadata: compact({ ...meta(o, true), ownerReferences: owners }),
    spec: compact({
      serviceAccountName: at(spec, 'serviceAccountName'),
      hostNetwork: at(spec, 'hostNetwork') === true ? true : undefined,
      nodeName: at(spec, 'nodeName'),
      containers: list(at(spec, 'containers')).flatMap(container),
      initContainers: sidecars.flatMap(container).map(c => ({ restartPolicy: 'Always', ...c })),
    }),
    status: compact({
      phase: at(o, 'status', 'phase'),
      podIPs: list(at(o, 'status', 'podIPs')).map(ip => compact({ ip: at(ip, 'ip') })),
    }),
  }
}

/** A container's ports; one without ports is not kept. */
function container(c: unknown): Json[] {
  const ports = list(at(c, 'ports')).map(p =>
    compact({ name: at(p, 'name'), containerPort: at(p, 'containerPort'), protocol: at(p, 'protocol') }),
  )
  return ports.length > 0 ? [{ ports }] : []
}

function service(o: Json): Json {
  const spec = at(o, 'spec')
  const ips = texts(at(spec, 'clusterIPs'))
  return {
    metadata: meta(o, true),
    spec: compact({
      type: at(spec, 'type'),
      clusterIPs: ips.length > 0 ? ips : texts([at(spec, 'clusterIP')]),
      selector: textMap(at(spec, 'selector')),
      ports: list(at(spec, 'ports')).map(p =>
        compact({
          name: at(p, 'name'),
          port: at(p, 'port'),
          targetPort: at(p, 'targetPort'),
          protocol: at(p, 'protocol'),
        }),
      ),
    }),
  }
}

const SERVICE_NAME = 'kubernetes.io/service-name'

function slice(o: Json): Json {
  const service = text(at(o, 'metadata', 'labels', SERVICE_NAME))
  return {
    metadata: compact({ ...meta(o, false), labels: service ? { [SERVICE_NAME]: service } : undefined }),
    ports: list(at(o, 'ports')).map(p => compact({ name: at(p, 'name'), port: at(p, 'port') })),
    endpoints: list(at(o, 'endpoints')).map(e => ({ addresses: texts(at(e, 'addresses')) })),
  }
}

function node(o: Json): Json {
  const addresses = list(at(o, 'status', 'addresses'))
    .filter(a => ['InternalIP', 'ExternalIP'].includes(String(at(a, 'type'))))
    .map(a => compact({ type: at(a, 'type'), address: at(a, 'address') }))
  return { metadata: meta(o, true), status: { addresses } }
}

/** A policy with what Cilium's operator said of it (`status.conditions`, without times). */
function policy(o: Json): Json {
  const conditions = list(at(o, 'status', 'conditions')).map(c =>
    compact({ type: at(c, 'type'), status: at(c, 'status'), message: at(c, 'message') }),
  )
  return compact({ metadata: meta(o, true), spec: o.spec, specs: o.specs, status: compact({ conditions }) })
}

/** What the agent made of a pod: the labels of its identity and its named ports. */
function ciliumEndpoint(o: Json): Json {
  const identity = at(o, 'status', 'identity')
  const ports = list(at(o, 'status', 'named-ports')).map(p =>
    compact({ name: at(p, 'name'), port: at(p, 'port'), protocol: at(p, 'protocol') }),
  )
  return compact({
    metadata: meta(o, false),
    status: compact({
      identity: compact({ id: at(identity, 'id'), labels: texts(at(identity, 'labels')) }),
      'named-ports': ports,
    }),
  })
}

function ciliumIdentity(o: Json): Json {
  return { metadata: meta(o, false), 'security-labels': textMap(o['security-labels']) }
}

function cidrGroup(o: Json): Json {
  return { metadata: meta(o, true), spec: { externalCIDRs: texts(at(o, 'spec', 'externalCIDRs')) } }
}

function configMap(o: Json): Json {
  const data = textMap(o.data)
  const known = CONFIG_KEYS.flatMap(key => (data[key] === undefined ? [] : [[key, data[key]] as const]))
  return { metadata: meta(o, false), data: Object.fromEntries(known) }
}

function daemonSet(o: Json): Json {
  const containers = list(at(o, 'spec', 'template', 'spec', 'containers'))
    .filter(c => at(c, 'name') === 'cilium-agent')
    .map(c => compact({ name: at(c, 'name'), image: at(c, 'image') }))
  return { metadata: meta(o, false), spec: { template: { spec: { containers: containers.map(object) } } } }
}
