// Makes documents for comparisons, each from a seed and a number alone: usual policies, every odd value, every odd shape.
import { grow, put } from './grow.ts'
import { mutate } from './mutate.ts'
import { mix, type Random, random } from './random.ts'
import { kindAt, paths } from './shapes.ts'
import { SWAPS } from './swaps.ts'
import { TRAP_COUNT, trap } from './traps.ts'
import { type Kind, POOLS, values } from './values.ts'
import { dict, entry, print, raw, someStyle, text, type Y } from './yaml.ts'

const PATHS = paths()
const LEAVES = new Map<Kind, (readonly string[])[]>()
for (const path of PATHS) {
  const kind = kindAt(path)
  if (kind) LEAVES.set(kind, [...(LEAVES.get(kind) ?? []), path])
}
/** Every value of every kind, with the paths it may stand at. */
const PROBES = (Object.keys(POOLS) as Kind[]).flatMap(kind =>
  values(kind).map(value => ({ value, paths: LEAVES.get(kind) ?? [] })),
)

/** A way to make a document: its share of the whole, and its text. */
type Way = (random: Random, turn: number) => string

const usualPolicy: Way = r => print(grow(r, { clusterwide: r.chance(0.3), loose: false, path: [] }), someStyle(r))

const loosePolicy: Way = r => print(grow(r, { clusterwide: r.chance(0.3), loose: true, path: [] }), someStyle(r))

/** A value of a kind at a place where it may stand. */
const oddValue: Way = (r, turn) => {
  const probe = PROBES[turn % PROBES.length]
  return probe ? withValue(r, r.pick(probe.paths), probe.value) : ''
}

/** A value of another type, or in an odd notation, anywhere. */
const otherType: Way = (r, turn) => withValue(r, PATHS[turn % PATHS.length] ?? [], r.pick(SWAPS))

function withValue(r: Random, path: readonly string[], value: Y): string {
  const root = grow(r, { clusterwide: r.chance(0.3), loose: false, path })
  put(root, path, value)
  if (r.chance(0.05)) mutate(root, r)
  return print(root, someStyle(r))
}

const oddShape: Way = r => {
  const root = grow(r, { clusterwide: r.chance(0.3), loose: r.chance(0.2), path: r.pick(PATHS) })
  mutate(root, r)
  if (r.chance(0.15)) mutate(root, r)
  return print(root, someStyle(r))
}

/** A usual policy in which every field of one path exists. */
const everyField: Way = (r, turn) =>
  print(grow(r, { clusterwide: r.chance(0.3), loose: false, path: PATHS[turn % PATHS.length] ?? [] }), someStyle(r))

const oddText: Way = (r, turn) => {
  const path = r.chance(0.5) ? r.pick(PATHS) : []
  const root = grow(r, { clusterwide: r.chance(0.3), loose: false, path })
  const style = r.chance(0.9)
    ? { form: 'block' as const, indent: 2, deep: r.chance(0.7), quote: '' as const }
    : someStyle(r)
  return trap(print(root, style), turn % TRAP_COUNT, r)
}

/** A label key as long as may be, or longer, made of random parts. */
const oddLabel: Way = r => {
  const source = r.pick(['', 'k8s:', 'any:', 'reserved:', 'cidrgroup:', 'x:', 'longsourcename:', 'a-b:', ':'])
  const base = r.pick([
    '',
    '',
    '',
    'io.cilium.k8s.namespace.labels.',
    'a.b/',
    `${'p'.repeat(r.pick([62, 63, 64]))}.x/`,
    '/',
    'A/',
  ])
  const name =
    r.pick(['n', 'N', '-', '_', '.', '1']) +
    'n'.repeat(r.pick([0, 1, 26, 27, 28, 30, 31, 32, 56, 57, 58, 59, 60, 61, 62, 63])) +
    r.pick(['', '', '-', '.', '_', 'z'])
  const key = source + base + name
  const path = r.pick([...(LEAVES.get('labelKey') ?? [])])
  return withValue(r, path, text(key))
}

/** Ports, protocols and L7 rules in every mixture. */
const portMixture: Way = r => {
  const ports = Array.from({ length: r.below(3) }, () => {
    const entries = []
    if (r.chance(0.92)) entries.push(entry('port', text(r.pick(['80', '53', '0', '00', 'http', '65535', '0o0']))))
    if (r.chance(0.2)) entries.push(entry('endPort', raw(r.pick(['79', '80', '81', '53', '54', '0']))))
    if (r.chance(0.8))
      entries.push(entry('protocol', text(r.pick(['TCP', 'TCP', 'TCP', 'UDP', 'ANY', 'SCTP', 'VRRP', 'ESP']))))
    return { t: 'dict' as const, entries }
  })
  const rule = dict({ ports: { t: 'list', items: ports } })
  const add = (key: string, choices: readonly string[]): unknown => rule.entries.push(entry(key, raw(r.pick(choices))))
  if (r.chance(0.6))
    add('rules', [
      '{http: [{}]}',
      '{http: [{method: GET}]}',
      '{dns: [{matchPattern: "*"}]}',
      '{dns: []}',
      '{http: []}',
      '{}',
      '{http: [], dns: []}',
      '{kafka: [{role: consume}]}',
      '{kafka: [{role: consume, apiKey: fetch}]}',
      '{l7proto: r2d2, l7: [{a: b}]}',
      '{l7: [{a: b}]}',
      '{l7proto: x}',
      '{l7proto: x, l7: [{"": b}]}',
    ])
  if (r.chance(0.2))
    add('serverNames', [
      '[a.com]',
      '[]',
      '[""]',
      '[a.com, a.com]',
      '["*.a.com"]',
      '[a.com, b.com]',
      '["**.a.com"]',
      '["a.*"]',
    ])
  if (r.chance(0.15))
    add('terminatingTLS', [
      '{secret: {name: a}}',
      '{secret: {name: ""}}',
      '{secret: {}}',
      '{}',
      '{secret: {namespace: a, name: b}}',
    ])
  if (r.chance(0.15))
    add('listener', [
      '{name: a, envoyConfig: {name: b}}',
      '{name: a, envoyConfig: {kind: CiliumEnvoyConfig, name: b}}',
      '{name: a, envoyConfig: {kind: CiliumClusterwideEnvoyConfig, name: b}, priority: 5}',
    ])
  const section = r.pick(['ingress', 'egress', 'egress', 'ingressDeny', 'egressDeny'])
  const peer = section.startsWith('in')
    ? r.pick(['', 'fromEntities', 'fromEndpoints'])
    : r.pick(['', 'toEntities', 'toEndpoints', 'toFQDNs', 'toServices'])
  const item = dict({ toPorts: { t: 'list', items: [rule] } })
  const peers: Record<string, string> = {
    Entities: '[world]',
    Endpoints: '[{}]',
    FQDNs: '[{matchName: a.com}]',
    Services: '[{k8sService: {serviceName: a}}]',
  }
  if (peer) item.entries.unshift(entry(peer, raw(peers[peer.replace(/^(from|to)/, '')] ?? '[]')))
  if (r.chance(0.1)) item.entries.push(entry('icmps', raw(r.pick(['[]', '[{fields: [{type: 8}]}]', '[{}]']))))
  const host = r.chance(0.2)
  const spec = dict({ [host ? 'nodeSelector' : 'endpointSelector']: dict(), [section]: { t: 'list', items: [item] } })
  const root = dict({
    apiVersion: text('cilium.io/v2'),
    kind: text(host || r.chance(0.3) ? 'CiliumClusterwideNetworkPolicy' : 'CiliumNetworkPolicy'),
    metadata: dict({ name: text('a') }),
  })
  root.entries.push(r.chance(0.9) ? entry('spec', spec) : entry('specs', { t: 'list', items: [spec] }))
  return print(root, someStyle(r))
}

/** The ways and their shares of 100 documents. */
const WAYS: readonly (readonly [number, Way])[] = [
  [14, usualPolicy],
  [10, loosePolicy],
  [6, everyField],
  [22, oddValue],
  [10, otherType],
  [14, oddShape],
  [10, oddText],
  [5, oddLabel],
  [9, portMixture],
]
const TABLE = WAYS.flatMap(([share, way], w) => Array.from({ length: share }, (_, n) => ({ way, w, share, n })))

/** The text of document `index` of a seed: always the same. */
export function document(seed: number, index: number): string {
  const slot = TABLE[index % TABLE.length]
  if (!slot) throw new Error('generate: no way')
  const turn = Math.floor(index / TABLE.length) * slot.share + slot.n
  return slot.way(random(mix(mix(seed, 7919), index)), turn + (seed % 9973) * 31)
}

/** The documents of a seed. */
export function* documents(seed: number, count: number): Generator<string> {
  for (let index = 0; index < count; index++) yield document(seed, index)
}
