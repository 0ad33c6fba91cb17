// What every fix of dns-missing promises: the names can be looked up, nothing else opens, nothing closes.

import { basisOf } from '../../server/src/engine/basis.ts'
import { type DnsGap, dnsGapsOf, type Lacks, lacksOf } from '../../server/src/engine/counterpart/dns.ts'
import { ownersOf } from '../../server/src/engine/counterpart/gap.ts'
import type { Kin } from '../../server/src/engine/counterpart/kin.ts'
import { policies } from '../../server/src/model/lower.ts'
import { check } from '../../server/src/rules/check.ts'
import type { Plain } from '../../server/src/syntax/print.ts'
import type { Fix, Problem } from '../../server/src/syntax/problem.ts'
import type { Snapshot } from '../../server/src/workspace/snapshot.ts'
import { type Random, random } from '../conformance/random.ts'
import { type Json, snapshotOf, textsOf, type World, worldOf } from './generate.ts'
import { applied, type Judge, type Sides } from './promises.ts'

const COREDNS = 'kube-system/coredns-1'
const WORLD = 'entity:world'
const API = 'entity:kube-apiserver'

/** The world of a seed with the API server and the cluster's DNS in it, which a policy may close, and with names in some rules. */
export function worldWithDns(seed: number): World {
  const world = worldOf(seed)
  const dice = random(seed + 77)
  const policies = new Map([...world.policies].map(([name, list]) => [name, list.map(p => named(dice, p))]))
  if (dice.chance(0.6)) policies.set('dns.yaml', [dnsPolicy(dice)])
  if (dice.chance(0.15)) policies.set('everybody.yaml', [everybody(dice)])
  return {
    ...world,
    policies,
    inventory: { ...world.inventory, items: [...(world.inventory.items as readonly Plain[]), ...CLUSTER] },
    pods: [...world.pods, COREDNS],
    outside: [WORLD, API],
  }
}

const CLUSTER: readonly Json[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-system' } },
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } },
  node('n1', '192.168.1.1'),
  node('n2', '192.168.1.2'),
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'coredns-1', namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } },
    spec: { serviceAccountName: 'coredns', nodeName: 'n1', containers: [{ name: 'c' }] },
    status: { podIP: '10.0.1.1' },
  },
  service('kube-system', 'kube-dns', {
    selector: { 'k8s-app': 'kube-dns' },
    ports: [{ port: 53, targetPort: 53, protocol: 'UDP' }],
  }),
  service('default', 'kubernetes', { ports: [{ port: 443, targetPort: 6443, protocol: 'TCP' }] }),
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    addressType: 'IPv4',
    metadata: { name: 'kubernetes', namespace: 'default', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    ports: [{ name: 'https', port: 6443, protocol: 'TCP' }],
    endpoints: [{ addresses: ['192.168.1.2'], conditions: { ready: true } }],
  },
]

function node(name: string, address: string): Json {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name } },
    status: { addresses: [{ type: 'InternalIP', address }] },
  }
}

function service(namespace: string, name: string, spec: Json): Json {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec }
}

/** The policy with one more egress item that uses a name, and perhaps one with DNS rules of its own. */
function named(dice: Random, policy: Json): Json {
  const { spec } = policy
  const yes = dice.chance(0.5)
  if (!yes || typeof spec !== 'object' || spec === null || !('egress' in spec)) return policy
  const own = dice.chance(0.2) ? [dnsRule(dice)] : []
  const names: Json = {
    toFQDNs: [dice.pick<Json>([{ matchName: 'api.example.com' }, { matchPattern: '*.example.org' }])],
  }
  return { ...policy, spec: { ...spec, egress: [...(spec.egress as readonly Plain[]), ...own, names] } }
}

/** A way to the DNS, with or without its proxy, for all names or some. */
function dnsRule(dice: Random): Json {
  const to = dice.pick<Json>([
    { toEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'kube-system', 'k8s-app': 'kube-dns' } }] },
    { toEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'kube-system' } }] },
    { toEntities: ['cluster'] },
  ])
  const rules = dice.pick<Json>([
    {},
    { rules: { dns: [{ matchPattern: '*' }] } },
    { rules: { dns: [{ matchName: 'api.example.com' }] } },
  ])
  const protocol = dice.pick(['UDP', 'ANY', 'TCP'])
  return { ...to, toPorts: [{ ports: [{ port: '53', protocol }], ...rules }] }
}

function dnsPolicy(dice: Random): Json {
  const labels = dice.pick<Json>([{ 'io.cilium.k8s.policy.serviceaccount': 'coredns' }, { 'k8s-app': 'kube-dns' }])
  const ingress = dice.pick<Json>([
    {},
    {},
    { ingress: [{ fromEntities: ['host'] }] },
    { ingress: [{}] },
    { ingress: [{ fromEntities: ['cluster'], toPorts: [{ ports: [{ port: '53', protocol: 'UDP' }] }] }] },
    { ingress: [{ fromEndpoints: [{ matchLabels: { app: 'web', 'k8s:io.kubernetes.pod.namespace': 'shop' } }] }] },
  ])
  const deny: Json = dice.chance(0.1)
    ? { ingressDeny: [{ fromEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'data' } }] }] }
    : {}
  const closed: Json = dice.chance(0.1) ? { egressDeny: [{ toEntities: ['world'] }] } : {}
  const egress = dice.pick<Json>([
    { egress: [{ toEntities: ['kube-apiserver'] }] },
    { egress: [{ toEntities: ['kube-apiserver'] }] },
    { egress: [{ toEntities: ['world'] }] },
    { egress: [{ toEntities: ['cluster'], toPorts: [{ ports: [{ port: '6443', protocol: 'TCP' }] }] }] },
    { egress: [{}] },
  ])
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name: 'dns', namespace: 'kube-system' },
    spec: { endpointSelector: { matchLabels: labels }, ...ingress, ...deny, ...egress, ...closed },
  }
}

/** A policy for all pods: it closes them, or lets all ask the DNS. */
function everybody(dice: Random): Json {
  const side = dice.pick<Json>([
    { egress: [dnsRule(dice)] },
    { ingress: [{ fromEntities: ['host'] }] },
    { egress: [{}] },
  ])
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumClusterwideNetworkPolicy',
    metadata: { name: 'everybody' },
    spec: { endpointSelector: {}, ...side },
  }
}

/** What a fix is for: the way of some pods to the DNS, or the DNS pods' own way out. */
interface Purpose {
  readonly gap: DnsGap | undefined
  readonly lacks: Lacks | undefined
}

/** What is broken in a world, one sentence each, and how many fixes were tried. */
export async function dnsBroken(world: World, judge: Judge): Promise<{ wrong: string[]; fixes: number }> {
  const snapshot = snapshotOf(world, textsOf(world))
  const before = await judge(world, textsOf(world))
  const wrong: string[] = []
  let fixes = 0
  for (const { problem, fix, purpose } of fixesIn(snapshot)) {
    fixes++
    const texts = applied(snapshot, fix.edits())
    const after = snapshotOf(world, texts)
    const left = problemsOf(after).map(p => p.problem)
    const say = (what: string) => wrong.push(`"${fix.title}" ${what}`)
    if (left.some(p => p.severity === 'error')) say('makes an error')
    if (left.some(p => p.code === 'dns-missing' && p.message === problem.message)) say(`leaves "${problem.message}"`)
    for (const what of await changes(before, await judge(world, texts), intended(snapshot, purpose))) say(what)
  }
  return { wrong, fixes }
}

function* fixesIn(snapshot: Snapshot): Iterable<{ problem: Problem; fix: Fix; purpose: Purpose }> {
  for (const { problem, gaps } of problemsOf(snapshot)) {
    const [fix] = problem.fixes
    if (problem.code !== 'dns-missing' || !fix) continue
    const gap = gaps.find(
      ({ entry }) => entry.item.node.span.start <= problem.span.start && problem.span.end <= entry.item.node.span.end,
    )
    yield { problem, fix, purpose: { gap, lacks: lacksOf(snapshot) } }
  }
}

function problemsOf(snapshot: Snapshot): readonly { problem: Problem; gaps: readonly DnsGap[] }[] {
  const documents = [...snapshot.files.values()].flatMap(f => f.documents)
  return documents.flatMap(document => {
    const gaps = policies(document).flatMap(p => dnsGapsOf(snapshot, p))
    return check(snapshot, document).map(problem => ({ problem, gaps }))
  })
}

/** Flows that have to pass afterwards, and those that may. */
interface Intended {
  readonly must: ReadonlySet<string>
  readonly may: (id: string) => boolean
}

/** The port on which the DNS pods need a place. */
const NEEDED = { 'kube-apiserver': '6443/TCP', world: '53/UDP' } as const

function intended(snapshot: Snapshot, { gap, lacks }: Purpose): Intended {
  const pods = (kin: readonly Kin[]) => kin.flatMap(k => k.pods.map(p => `${p.namespace}/${p.name}`))
  const asking = gap ? pods(gap.clients).flatMap(pod => ['53/UDP', '53/TCP'].map(p => `${pod} ${COREDNS} ${p}`)) : []
  const missing = lacks?.missing ?? []
  const out = missing.map(place => `${COREDNS} entity:${place}`)
  const selected = new Set(gap ? pods(ownersOf(basisOf(snapshot), gap.filed)) : [])
  const asks = (id: string) =>
    / kube-system\/coredns-1 53\/(?:UDP|TCP)$/.test(id) && selected.has(id.split(' ')[0] ?? '')
  return {
    // Whatever a deny rule says of other ports.
    must: new Set(gap ? asking : missing.map(place => `${COREDNS} entity:${place} ${NEEDED[place]}`)),
    may: id => asks(id) || out.some(way => id.startsWith(`${way} `)),
  }
}

const passes = (sides: Sides | undefined): boolean => sides?.egress === 'allowed' && sides.ingress === 'allowed'

function changes(
  before: ReadonlyMap<string, Sides>,
  after: ReadonlyMap<string, Sides>,
  { must, may }: Intended,
): string[] {
  const wrong: string[] = []
  for (const [id, now] of after) {
    const was = before.get(id)
    if (must.has(id) && !passes(now)) wrong.push(`does not open ${id} (egress ${now.egress}, ingress ${now.ingress})`)
    if (passes(now) && !passes(was) && !may(id)) wrong.push(`opens ${id}`)
    for (const side of ['egress', 'ingress'] as const) {
      if (was?.[side] === 'allowed' && now[side] !== 'allowed') wrong.push(`makes ${side} of ${id} ${now[side]}`)
      if (was?.[side] === 'denied' && now[side] === 'unknown') wrong.push(`leaves ${side} of ${id} to chance`)
    }
  }
  return wrong.slice(0, 3)
}
