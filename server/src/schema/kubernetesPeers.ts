// Peers and ports as Kubernetes' NetworkPolicy writes them, in Cilium's words: all that they say, or nothing where a part is not understood.

import type { MapNode, Node } from '../syntax/node.ts'
import type { Plain } from '../syntax/print.ts'

type Written = Readonly<Record<string, Plain>>

/** Whether all of a value is written out where it stands: no anchor, alias, merge, tag, twofold key or placeholder in it. */
export function isWrittenOut(node: Node): boolean {
  if (node.alias !== undefined || node.anchor !== undefined || node.tag !== undefined || node.open) return false
  if (node.kind === 'scalar') return !node.unknown
  if (node.kind === 'seq') return node.items.every(isWrittenOut)
  if (node.duplicates.length > 0) return false
  return node.entries.every(e => !e.merged && !e.key.unknown && e.value !== undefined && isWrittenOut(e.value))
}

/** The values of a map by their keys; undefined where it is no map or has other keys than these. */
function fields(node: Node | undefined, known: readonly string[]): ReadonlyMap<string, Node> | undefined {
  if (node?.kind !== 'map' || node.entries.some(e => !known.includes(e.name))) return undefined
  return new Map(node.entries.flatMap(e => (e.value ? [[e.name, e.value]] : [])))
}

const text = (node: Node | undefined): string | undefined =>
  node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined

/** What each member of a list becomes; undefined where one of them, or the list, is not understood. */
function each<T>(node: Node | undefined, make: (item: Node) => T | undefined): readonly T[] | undefined {
  if (node?.kind !== 'seq') return undefined
  const made = node.items.flatMap(item => make(item) ?? [])
  return made.length === node.items.length ? made : undefined
}

/** `cidr`: for `fromCIDRSet` and `toCIDRSet`; else a selector of endpoints. */
export interface Converted {
  readonly kind: 'cidr' | 'endpoints'
  readonly value: Plain
}

const PEER = ['podSelector', 'namespaceSelector', 'ipBlock']

/** What the peers of a list are called, or those of an item that has their keys itself. */
export function convertPeers(list: readonly Node[]): readonly Converted[] | undefined {
  const made = list.flatMap(peer => convertPeer(fields(peer, PEER)) ?? [])
  return made.length === list.length && made.length > 0 ? made : undefined
}

/** The peer in an item that lacks the `from` or `to` above it. */
export function convertLoosePeer(map: MapNode): readonly Converted[] | undefined {
  const own = map.entries.filter(e => PEER.includes(e.name))
  const made = convertPeer(new Map(own.flatMap(e => (e.value ? [[e.name, e.value]] : []))))
  return made && [made]
}

function convertPeer(peer: ReadonlyMap<string, Node> | undefined): Converted | undefined {
  if (!peer || peer.size === 0) return undefined
  const block = peer.get('ipBlock')
  if (block) {
    const value = peer.size === 1 ? cidrSet(block) : undefined
    return value && { kind: 'cidr', value }
  }
  const value = selector(peer.get('podSelector'), peer.get('namespaceSelector'))
  return value && { kind: 'endpoints', value }
}

function cidrSet(block: Node): Written | undefined {
  const known = fields(block, ['cidr', 'except'])
  const cidr = text(known?.get('cidr'))
  if (!known || !cidr) return undefined
  if (!known.has('except')) return { cidr }
  const except = each(known.get('except'), text)
  return except && { cidr, ...(except.length > 0 ? { except: [...except] } : {}) }
}

const NAMESPACE_NAME = 'kubernetes.io/metadata.name'
const NAMESPACE = 'k8s:io.kubernetes.pod.namespace'

const asNamespaceLabel = (key: string): string =>
  key === NAMESPACE_NAME ? NAMESPACE : `k8s:io.cilium.k8s.namespace.labels.${key}`

function selector(pods: Node | undefined, namespaces: Node | undefined): Written | undefined {
  const own = pods ? requirements(pods, key => key) : NOTHING
  const theirs = namespaces ? requirements(namespaces, asNamespaceLabel) : NOTHING
  if (!own || !theirs) return undefined
  const labels = { ...theirs.labels, ...own.labels }
  const expressions = [...theirs.expressions, ...own.expressions]
  const anywhere = namespaces && theirs.expressions.length === 0 && Object.keys(theirs.labels).length === 0
  if (anywhere) expressions.push({ key: NAMESPACE, operator: 'Exists' })
  return {
    ...(Object.keys(labels).length > 0 ? { matchLabels: labels } : {}),
    ...(expressions.length > 0 ? { matchExpressions: expressions } : {}),
  }
}

interface Requirements {
  readonly labels: Written
  readonly expressions: readonly Plain[]
}

const NOTHING: Requirements = { labels: {}, expressions: [] }

function requirements(node: Node, rename: (key: string) => string): Requirements | undefined {
  const known = fields(node, ['matchLabels', 'matchExpressions'])
  if (!known) return undefined
  const labels: Record<string, Plain> = {}
  const written = known.get('matchLabels')
  if (written && written.kind !== 'map') return undefined
  for (const e of written?.entries ?? []) {
    const value = text(e.value)
    if (value === undefined) return undefined
    labels[rename(e.name)] = value
  }
  const list = known.get('matchExpressions')
  const expressions = list ? each(list, item => expression(item, rename)) : []
  return expressions && { labels, expressions }
}

function expression(node: Node, rename: (key: string) => string): Written | undefined {
  const known = fields(node, ['key', 'operator', 'values'])
  const key = text(known?.get('key'))
  const operator = text(known?.get('operator')) ?? ''
  const values = known?.has('values') ? each(known.get('values'), text) : []
  if (!key || !values) return undefined
  const isListed = operator === 'In' || operator === 'NotIn'
  const isBare = operator === 'Exists' || operator === 'DoesNotExist'
  if (isListed !== values.length > 0 || !(isListed || isBare)) return undefined
  return { key: rename(key), operator, ...(isListed ? { values: [...values] } : {}) }
}

/** What the ports of a list are called; undefined where one of them is not understood. */
export function convertPorts(node: Node | undefined): readonly Plain[] | undefined {
  const made = each(node, port)
  return made && made.length > 0 ? made : undefined
}

function port(node: Node): Written | undefined {
  const known = fields(node, ['port', 'endPort', 'protocol'])
  if (!known || known.size === 0) return undefined
  const protocol = known.has('protocol') ? text(known.get('protocol')) : 'TCP'
  if (protocol === undefined || !['TCP', 'UDP', 'SCTP'].includes(protocol)) return undefined
  const number = known.get('port')
  const end = known.get('endPort')
  // Without a number every port of the protocol is meant.
  if (!number) return end ? undefined : { port: '0', protocol }
  const name = portText(number)
  if (name === undefined) return undefined
  if (!end) return { port: name, protocol }
  if (end.kind !== 'scalar' || typeof end.value !== 'number') return undefined
  return { port: name, endPort: end.value, protocol }
}

function portText(node: Node): string | undefined {
  if (node.kind !== 'scalar') return undefined
  if (typeof node.value === 'number') return Number.isInteger(node.value) ? String(node.value) : undefined
  return typeof node.value === 'string' && node.value !== '' ? node.value : undefined
}
