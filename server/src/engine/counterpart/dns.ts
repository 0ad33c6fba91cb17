// Who uses names without a usable way to the cluster's DNS, and what of the way is missing on which side.

import { memo } from '../../memo.ts'
import { nameMatches, patternMatches } from '../../model/fqdn.ts'
import { peersIn } from '../../model/peers.ts'
import type { Direction, Fqdn, Policy } from '../../model/policy.ts'
import { allHold, NAMESPACE } from '../../model/selector.ts'
import type { Version } from '../../model/version.ts'
import type { Snapshot } from '../../workspace/snapshot.ts'
import { type Basis, basisOf } from '../basis.ts'
import type { Entry, Filed, ItemMeaning } from '../entry.ts'
import { anywhere, type Identity, outsideIdentity } from '../identity.ts'
import { judge, type SideVerdict } from '../judge.ts'
import { findParties, type PortQuery } from '../party.ts'
import { portMatches } from '../ports.ts'
import { rulesSelecting } from '../subjects.ts'
import { egress } from '../verdict.ts'
import { meant, ownersOf, rulesInForce } from './gap.ts'
import { isClosed, type Kin, kinOf, selectedBy } from './kin.ts'
import { type Resolver, resolverOf } from './resolver.ts'

/** A rule whose pods use names. */
export interface DnsGap {
  readonly policy: Policy
  readonly filed: Filed
  /** The first item that uses names. */
  readonly entry: Entry
  /** The names and services, in words. */
  readonly names: readonly string[]
  readonly clients: readonly Kin[]
  readonly resolver: Resolver
  /** The clients may not ask it. */
  readonly egress: boolean
  /** The names of toFQDNs that no rule with `rules.dns` covers, so that Cilium never learns their addresses. */
  readonly unlearned: readonly Fqdn[]
  /** Some rule with `rules.dns` there is. */
  readonly proxied: boolean
  /** The protocols on which the DNS pods do not let the clients in. */
  readonly ingress: readonly DnsProtocol[]
  /** A deny rule keeps all the clients from the DNS pods: no allow rule helps. */
  readonly denied: boolean
}

/** What names are asked over: TCP where answers are long. */
export type DnsProtocol = 'UDP' | 'TCP'

const known = memo((_snapshot: Snapshot) => new Map<Policy, readonly DnsGap[]>())

/** The rules of a policy whose pods use names that they cannot look up, for certain. Remembered. */
export function dnsGapsOf(snapshot: Snapshot, policy: Policy): readonly DnsGap[] {
  const before = known(snapshot).get(policy)
  if (before) return before
  const found = rulesInForce(snapshot, policy).flatMap(filed => gapOf(snapshot, policy, filed) ?? [])
  known(snapshot).set(policy, found)
  return found
}

function gapOf(snapshot: Snapshot, policy: Policy, filed: Filed): DnsGap | undefined {
  if (filed.forNodes) return undefined
  const basis = basisOf(snapshot)
  const resolver = resolverOf(snapshot)
  const uses: { readonly entry: Entry; readonly use: Use }[] = []
  for (const entry of filed.sides.egress.entries) {
    const use = useIn(snapshot, entry)
    if (use) uses.push({ entry, use })
  }
  const [first] = uses
  if (!first) return undefined
  const clients = ownersOf(basis, filed).filter(
    kin => !resolver.pods.includes(kin) && isClosed(snapshot, kin, 'egress'),
  )
  if (clients.length === 0) return undefined
  const fqdns = uses.flatMap(u => u.use.fqdns)
  const all = clients.map(client => partOf(snapshot, { client, fqdns })).filter(p => p !== undefined)
  const denied = all.every(p => p.denied)
  const parts = denied ? all : all.filter(p => !p.denied)
  const egressMissing = parts.some(p => p.egress)
  const unlearned = fqdns.filter(f => parts.some(p => p.unlearned.includes(f)))
  if (!egressMissing && unlearned.length === 0) return undefined
  return {
    policy,
    filed,
    entry: first.entry,
    names: [...new Set(uses.flatMap(u => u.use.names))],
    clients: parts.map(p => p.client),
    resolver,
    egress: egressMissing,
    unlearned,
    proxied: parts.every(p => p.proxied),
    ingress: PROTOCOLS.filter(protocol => parts.some(p => p.ingress.includes(protocol))),
    denied,
  }
}

const PROTOCOLS = ['UDP', 'TCP'] as const

interface Use {
  readonly names: readonly string[]
  readonly fqdns: readonly Fqdn[]
}

const usesIn = memo((_snapshot: Snapshot) => new Map<ItemMeaning, Use | undefined>())

/** What `useOf` says, once for all entries with the same words. */
function useIn(snapshot: Snapshot, entry: Entry): Use | undefined {
  const known = usesIn(snapshot)
  const before = known.get(entry.meaning)
  if (before || known.has(entry.meaning)) return before
  const use = useOf(basisOf(snapshot), entry, resolverOf(snapshot))
  known.set(entry.meaning, use)
  return use
}

/** The names that an item needs: of toFQDNs, of toServices, and of services in front of its peers. */
function useOf(basis: Basis, { twin, deny, peers }: Entry, resolver: Resolver): Use | undefined {
  if (deny || peers === 'none' || peers === 'any') return undefined
  const all = peersIn(twin)
  const fqdns = all.flatMap(p => (p.kind === 'fqdn' ? [p.fqdn] : []))
  if (fqdns.length > 0) return { names: fqdns.map(f => f.matchName?.value ?? f.matchPattern?.value ?? '…'), fqdns }
  const named = all.flatMap(p => (p.kind === 'service' ? [p.service?.name?.value ?? 'a service'] : []))
  if (named.length > 0) return { names: named, fqdns: [] }
  if (!all.some(p => p.kind === 'endpoints')) return undefined
  const reached = new Set(peers.flatMap(t => meant(basis, t)).filter(kin => !resolver.pods.includes(kin)))
  if (reached.size === 0) return undefined
  const behind = servicesOf(basis).filter(s => s.pods.some(kin => reached.has(kin)))
  return behind.length > 0 && behind.length <= MOST_SERVICES ? { names: behind.map(s => s.name), fqdns: [] } : undefined
}

/** An item whose peers stand behind more services than this names a place, not a service. */
const MOST_SERVICES = 5

const servicesOf = memo((basis: Basis) =>
  basis.picture.services.flatMap(({ name, namespace, selector }) => {
    if (!selector) return []
    const conditions = Object.entries({ ...selector, [NAMESPACE]: namespace }).map(([key, value]) => ({
      source: 'k8s',
      key,
      operator: 'In' as const,
      values: [value],
    }))
    return [{ name, pods: kinOf(basis).filter(kin => allHold(conditions, kin.identity.labels) === 'yes') }]
  }),
)

interface Part {
  readonly client: Kin
  readonly egress: boolean
  readonly ingress: readonly DnsProtocol[]
  readonly denied: boolean
  readonly proxied: boolean
  readonly unlearned: readonly Fqdn[]
}

/** What one kind of clients lacks; undefined when nothing is, or not enough is known. */
function partOf(
  snapshot: Snapshot,
  { client, fqdns }: { readonly client: Kin; readonly fqdns: readonly Fqdn[] },
): Part | undefined {
  const { way, proxies, answers } = wayOf(snapshot, client)
  if (way === 'unknown') return undefined
  const { version, config } = basisOf(snapshot)
  const unlearned =
    proxies === undefined || !config.l7Proxy ? [] : fqdns.filter(f => !proxies.some(dns => learns(dns, f, version)))
  if (way === 'open' && unlearned.length === 0) return undefined
  return { client, egress: way === 'closed', ...answers(), proxied: (proxies ?? []).length > 0, unlearned }
}

/** The way of one kind of pods to the cluster's DNS. */
interface Way {
  readonly way: 'open' | 'closed' | 'unknown'
  readonly proxies: readonly Fqdn[] | undefined
  /** Where the DNS pods keep the clients out, and whether deny rules, of one side or the other, do. */
  answers(): Pick<Part, 'ingress' | 'denied'>
}

const ways = memo((_snapshot: Snapshot) => new Map<Kin, Way>())

/** Remembered: many rules may select the same pods. */
function wayOf(snapshot: Snapshot, client: Kin): Way {
  const before = ways(snapshot).get(client)
  if (before) return before
  const { pods, port } = resolverOf(snapshot)
  const asking = pods.map(pod => sideOf(snapshot, 'egress', client, pod.identity, { port, protocol: 'UDP' }))
  const to = asking.map(s => s.verdict)
  const open = to.includes('allowed') || (!to.includes('unknown') && asksElsewhere(snapshot, client))
  const found: Way = {
    way: open ? 'open' : to.includes('unknown') ? 'unknown' : 'closed',
    proxies: proxiesOf(snapshot, client),
    answers: () => {
      const from = PROTOCOLS.map(protocol =>
        pods.map(pod => sideOf(snapshot, 'ingress', pod, client.identity, { port, protocol })),
      )
      return {
        ingress: PROTOCOLS.filter((_, i) => from[i]?.every(s => s.verdict === 'denied')),
        denied: asking.every((s, i) => isDenied(s) || isDenied(from[0]?.[i])),
      }
    },
  }
  ways(snapshot).set(client, found)
  return found
}

const isDenied = (side: SideVerdict | undefined): boolean =>
  side?.verdict === 'denied' && side.because.some(b => b.effect === 'deny')

/** One side of a question for a name. */
function sideOf(snapshot: Snapshot, direction: Direction, subject: Kin, peer: Identity, port: PortQuery): SideVerdict {
  const rules = rulesSelecting(snapshot, subject.identity)
  return judge({
    basis: basisOf(snapshot),
    direction,
    subject: subject.identity,
    peer,
    port,
    rules,
  })
}

/** Whether the pods have a rule for port 53 to something that is no pod: a resolver of their own, or one on the node. */
function asksElsewhere(snapshot: Snapshot, client: Kin): boolean {
  const { identity } = client
  const rules = rulesSelecting(snapshot, identity)
  const ends = { basis: basisOf(snapshot), direction: 'egress', subject: identity, peer: identity, rules } as const
  const elsewhere = ({ twin, deny, peers }: Entry): boolean => {
    const kinds = twin.members.flatMap(m => m.peers.map(p => p.kind))
    if (deny || peers === 'none' || !twin.toPorts?.length) return false
    return kinds.some(k => k !== 'endpoints') && portMatches(twin, { port: 53, protocol: 'UDP' }, ends) !== 'no'
  }
  return rules.some(({ filed }) => filed.sides.egress.entries.some(elsewhere))
}

/** The names that rules send through Cilium's DNS proxy; undefined when there may be more of them. */
function proxiesOf(snapshot: Snapshot, client: Kin): readonly Fqdn[] | undefined {
  const rules = rulesSelecting(snapshot, client.identity)
  const sides = rules.map(r => ({ match: r.match, side: r.filed.sides.egress }))
  const dns = (side: Filed['sides']['egress']) =>
    side.entries.flatMap(e => (e.deny ? [] : (e.twin.toPorts ?? []).flatMap(p => p.dns)))
  if (sides.some(({ match, side }) => match === 'maybe' && (side.open || dns(side).length > 0))) return undefined
  return sides.flatMap(({ side }) => dns(side))
}

/** Whether a `rules.dns` item lets Cilium learn a name, or something that a pattern stands for. */
function learns(dns: Fqdn, { matchName, matchPattern }: Fqdn, version: Version): boolean {
  const name = matchName?.value ?? matchPattern?.value.replaceAll('*', 'x')
  if (name === undefined || (!dns.matchName && !dns.matchPattern)) return true
  if (dns.matchPattern) return patternMatches(dns.matchPattern.value, name, version)
  return (
    dns.matchName !== undefined &&
    (matchPattern
      ? patternMatches(matchPattern.value, dns.matchName.value, version)
      : nameMatches(dns.matchName.value, name))
  )
}

/** Where the DNS pods themselves need to go: resolvers outside, and the API server that they watch. */
export type Upstream = 'kube-apiserver' | 'world'

/** What the DNS pods lack for certain. */
export interface Lacks {
  /** No rule allows it. */
  readonly missing: readonly Upstream[]
  /** Deny rules forbid it, so that no allow rule helps. */
  readonly denied: readonly Upstream[]
}

/** What the DNS pods lack for certain; undefined when nothing. */
export const lacksOf: (snapshot: Snapshot) => Lacks | undefined = memo(snapshot => {
  const basis = basisOf(snapshot)
  const { pods } = resolverOf(snapshot)
  const closed = pods.filter(kin => isClosed(snapshot, kin, 'egress') && !hasNetworks(snapshot, kin))
  if (closed.length === 0 || basis.config.enforcementMode === 'never') return undefined
  const states = { 'kube-apiserver': stateOf(closed, toApi(snapshot)), world: stateOf(closed, toWorld(snapshot)) }
  const all = Object.keys(states) as Upstream[]
  const lacks = {
    missing: all.filter(u => states[u] === 'missing'),
    denied: all.filter(u => states[u] === 'denied'),
  }
  return lacks.missing.length + lacks.denied.length > 0 ? lacks : undefined
})

/** The verdicts on the ways from the pods to one place: none where nothing is known, or need be. */
type Asking = (kin: Kin) => readonly SideVerdict[]

/** Denied when a deny rule closes every way that is closed. */
function stateOf(pods: readonly Kin[], asking: Asking): 'there' | 'missing' | 'denied' {
  const lacking = pods.map(asking).filter(ways => ways.length > 0 && ways.every(w => w.verdict === 'denied'))
  if (lacking.length === 0) return 'there'
  return lacking.every(ways => ways.every(isDenied)) ? 'denied' : 'missing'
}

function toWorld(snapshot: Snapshot): Asking {
  const outside = outsideIdentity(basisOf(snapshot), anywhere(4))
  return kin =>
    asksElsewhere(snapshot, kin) ? [] : [sideOf(snapshot, 'egress', kin, outside, { port: 53, protocol: 'UDP' })]
}

function toApi(snapshot: Snapshot): Asking {
  const found = findParties(snapshot, 'entity:kube-apiserver')
  const parties = 'parties' in found ? found.parties : []
  const { picture } = basisOf(snapshot)
  const service = picture.services.find(s => s.name === 'kubernetes' && s.namespace === 'default')
  const target = service?.ports[0]?.targetPort
  const port = { port: typeof target === 'number' ? target : 6443, protocol: 'TCP' } as const
  return kin => parties.map(to => egress(snapshot, { from: kin.party, to, port }))
}

/** Whether the pods are allowed some network: their upstream, or a managed API server, may be in it. */
function hasNetworks(snapshot: Snapshot, kin: Kin): boolean {
  return rulesSelecting(snapshot, kin.identity).some(({ filed }) =>
    filed.sides.egress.entries.some(
      e =>
        !e.deny && e.twin.members.some(m => m.key.startsWith('toCIDR') || m.key === 'toGroups' || m.key === 'toNodes'),
    ),
  )
}

/** Whether a rule is one that the DNS pods alone are selected by. */
export function isForResolver(snapshot: Snapshot, filed: Filed): boolean {
  const { pods } = resolverOf(snapshot)
  const selected = selectedBy(basisOf(snapshot), filed)
  return selected.length > 0 && selected.every(kin => pods.includes(kin))
}
