// Small random clusters with policies, where much is closed on one side: for what fixes promise.

import type { Version } from '../../server/src/model/version.ts'
import { parseFile } from '../../server/src/syntax/parse.ts'
import { type Plain, printLines } from '../../server/src/syntax/print.ts'
import { inventoryFromFile } from '../../server/src/workspace/collect.ts'
import { DEFAULTS } from '../../server/src/workspace/settings.ts'
import type { Snapshot } from '../../server/src/workspace/snapshot.ts'
import { type Random, random } from '../conformance/random.ts'

export type Json = { readonly [key: string]: Plain }

/** Data without what is undefined. */
const json = (value: object): Json => JSON.parse(JSON.stringify(value))

/** A cluster, its policies by file, and the enforcement mode. */
export interface World {
  readonly mode: 'default' | 'always'
  /** Cilium's; the newest when absent. */
  readonly version?: Version
  readonly inventory: Json
  readonly pods: readonly string[]
  /** What pods may reach beside pods: entities. */
  readonly outside?: readonly string[]
  readonly policies: ReadonlyMap<string, readonly Json[]>
}

export const PORTS = ['80/TCP', '443/TCP', '8080/TCP', '8081/TCP', '8080/UDP', '53/UDP', '53/TCP', '9090/TCP', '8/ICMP']

const NAMESPACES = ['shop', 'data']
const APPS = ['web', 'cart', 'db']
const TIERS = ['front', 'back']

const some = <T>(dice: Random, list: readonly T[], p: number): T[] => list.filter(() => dice.chance(p))

/** The world of a seed. */
export function worldOf(seed: number): World {
  const dice = random(seed)
  const pods = NAMESPACES.flatMap(namespace =>
    some(dice, APPS, 0.8).flatMap(app => {
      const first = pod(dice, namespace, app)
      return dice.chance(0.15) ? [first, another(first)] : [first]
    }),
  )
  const services = NAMESPACES.flatMap(namespace => APPS.map(app => service(namespace, app)))
  const namespaces = NAMESPACES.map(name => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name, team: name === 'shop' ? 'red' : 'blue' } },
  }))
  const policies = new Map<string, Json[]>()
  const count = 2 + Math.floor(dice.pick([0, 1, 2, 3, 4]))
  for (let i = 0; i < count; i++) {
    const made = policy(dice, i)
    const file = dice.chance(0.5) ? 'all.yaml' : `policies/p${i}.yaml`
    policies.set(file, [...(policies.get(file) ?? []), made])
  }
  const items = [...namespaces, ...services, ...pods].map(json)
  return {
    mode: dice.chance(0.4) ? 'always' : 'default',
    inventory: { apiVersion: 'v1', kind: 'List', items },
    pods: pods.map(p => `${p.metadata.namespace}/${p.metadata.name}`),
    policies,
  }
}

function pod(dice: Random, namespace: string, app: string) {
  const http = dice.pick([80, 8080, 9090])
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `${app}-1`, namespace, labels: { app, tier: dice.pick(TIERS) } },
    spec: {
      serviceAccountName: dice.pick([app, 'default']),
      nodeName: 'n1',
      containers: [
        { name: 'c', ports: dice.chance(0.8) ? [{ name: 'http', containerPort: http, protocol: 'TCP' }] : [] },
      ],
    },
    status: { podIP: `10.0.0.${1 + NAMESPACES.indexOf(namespace) * 10 + APPS.indexOf(app)}` },
  }
}

/** One more pod like it, which only a label tells apart that no policy asks for. */
function another({ metadata, spec, status }: ReturnType<typeof pod>) {
  const labels = { ...metadata.labels, replica: '2' }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, name: `${metadata.labels.app}-2`, labels },
    spec,
    status: { podIP: status.podIP.replace('10.0.0.', '10.0.2.') },
  }
}

function service(namespace: string, app: string): Json {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: app, namespace, labels: { tier: app === 'db' ? 'back' : 'front' } },
    spec: { selector: { app }, ports: [{ port: 80, targetPort: 8080 }] },
  }
}

function policy(dice: Random, i: number): Json {
  const clusterwide = dice.chance(0.2)
  const namespace = dice.pick(NAMESPACES)
  const rules = dice.chance(0.15) ? [rule(dice, clusterwide), rule(dice, clusterwide)] : undefined
  return json({
    apiVersion: 'cilium.io/v2',
    kind: clusterwide ? 'CiliumClusterwideNetworkPolicy' : 'CiliumNetworkPolicy',
    metadata: { name: `p${i}`, ...(clusterwide ? {} : { namespace }) },
    ...(rules ? { specs: rules } : { spec: rule(dice, clusterwide) }),
  })
}

function rule(dice: Random, clusterwide: boolean): Json {
  const sections: Record<string, Plain> = {}
  for (const side of ['ingress', 'egress']) {
    if (dice.chance(0.6)) sections[side] = [item(dice, side), ...(dice.chance(0.3) ? [item(dice, side)] : [])]
    if (dice.chance(0.15)) sections[`${side}Deny`] = [item(dice, side, true)]
  }
  if (Object.keys(sections).length === 0) sections.ingress = [item(dice, 'ingress')]
  const open = dice.chance(0.12) ? { enableDefaultDeny: { ingress: dice.chance(0.5), egress: dice.chance(0.5) } } : {}
  return json({ endpointSelector: selector(dice, clusterwide && dice.chance(0.6)), ...open, ...sections })
}

function selector(dice: Random, placed: boolean): Json {
  const labels: Record<string, Plain> = placed ? { 'k8s:io.kubernetes.pod.namespace': dice.pick(NAMESPACES) } : {}
  const kind = dice.pick(['app', 'app', 'app', 'account', 'tier', 'both', 'none', 'in', 'not'])
  if (kind === 'app' || kind === 'both') labels.app = dice.pick(APPS)
  if (kind === 'tier' || kind === 'both') labels.tier = dice.pick(TIERS)
  if (kind === 'account') labels['io.cilium.k8s.policy.serviceaccount'] = dice.pick(APPS)
  const expressions =
    kind === 'in'
      ? [{ key: 'app', operator: 'In', values: [dice.pick(APPS), dice.pick(APPS)] }]
      : kind === 'not'
        ? [{ key: 'tier', operator: 'NotIn', values: [dice.pick(TIERS)] }]
        : []
  return {
    ...(Object.keys(labels).length > 0 ? { matchLabels: labels } : {}),
    ...(expressions.length > 0 ? { matchExpressions: expressions } : {}),
  }
}

function item(dice: Random, side: string, deny = false): Json {
  const word = side === 'ingress' ? 'from' : 'to'
  const kind = dice.pick(['endpoints', 'endpoints', 'endpoints', 'endpoints', 'entity', 'service', 'none', 'namespace'])
  const toPorts = kind === 'none' || dice.chance(0.6) ? { toPorts: [{ ports: ports(dice) }] } : {}
  if (kind === 'none') return json(toPorts)
  if (kind === 'entity')
    return json({ [`${word}Entities`]: [dice.pick(['cluster', 'all', 'world', 'host'])], ...toPorts })
  if (kind === 'service' && side === 'egress' && !deny)
    return json({
      toServices: [dice.chance(0.4) ? servicesByLabel(dice) : serviceByName(dice)],
      ...toPorts,
    })
  const peers = [peer(dice, kind === 'namespace')]
  if (dice.chance(0.2)) peers.push(peer(dice, false))
  return json({ [`${word}Endpoints`]: peers, ...toPorts })
}

function serviceByName(dice: Random): Json {
  return { k8sService: { serviceName: dice.pick(APPS), namespace: dice.pick(NAMESPACES) } }
}

function servicesByLabel(dice: Random): Json {
  const namespace: Json = dice.chance(0.5) ? { namespace: dice.pick(NAMESPACES) } : {}
  return { k8sServiceSelector: { selector: { matchLabels: { tier: dice.pick(TIERS) } }, ...namespace } }
}

function peer(dice: Random, byLabel: boolean): Json {
  const made = selector(dice, !byLabel && dice.chance(0.4))
  if (!byLabel) return dice.chance(0.15) ? inNamespaces(dice, made) : made
  const matchLabels = (made.matchLabels ?? {}) as Json
  return { ...made, matchLabels: { ...matchLabels, 'io.cilium.k8s.namespace.labels.team': dice.pick(['red', 'blue']) } }
}

/** In both namespaces, or in any. */
function inNamespaces(dice: Random, { matchLabels }: Json): Json {
  const labels = Object.entries(matchLabels ?? {}).filter(([key]) => !key.endsWith('pod.namespace'))
  const any = dice.chance(0.5)
  const expression = {
    key: 'k8s:io.kubernetes.pod.namespace',
    operator: any ? 'Exists' : 'In',
    values: any ? undefined : NAMESPACES,
  }
  return json({
    matchLabels: labels.length > 0 ? Object.fromEntries(labels) : undefined,
    matchExpressions: [expression],
  })
}

function ports(dice: Random): Json[] {
  const made = some(
    dice,
    [
      { port: '80', protocol: 'TCP' },
      { port: '443', protocol: 'TCP' },
      { port: '8080' },
      { port: '53', protocol: 'ANY' },
      { port: '8000', endPort: 8100, protocol: 'TCP' },
      { port: 'http', protocol: 'TCP' },
    ],
    0.3,
  )
  return (made.length > 0 ? made : [{ port: '8080', protocol: 'TCP' }]).map(json)
}

/** The texts of a world's files. */
export function textsOf({ policies }: Pick<World, 'policies'>): ReadonlyMap<string, string> {
  const style = { eol: '\n', quote: '"', listIndent: 2 } as const
  return new Map(
    [...policies].map(([name, list]) => [name, list.map(p => `${printLines(p, style).join('\n')}\n`).join('---\n')]),
  )
}

/** The snapshot of texts in a world. */
export function snapshotOf({ mode, version, inventory }: World, texts: ReadonlyMap<string, string>): Snapshot {
  const files = [...texts].map(([name, text]) => parseFile(`file:///w/${name}`, undefined, text))
  return {
    files: new Map(files.map(f => [f.uri, f])),
    inventories: [inventoryFromFile(parseFile('file:///w/inventory.yaml', undefined, JSON.stringify(inventory)))],
    settings: { ...DEFAULTS, enforcementMode: mode, ciliumVersion: version ?? 'auto' },
  }
}
