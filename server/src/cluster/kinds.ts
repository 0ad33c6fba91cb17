// The kinds that are read from a cluster, and what is kept of each object: only what the product reads.

import { CONFIG_KEYS } from '../workspace/config.ts'
import { at, compact, type Json, list, object, text, textMap, texts } from './plain.ts'

export interface Kind {
  readonly kind: string
  readonly apiVersion: string
  /** What a person calls them: "service accounts". */
  readonly plural: string
  /** Where it is listed; the next one is tried when one is not served. */
  readonly paths: readonly string[]
  readonly query?: Readonly<Record<string, string>>
  /** The permission to ask for: "list and watch pods". */
  readonly permission: string
  /** The part of an object that is kept, without apiVersion and kind. */
  keep(object: Json): Json
}

const CORE = '/api/v1'
const CILIUM = '/apis/cilium.io/v2'

/** All kinds; `agentNamespace` is where Cilium's agent runs. */
export function kindsOf(agentNamespace: string): readonly Kind[] {
  const inAgent = (group: string, resource: string) => [`${group}/namespaces/${agentNamespace}/${resource}`]
  return [
    plain('Namespace', 'namespaces', o => ({ metadata: meta(o, true) })),
    plain('Pod', 'pods', pod),
    plain('ServiceAccount', 'service accounts', o => ({ metadata: meta(o, false) })),
    plain('Service', 'services', service),
    {
      ...plain('EndpointSlice', 'endpoint slices', slice),
      apiVersion: 'discovery.k8s.io/v1',
      paths: ['/apis/discovery.k8s.io/v1/endpointslices'],
      permission: 'endpointslices.discovery.k8s.io',
    },
    plain('Node', 'nodes', node),
    cilium('CiliumNetworkPolicy', 'Cilium network policies', policy),
    cilium('CiliumClusterwideNetworkPolicy', 'clusterwide Cilium network policies', policy),
    {
      ...cilium('CiliumCIDRGroup', 'CIDR groups', cidrGroup),
      paths: [`${CILIUM}/ciliumcidrgroups`, '/apis/cilium.io/v2alpha1/ciliumcidrgroups'],
    },
    {
      ...plain('ConfigMap', "Cilium's configuration", configMap),
      paths: inAgent(CORE, 'configmaps'),
      query: { fieldSelector: 'metadata.name=cilium-config' },
      permission: `configmaps (cilium-config in ${agentNamespace})`,
    },
    {
      ...plain('DaemonSet', "Cilium's agents", daemonSet),
      apiVersion: 'apps/v1',
      paths: inAgent('/apis/apps/v1', 'daemonsets'),
      query: { fieldSelector: 'metadata.name=cilium' },
      permission: `daemonsets.apps (cilium in ${agentNamespace})`,
    },
  ]
}

function plain(kind: string, plural: string, keep: Kind['keep']): Kind {
  const resource = `${kind.toLowerCase()}s`
  return { kind, apiVersion: 'v1', plural, paths: [`${CORE}/${resource}`], permission: resource, keep }
}

function cilium(kind: string, plural: string, keep: Kind['keep']): Kind {
  const resource = `${kind.toLowerCase().replace(/y$/, 'ie')}s`
  return {
    kind,
    apiVersion: 'cilium.io/v2',
    plural,
    paths: [`${CILIUM}/${resource}`],
    permission: `${resource}.cilium.io`,
    keep,
  }
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
      containers: [...list(at(spec, 'containers')), ...sidecars].flatMap(container),
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
    endpoints: list(at(o, 'endpoints')).map(e => ({ addresses: texts(at(e, 'addresses')) })),
  }
}

function node(o: Json): Json {
  const addresses = list(at(o, 'status', 'addresses'))
    .filter(a => ['InternalIP', 'ExternalIP'].includes(String(at(a, 'type'))))
    .map(a => compact({ type: at(a, 'type'), address: at(a, 'address') }))
  return { metadata: meta(o, true), status: { addresses } }
}

function policy(o: Json): Json {
  return compact({ metadata: meta(o, true), spec: o.spec, specs: o.specs })
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
