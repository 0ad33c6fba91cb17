// Generated policies for a generated cluster: every kind of peer and port, deny, default-deny switches, both kinds of policy.

import type { Random as Plainly } from '../random.ts'
import {
  ACCOUNTS,
  APPS,
  GROUPS,
  type Item,
  NAMES,
  NAMESPACES,
  type Plain,
  PORT_NAMES,
  PORTS,
  TIERS,
} from './cluster.ts'

type Random = Plainly & { readonly allowed: Allowed }

const NAMESPACE = 'io.kubernetes.pod.namespace'
const NS_LABELS = 'io.cilium.k8s.namespace.labels.'
const ACCOUNT = 'io.cilium.k8s.policy.serviceaccount'
const CLUSTER = 'io.cilium.k8s.policy.cluster'

/** What a policy may use beside what every version and configuration takes. */
export interface Allowed {
  /** `fromRequires` and `toRequires` (≤1.18). */
  readonly requires: boolean
  /** `fromNodes` and `toNodes` (enable-node-selector-labels), `nodeSelector` (they do nothing without the host firewall). */
  readonly nodes: boolean
}

/** One policy document. */
export function somePolicy(plain: Plainly, i: number, allowed: Allowed): Item {
  const random = { ...plain, allowed }
  const clusterwide = random.chance(0.3)
  const namespace = random.pick(NAMESPACES)
  const metadata: Record<string, Plain> = { name: random.chance(0.95) ? `p${i}` : 'same' }
  if (!clusterwide) metadata.namespace = namespace
  const kind = clusterwide ? 'CiliumClusterwideNetworkPolicy' : 'CiliumNetworkPolicy'
  const head = { apiVersion: 'cilium.io/v2', kind, metadata }
  if (random.chance(0.85)) return { ...head, spec: rule(random, clusterwide) }
  const specs = Array.from({ length: 1 + random.below(3) }, () => rule(random, clusterwide))
  return random.chance(0.2) ? { ...head, spec: rule(random, clusterwide), specs } : { ...head, specs }
}

function rule(random: Random, clusterwide: boolean): Item {
  const forNodes = clusterwide && random.chance(0.15)
  const made: Record<string, Plain> = forNodes
    ? { nodeSelector: nodeSelector(random) }
    : { endpointSelector: subject(random, clusterwide) }
  const sections = random.pick([
    ['ingress'],
    ['egress'],
    ['ingress', 'egress'],
    ['ingress', 'ingressDeny'],
    ['egress', 'egressDeny'],
    ['ingressDeny'],
    ['egressDeny'],
    ['ingress', 'egress', 'ingressDeny', 'egressDeny'],
  ])
  for (const section of sections) {
    const count = random.chance(0.08) ? 0 : 1 + random.below(3)
    made[section] = Array.from({ length: count }, () => item(random, section))
  }
  if (random.chance(0.2)) {
    const switches: Record<string, Plain> = {}
    for (const d of ['ingress', 'egress']) if (random.chance(0.6)) switches[d] = random.chance(0.25)
    made.enableDefaultDeny = switches
  }
  return made
}

function nodeSelector(random: Random): Item {
  return random.pick<Item>([
    {},
    { matchLabels: { 'kubernetes.io/hostname': random.pick(['n1', 'n2']) } },
    { matchLabels: { zone: random.pick(['a', 'b']) } },
    { matchExpressions: [expression(random, 'zone', ['a', 'b'])] },
  ])
}

const prefixed = (random: Random, key: string): string => random.pick(['', '', '', 'k8s:', 'any:']) + key

function subject(random: Random, clusterwide: boolean): Item {
  if (random.chance(0.15)) return {}
  if (clusterwide && random.chance(0.2))
    return random.pick<Item>([
      { matchLabels: { 'reserved:ingress': '' } },
      { matchExpressions: [{ key: 'reserved:health', operator: 'Exists' }] },
      { matchLabels: { 'reserved:init': '' } },
      { matchExpressions: [{ key: 'reserved:init', operator: 'DoesNotExist' }] },
    ])
  const extra = clusterwide && random.chance(0.5) ? namespaceKeys(random) : {}
  if (!clusterwide && random.chance(0.05))
    return merge(labels(random), {
      matchLabels: { [`${random.pick(['k8s:', ''])}${NAMESPACE}`]: random.pick(NAMESPACES) },
    })
  return merge(labels(random), extra)
}

interface Selector {
  readonly matchLabels?: Item
  readonly matchExpressions?: readonly Plain[]
}

function merge(a: Selector, b: Selector): Item {
  const made: Record<string, Plain> = {}
  if (a.matchLabels || b.matchLabels) made.matchLabels = { ...a.matchLabels, ...b.matchLabels }
  if (a.matchExpressions || b.matchExpressions)
    made.matchExpressions = [...(a.matchExpressions ?? []), ...(b.matchExpressions ?? [])]
  return made
}

function labels(random: Random): Selector {
  const [key, values] = random.pick<readonly [string, readonly string[]]>([
    ['app', APPS],
    ['app', APPS],
    ['tier', TIERS],
    ['version', ['v1', 'v2', '']],
    [ACCOUNT, ACCOUNTS],
    ['app.kubernetes.io/name', ['web']],
    ['kubernetes.io/os', ['linux']],
    ['foo.k8s.io/x', ['y']],
  ])
  if (random.chance(0.65)) return { matchLabels: { [prefixed(random, key)]: random.pick(values) } }
  return { matchExpressions: [expression(random, prefixed(random, key), values)] }
}

function expression(random: Random, key: string, values: readonly string[]): Item {
  const operator = random.pick(['In', 'In', 'NotIn', 'Exists', 'DoesNotExist'])
  if (operator === 'Exists' || operator === 'DoesNotExist') return { key, operator }
  const listed = values.filter(() => random.chance(0.6))
  return { key, operator, values: listed.length > 0 ? listed : [random.pick(values)] }
}

function namespaceKeys(random: Random): Selector {
  const key = prefixed(random, NAMESPACE)
  switch (random.below(6)) {
    case 0:
      return { matchExpressions: [expression(random, key, NAMESPACES)] }
    case 1:
      return { matchLabels: { [prefixed(random, `${NS_LABELS}team`)]: random.pick(['a', 'b']) } }
    case 2:
      return { matchExpressions: [expression(random, prefixed(random, `${NS_LABELS}env`), ['prod', 'test'])] }
    case 3:
      return { matchLabels: { [`${NS_LABELS}kubernetes.io/metadata.name`]: random.pick(NAMESPACES) } }
    default:
      return { matchLabels: { [key]: random.pick(NAMESPACES) } }
  }
}

function peerSelector(random: Random): Item {
  const roll = random.below(100)
  if (roll < 12) return {}
  if (roll < 18)
    return random.pick<Item>([
      { matchLabels: { 'reserved:host': '' } },
      { matchLabels: { 'reserved:world': '' } },
      { matchExpressions: [{ key: 'reserved:remote-node', operator: 'Exists' }] },
      { matchExpressions: [{ key: 'reserved:host', operator: 'DoesNotExist' }] },
      { matchLabels: { 'reserved:kube-apiserver': '' } },
      { matchLabels: { 'reserved:ingress': '', app: 'web' } },
    ])
  if (roll < 22)
    return merge(labels(random), {
      matchExpressions: [expression(random, prefixed(random, CLUSTER), ['default', 'other'])],
    })
  if (roll < 55) return merge(roll < 35 ? {} : labels(random), namespaceKeys(random))
  return labels(random) as Item
}

function item(random: Random, section: string): Item {
  const ingress = section.startsWith('ingress')
  const deny = section.endsWith('Deny')
  const made: Record<string, Plain> = {}
  const [key, value] = member(random, { ingress, deny })
  if (key !== '') made[key] = value
  if (random.chance(0.02)) made[ingress ? 'fromEndpoints' : 'toEndpoints'] = []
  const roll = random.below(100)
  if (roll < 60)
    made.toPorts = Array.from({ length: random.chance(0.05) ? 0 : 1 + random.below(2) }, () =>
      portRule(random, { ingress, deny }),
    )
  else if (roll < 70) made.icmps = Array.from({ length: random.chance(0.05) ? 0 : 1 }, () => icmp(random))
  return made
}

type Where = { readonly ingress: boolean; readonly deny: boolean }

function member(random: Random, { ingress, deny }: Where): readonly [string, Plain] {
  const way = ingress ? 'from' : 'to'
  const some = (make: () => Plain): Plain => Array.from({ length: random.chance(0.05) ? 0 : 1 + random.below(2) }, make)
  const roll = random.below(100)
  if (random.allowed.requires && random.chance(0.06)) return [`${way}Requires`, some(() => peerSelector(random))]
  if (random.allowed.nodes && random.chance(0.15)) return [`${way}Nodes`, some(() => nodeSelector(random))]
  if (roll < 45) return [`${way}Endpoints`, some(() => peerSelector(random))]
  if (roll < 60) return [`${way}Entities`, some(() => random.pick(ENTITIES))]
  if (roll < 67) return [`${way}CIDR`, some(() => random.pick(CIDRS.filter(c => c !== '::/0')))]
  if (roll < 80) return [`${way}CIDRSet`, some(() => cidrSet(random))]
  if (!ingress && roll < 88 && !deny) return ['toFQDNs', some(() => fqdn(random))]
  if (!ingress && roll < 95) return ['toServices', some(() => service(random))]
  return ['', '']
}

const ENTITIES = [
  'all',
  'world',
  'world',
  'cluster',
  'host',
  'remote-node',
  'kube-apiserver',
  'ingress',
  'health',
  'init',
  'unmanaged',
  'none',
] as const

const CIDRS = [
  '0.0.0.0/0',
  '0.0.0.0/0',
  '::/0',
  '10.0.0.0/8',
  '10.0.0.0/24',
  '10.1.2.3/32',
  '10.1.2.3/16',
  '93.184.216.0/24',
  '1.1.1.1/32',
  '192.168.0.0/16',
  '10.244.0.0/16',
  '172.16.0.0/12',
  '2001:db8::/32',
] as const

const EXCEPTS: Readonly<Record<string, readonly string[]>> = {
  '0.0.0.0/0': ['10.0.0.0/8', '1.1.1.1/32', '93.184.0.0/16'],
  '::/0': ['2001:db8::/32', '2001:db8::1/128'],
  '10.0.0.0/8': ['10.1.0.0/16', '10.0.0.0/24', '10.0.0.0/8'],
  '10.0.0.0/24': ['10.0.0.10/32'],
}

function cidrSet(random: Random): Item {
  const roll = random.below(100)
  if (roll < 25) return { cidrGroupRef: random.chance(0.9) ? random.pick(GROUPS) : 'nowhere' }
  if (roll < 45) {
    const selector: Item = random.chance(0.5)
      ? { matchLabels: { kind: random.pick(['partner', 'office']) } }
      : {
          matchExpressions: [
            expression(random, random.pick(['kind', 'level']), ['partner', 'office', 'low', 'high']),
            ...(random.chance(0.3) ? [expression(random, 'level', ['low', 'high'])] : []),
          ],
        }
    return { cidrGroupSelector: selector }
  }
  const cidr = random.pick(CIDRS)
  const except = EXCEPTS[cidr]
  if (!except || random.chance(0.4)) return { cidr }
  return { cidr, except: Array.from({ length: 1 + random.below(2) }, () => random.pick(except)) }
}

function fqdn(random: Random): Item {
  if (random.chance(0.5)) return { matchName: random.chance(0.8) ? random.pick(NAMES) : 'API.example.com.' }
  return {
    matchPattern: random.pick([
      '*',
      '*.example.com',
      '**.example.com',
      '*example.com',
      'a*.example.com',
      '*.*.example.com',
      '**',
      'example.*',
      '*.',
    ]),
  }
}

function service(random: Random): Item {
  if (random.chance(0.65)) {
    const named: Record<string, Plain> = { serviceName: random.pick([...APPS, 'outside', 'kubernetes']) }
    if (random.chance(0.7)) named.namespace = random.pick([...NAMESPACES, 'default'])
    return { k8sService: named }
  }
  const selector: Item = random.chance(0.6)
    ? { matchLabels: { [random.chance(0.5) ? 'app' : 'team']: random.pick([...APPS, 'outside', 'a']) } }
    : { matchExpressions: [expression(random, 'team', ['a', 'b'])] }
  const made: Record<string, Plain> = { selector }
  if (random.chance(0.5)) made.namespace = random.pick(NAMESPACES)
  return { k8sServiceSelector: made }
}

function portRule(random: Random, where: Where): Item {
  if (random.chance(0.04)) return random.chance(0.5) ? {} : { ports: [] }
  const made: Record<string, Plain> = { ports: Array.from({ length: 1 + random.below(3) }, () => port(random)) }
  if (where.deny) return made
  const roll = random.below(100)
  if (roll < 12 && !where.ingress)
    return {
      ports: random.pick<Plain>([
        [{ port: '53', protocol: 'ANY' }],
        [
          { port: '53', protocol: 'UDP' },
          { port: '53', protocol: 'TCP' },
        ],
      ]),
      rules: { dns: [fqdn(random)] },
    }
  if (roll < 18)
    return {
      ports: [{ port: String(random.pick(PORTS)), protocol: 'TCP' }],
      rules: { http: random.chance(0.5) ? [{ method: 'GET' }] : [{}] },
    }
  return made
}

function port(random: Random): Item {
  const made: Record<string, Plain> = {}
  const roll = random.below(100)
  if (roll < 20) made.port = random.pick(PORT_NAMES)
  else if (roll < 27) made.port = '0'
  else if (roll < 29) made.port = random.pick(['0x50', '0120', 'HTTP'])
  else made.port = String(random.pick(PORTS))
  if (random.chance(0.15) || (roll < 27 && random.chance(0.1)))
    made.endPort = random.pick([0, 79, 100, 443, 8090, 9090, 65535])
  if (random.chance(0.85)) made.protocol = random.pick(['TCP', 'TCP', 'TCP', 'UDP', 'SCTP', 'ANY'])
  return made
}

function icmp(random: Random): Item {
  const fields = Array.from({ length: random.chance(0.05) ? 0 : 1 + random.below(2) }, (): Item => {
    const family = random.pick(['IPv4', 'IPv4', 'IPv6', ''])
    const type = random.pick<Plain>(
      family === 'IPv6' ? [128, 'EchoRequest', 'PacketTooBig', 135, 0] : [8, 'EchoRequest', 3, 'EchoReply', '11', 0],
    )
    return family === '' ? { type } : { family, type }
  })
  return random.chance(0.03) ? {} : { fields }
}
