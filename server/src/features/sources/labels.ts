// Label keys and values of selectors: those of the pods that the rest of the selector leaves, each with its source.

import { get, str } from '../../syntax/node.ts'
import type { Endpoint, Origin } from '../../workspace/inventory.ts'
import { identityLabels, peerPods, subjectPods } from '../../workspace/selection.ts'
import type { World } from '../../workspace/world.ts'
import { homeOf, policyOf, type Role, type SelectorPart, selectorPart } from '../around.ts'
import {
  CLUSTER,
  KEY_WORDS,
  NAMESPACE,
  NAMESPACE_LABELS,
  SERVICE_ACCOUNT,
  SOURCE_WORDS,
  splitSource,
} from '../labelKeys.ts'
import { type Place, present, siblings } from '../place.ts'
import { KIND, keyText, type Suggestion, valueText } from '../suggestion.ts'
import { fromPods, originName } from '../words.ts'
import { accounts, namespaces } from './names.ts'

/** Something with labels, and how it is called. */
interface Labelled {
  readonly labels: ReadonlyMap<string, string>
  readonly pod?: Endpoint
  readonly name: string
  readonly origin: Origin
}

const RESERVED = ['host', 'remote-node', 'world', 'kube-apiserver', 'ingress', 'health', 'init', 'unmanaged']

/** Keys or values of labels, where the place is in a selector. */
export function* labels(place: Place, world: World): Iterable<Suggestion> {
  const part = selectorPart(place.object, place.path)
  if (!part) return
  const [list, step, member] = part.rest
  if (list === 'matchLabels') {
    if (place.as === 'key') yield* keys(place, world, part)
    else if (typeof step === 'string') yield* valuesOf(place, world, { part, written: step })
  }
  if (list !== 'matchExpressions' || place.as !== 'value') return
  if (member === 'key') yield* keys(place, world, part)
  const written = expressionKey(part, step)
  if (member === 'values' && written !== undefined) yield* valuesOf(place, world, { part, written })
}

function expressionKey(part: SelectorPart, index: string | number | undefined): string | undefined {
  const list = get(part.node, 'matchExpressions')
  return list?.kind === 'seq' && typeof index === 'number' ? str(get(list.items[index], 'key')) : undefined
}

function* keys(place: Place, world: World, part: SelectorPart): Iterable<Suggestion> {
  const { source: typed } = splitSource(place.cursor.token.word)
  const there = new Set([...present(place)].map(key => splitSource(key).key))
  const pods = part.role === 'subject' || part.role === 'peer'
  if (pods && typed === 'reserved') {
    for (const name of RESERVED)
      yield key(place, { key: `reserved:${name}`, value: '', detail: 'reserved label', group: 1 })
    return
  }
  const special = pods ? specialKeys(place, part.role).filter(k => !there.has(k)) : []
  for (const k of special) {
    const source = typed ?? habit(place, k)
    const words = KEY_WORDS[k]
    yield { ...key(place, { key: prefixed(source, k), detail: words ?? '', group: 1 }), ...(words ? { words } : {}) }
  }
  for (const [k, holders] of keysOf(candidates(place, world, part))) {
    if (there.has(k) || special.includes(k) || k === NAMESPACE || k === CLUSTER) continue
    const group = k.startsWith(NAMESPACE_LABELS) ? 4 : 2
    yield key(place, { key: prefixed(typed, k), detail: whence(holders), group })
  }
  if (typed === undefined && part.role !== 'nodes') yield* prefixes(place, pods)
}

/** The namespace first for peers, as most peers name one; the policy's own pods have the policy's namespace. */
function specialKeys(place: Place, role: Role): string[] {
  if (role === 'peer' || place.kind === 'CiliumClusterwideNetworkPolicy') return [NAMESPACE, SERVICE_ACCOUNT]
  return [SERVICE_ACCOUNT]
}

/** The prefix that the document itself writes before a key of this kind. */
function habit(place: Place, k: string): string | undefined {
  const { text } = place.cursor.document
  return text.includes(`k8s:${k}`) || (text.includes('k8s:') && !text.includes(k)) ? 'k8s' : undefined
}

function prefixed(source: string | undefined, k: string): string {
  return source === undefined ? k : `${source}:${k}`
}

function key(place: Place, of: { key: string; detail: string; group: number; value?: string }): Suggestion {
  const asValue = place.as === 'value'
  const text = asValue ? valueText(place, of.key) : keyText(place, of.key)
  const ended = asValue || place.cursor.token.colon
  const rest = ended ? '' : of.value === '' ? ': ""' : ': '
  return { label: of.key, kind: KIND.label, lines: [text + rest], detail: of.detail, group: of.group, again: !asValue }
}

function* prefixes(place: Place, pods: boolean): Iterable<Suggestion> {
  for (const source of pods ? ['k8s', 'any', 'reserved'] : []) {
    const words = SOURCE_WORDS[source] ?? ''
    const text = place.cursor.token.quote ? place.cursor.token.quote : ''
    yield {
      label: `${source}:`,
      kind: KIND.label,
      lines: [`${text}${source}:`],
      detail: words,
      words,
      group: 8,
      again: true,
    }
  }
}

function* valuesOf(place: Place, world: World, of: { part: SelectorPart; written: string }): Iterable<Suggestion> {
  const { part, written } = of
  const { source, key: k } = splitSource(written)
  const taken = siblings(place)
  if (source === 'reserved') {
    yield { label: '""', kind: KIND.value, lines: ['""'], detail: 'reserved labels have no value', group: 1 }
    return
  }
  const named = part.role === 'subject' || part.role === 'peer'
  if (named && k === SERVICE_ACCOUNT)
    return yield* accounts(place, world, {
      pods: scopeOf(place, world, part),
      namespaces: scopedTo(place, world, part),
    })
  if (named && (k === NAMESPACE || k === `${NAMESPACE_LABELS}kubernetes.io/metadata.name`)) {
    return yield* namespaces(place, world, 1)
  }
  const found = new Map<string, Labelled[]>()
  for (const holder of candidates(place, world, part)) {
    const value = holder.labels.get(k)
    if (value !== undefined && !taken.has(value)) found.set(value, [...(found.get(value) ?? []), holder])
  }
  for (const [value, holders] of [...found].sort(byCount)) {
    yield { label: value, kind: KIND.value, lines: [valueText(place, value)], detail: whence(holders), group: 1 }
  }
}

function keysOf(holders: readonly Labelled[]): [string, Labelled[]][] {
  const found = new Map<string, Labelled[]>()
  for (const holder of holders) {
    for (const k of holder.labels.keys()) found.set(k, [...(found.get(k) ?? []), holder])
  }
  return [...found].sort(byCount)
}

function byCount([a, x]: [string, Labelled[]], [b, y]: [string, Labelled[]]): number {
  return y.length - x.length || (a < b ? -1 : 1)
}

function whence(holders: readonly Labelled[]): string {
  const pods = holders.flatMap(h => (h.pod ? [h.pod] : []))
  if (pods.length > 0) return fromPods(pods)
  const [first] = holders
  if (!first) return ''
  return holders.length === 1
    ? `${first.name} in ${originName(first.origin)}`
    : `${first.name} and ${holders.length - 1} more`
}

/** The pods, nodes, groups or services that the rest of the selector leaves; all of them when it leaves none. */
function candidates(place: Place, world: World, part: SelectorPart): Labelled[] {
  const { role } = part
  if (role === 'subject' || role === 'peer') {
    return scopeOf(place, world, part).map(pod => ({
      labels: identityLabels(world, pod),
      pod,
      name: pod.name,
      origin: pod.origin,
    }))
  }
  const lists = { nodes: world.nodes, groups: world.cidrGroups, services: world.services }
  const words = { nodes: 'node', groups: 'group', services: 'service' }
  return lists[role].map(o => ({
    labels: new Map(Object.entries(o.labels)),
    name: `${words[role]} ${o.name}`,
    origin: o.origin,
  }))
}

/** The namespaces that the selector or else the policy says; also those without pods so far. */
function scopedTo(place: Place, world: World, { selector }: SelectorPart): readonly string[] {
  const said = selector.requirements.filter(r => r.key === NAMESPACE && r.operator === 'In').flatMap(r => r.values)
  const policy = policyOf(place.document, place.object)
  const home = policy && homeOf(world.snapshot, policy, place.cursor.document).namespace
  return said.length > 0 || home === undefined ? said : [home]
}

/** The pods that are left by what else the selector says. */
function scopeOf(place: Place, world: World, part: SelectorPart): readonly Endpoint[] {
  const policy = policyOf(place.document, place.object)
  if (!policy) return world.endpoints
  const home = homeOf(world.snapshot, policy, place.cursor.document)
  const rule = { endpointSelector: part.selector }
  const pods = part.role === 'subject' ? subjectPods(world, home, rule) : peerPods(world, home, part.selector)
  if (pods.pods.length > 0) return pods.pods
  const scoping = part.selector.requirements.filter(r => r.key === NAMESPACE)
  const wider = { ...part.selector, requirements: scoping }
  return (
    part.role === 'subject' ? subjectPods(world, home, { endpointSelector: wider }) : peerPods(world, home, wider)
  ).pods
}
