// What opens a gap: for each namespace of its peers the rule that has to be written there.

import type { Peer, PortProtocol, RuleItem } from '../../model/policy.ts'
import { parsePort } from '../../model/ports.ts'
import { allHold, NAMESPACE, peerConditions } from '../../model/selector.ts'
import { atLeast } from '../../model/version.ts'
import type { Document } from '../../syntax/file.ts'
import type { Plain } from '../../syntax/print.ts'
import type { Snapshot } from '../../workspace/snapshot.ts'
import { type Basis, basisOf } from '../basis.ts'
import type { Filed } from '../entry.ts'
import { scopeOf } from '../filed.ts'
import { commonNames } from '../ports.ts'
import { servicesMeant } from '../services.ts'
import { type Gap, ownersOf, type Pair } from './gap.ts'
import { whoOf } from './home.ts'
import type { Kin } from './kin.ts'
import type { Missing } from './missing.ts'
import { type Entry, entriesOf, entryOf, printPort, type Range, without } from './ports.ts'
import {
  labelTerms,
  namedNamespaces,
  peerTerms,
  printSelector,
  reservedTerm,
  subjectTerms,
  type Term,
  type Vantage,
} from './selectors.ts'
import type { Opening } from './target.ts'
import { type Names, numbersOf } from './wanted.ts'

/** The openings that a gap needs, one for each namespace or service; none where what to write is not known. */
export function openingsOf(snapshot: Snapshot, gap: Gap): readonly Opening[] {
  const basis = basisOf(snapshot)
  if (gap.denied) return []
  const perPeer = atLeast(basis.version, '1.20')
  if (!perPeer && gap.side === 'egress' && namesDiffer(basis, gap)) return []
  const others = [...new Set(gap.pairs.map(p => p.other))]
  const made: Make = (namespace, closed, { terms, who }) => ({
    side: gap.side,
    namespace,
    subject: terms,
    who: who ?? whoAre(closed) ?? gap.policy.name?.value ?? 'other-side',
    closed,
    items: (document, from) => [itemFor(gap, { basis, document, from, perPeer })],
  })
  if (gap.peer?.kind === 'service') return serviceOpenings(basis, gap.peer, others, made)
  const subject = subjectOf(gap)
  if (!subject) return []
  const make = (namespace: string | undefined, closed: readonly Kin[]) => made(namespace, closed, subject)
  if (others.some(o => o.pods.length === 0)) return unseenOpenings(basis, gap, others, make)
  const namespaces = new Set(others.map(o => o.namespace))
  return [...namespaces].map(n =>
    make(
      n,
      others.filter(o => o.namespace === n),
    ),
  )
}

type Make = (namespace: string | undefined, closed: readonly Kin[], subject: Subject) => Opening

/** One for each service that has closed pods, but for services all of whose closed pods another one has too. */
function serviceOpenings(
  basis: Basis,
  peer: Extract<Peer, { kind: 'service' }>,
  others: readonly Kin[],
  made: Make,
): readonly Opening[] {
  const services = servicesMeant(basis, peer).flatMap(({ name, namespace, selector }) => {
    const terms = labelTerms(selector ?? {})
    const closed = others.filter(o => o.namespace === namespace && allHold(terms, o.identity.labels) === 'yes')
    return selector && closed.length > 0 ? [{ namespace, closed, subject: { terms, who: name } }] : []
  })
  const opened = new Set<Kin>()
  const needed = services
    .sort((a, b) => b.closed.length - a.closed.length)
    .filter(({ closed }) => {
      const more = closed.some(kin => !opened.has(kin))
      for (const kin of closed) opened.add(kin)
      return more
    })
  return needed.map(({ namespace, closed, subject }) => made(namespace, closed, subject))
}

/** Pods that nobody has seen are in the namespaces that the peer names, or anywhere. */
function unseenOpenings(
  basis: Basis,
  { filed, peer, policy }: Gap,
  others: readonly Kin[],
  made: (namespace: string | undefined, closed: readonly Kin[]) => Opening,
): readonly Opening[] {
  if (others.every(o => o.party.kind === 'entity')) return [made(undefined, others)]
  const selector = filed.rule.endpointSelector
  if (peer?.kind !== 'endpoints' || !selector || peer.selector.requirements.some(r => r.source === 'reserved'))
    return []
  const scope = scopeOf(basis, { policy, namespace: filed.namespace, selector })
  const conditions = peerConditions(peer.selector, scope)
  if (!conditions) return []
  const namespaces = namedNamespaces(conditions)
  if (namespaces) return namespaces.map(n => made(n, others))
  return conditions.every(c => c.key !== NAMESPACE || c.operator === 'Exists') ? [made(undefined, others)] : []
}

interface Subject {
  readonly terms: readonly Term[]
  readonly who: string | undefined
}

/** Whom the other side's rule selects, without a namespace; undefined where a policy cannot say it. */
function subjectOf({ peer }: Gap): Subject | undefined {
  if (!peer) return { terms: [], who: undefined }
  switch (peer.kind) {
    case 'endpoints':
      if (peer.selector.unknown) return undefined
      if (peer.selector.requirements.some(r => r.source === 'reserved'))
        return { terms: subjectTerms(peer.selector), who: peer.selector.requirements[0]?.key }
      return { terms: subjectTerms(peer.selector), who: whoOf(peer.selector) }
    case 'entity':
      if (['all', 'cluster', 'cluster-mesh'].includes(peer.entity)) return { terms: [], who: undefined }
      return { terms: [reservedTerm(peer.entity)], who: peer.entity }
    default:
      return undefined
  }
}

function whoAre(kin: readonly Kin[]): string | undefined {
  const names = new Set(kin.map(k => k.name.slice(k.name.indexOf('/') + 1)))
  const [only, more] = names
  return more === undefined ? only : kin[0]?.namespace
}

/** Where an item is written. */
interface To {
  readonly basis: Basis
  readonly document: Document
  readonly from: Vantage
  /** Since 1.20 a name means at the egress what it means at each peer (pkg/policy/l4.go). */
  readonly perPeer: boolean
}

/** The item that lets the gap's own pods through on the ports that are missing. */
function itemFor(gap: Gap, to: To): Plain {
  const { filed, side, entry } = gap
  return {
    [side === 'ingress' ? 'fromEndpoints' : 'toEndpoints']: [ownSelector(filed, to.document, to.from)],
    ...portsFor(gap, to),
    ...icmpsFor(entry.twin, gap.missing),
  }
}

/** The pods that a rule selects, as a peer that a policy of that document and vantage writes. */
export function ownSelector({ rule, policy, namespace }: Filed, document: Document, from: Vantage): Plain {
  const { endpointSelector } = rule
  if (!endpointSelector) return {}
  const at = { clusterwide: policy.clusterwide, namespace }
  return printSelector(peerTerms(endpointSelector, at, from), document)
}

const MOST_PORTS = 40

function portsFor(gap: Gap, to: To): { readonly toPorts?: readonly Plain[] } {
  if (gap.missing.whole || !gap.entry.twin.toPorts?.length) return {}
  const entries = unique(missingEntries(gap, to))
  const chunks: Plain[] = []
  for (let i = 0; i < entries.length; i += MOST_PORTS)
    chunks.push({ ports: entries.slice(i, i + MOST_PORTS).map(printPort) })
  return { toPorts: chunks }
}

/**
 * The item's port entries as far as they are missing: whole ones as they are written, others as what is left of them. Names stay
 * at the ingress; at the egress they become numbers, unless they stand for another one at each peer. Up to 1.19 a name has one
 * meaning for all peers at the egress: there numbers are written wherever pods differ.
 */
function missingEntries(gap: Gap, { basis, perPeer }: To): readonly Entry[] {
  const { entry, missing, pairs, side } = gap
  const all = ownersOf(basis, gap.filed).map(kin => kin.identity.ports)
  const found: Entry[] = []
  for (const port of entry.twin.toPorts?.flatMap(p => p.ports ?? []) ?? []) {
    const written = entryOf(port)
    if (!written) continue
    if (missing.named.includes(port)) {
      found.push(written)
      continue
    }
    const names = [...namesOf(pairs, side), ...(side === 'ingress' ? commonOf(basis, written) : [])]
    const wanted = rangesOf(port, written, names)
    const open = without(wanted, missing.ranges)
    const shut = without(wanted, open)
    if (shut.length === 0) continue
    const named = parsePort(written.port) === undefined
    const keep = side === 'ingress' ? perPeer || !differ(port, names) : perPeer && differ(port, all)
    if (named ? keep : open.length === 0) found.push(written)
    else found.push(...entriesOf(shut, written.protocol === 'ANY' ? 'ANY' : undefined))
  }
  return found
}

/** Whether a name stands for another number, or for none, at some of the pods. */
function differ(port: PortProtocol, names: readonly Names[]): boolean {
  return new Set(names.map(n => String(numbersOf(port, n)))).size > 1
}

/** Whether a named port of the gap is another one at some of its own pods: up to 1.19 no egress rule can say that. */
function namesDiffer(basis: Basis, { filed, entry }: Gap): boolean {
  const all = ownersOf(basis, filed).map(kin => kin.identity.ports)
  const ports = entry.twin.toPorts?.flatMap(p => p.ports ?? []) ?? []
  return ports.some(p => parsePort(p.port?.value ?? '0') === undefined && differ(p, all))
}

/** The named ports at the destination: of the gap's peers, or of its own pods where these receive. */
function namesOf(pairs: readonly Pair[], side: Gap['side']): readonly Names[] {
  return [...new Set(pairs.map(p => (side === 'ingress' ? p.other : p.own)))].map(kin => kin.identity.ports)
}

/** What a name means at egress whoever the peer is. */
const commonOf = (basis: Basis, { port }: Entry): readonly Names[] =>
  commonNames(basis).filter(names => names.has(port.toLowerCase()))

function rangesOf(port: PortProtocol, { protocol }: Entry, names: readonly Names[]): readonly Range[] {
  const protocols = protocol === undefined || protocol === 'ANY' ? ['TCP', 'UDP', 'SCTP'] : [protocol]
  const numbers = names.flatMap(n => numbersOf(port, n))
  return protocols.flatMap(p => numbers.map(([from, to]) => ({ protocol: p, from, to })))
}

function unique(entries: readonly Entry[]): readonly Entry[] {
  const seen = new Map(entries.map(e => [JSON.stringify(e), e]))
  return [...seen.values()]
}

/** ICMP types are written as they are: of several all, as they open nothing that the item does not mean. */
function icmpsFor(item: RuleItem, { whole, ranges }: Missing): { readonly icmps?: readonly Plain[] } {
  if (whole || !item.icmps?.length || !ranges.some(r => r.protocol.startsWith('ICMP'))) return {}
  const fields = item.icmps
    .flatMap(i => i.fields)
    .flatMap(({ family, type }) => (type ? [{ family, type: type.value }] : []))
  return { icmps: [{ fields }] }
}
