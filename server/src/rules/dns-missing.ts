// Names that cannot be looked up: nothing lets the pods ask the cluster's DNS, or lets that answer.

import { type DnsGap, dnsGapsOf, isForResolver, lacksOf, type Upstream } from '../engine/counterpart/dns.ts'
import { clientFix, isHome, serverFix } from '../engine/counterpart/dnsFix.ts'
import { rulesInForce } from '../engine/counterpart/gap.ts'
import { resolverOf } from '../engine/counterpart/resolver.ts'
import { peersIn } from '../model/peers.ts'
import type { Policy, RuleItem } from '../model/policy.ts'
import type { Span } from '../syntax/node.ts'
import type { Fix } from '../syntax/problem.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import { listing, wordSpan } from './common.ts'
import { peerSpan } from './counterpart-missing.ts'
import type { Finding, WorkspaceRule } from './rule.ts'

export const dnsMissing: WorkspaceRule = {
  id: 'dns-missing',
  scope: 'workspace',
  byForce: true,
  severity: 'warning',
  summary: 'Names are used that cannot be looked up',
  why: 'Pods that reach others by name must first ask the cluster’s DNS, and that needs rules on both sides: egress of the pods to the DNS pods on port 53, and ingress of the DNS pods, where these are closed. `toFQDNs` also needs a rule with `rules.dns`, as Cilium learns the addresses of names only from answers that pass its DNS proxy. The DNS pods themselves need the API server, whose services they watch, and the world, where they look names up that are not of the cluster. All policies that select the same pods are looked at, clusterwide ones too.',
  source: 'Documentation/security/policy/language.rst, DNS based; pkg/fqdn (facts 5.7, 6.5; F01 to F03)',
  *check(policy, snapshot) {
    for (const gap of dnsGapsOf(snapshot, policy)) {
      const fixes = () => listed(clientFix(snapshot, gap))
      yield { span: spanOf(gap), message: messageOf(gap), fixes }
    }
    yield* upstream(policy, snapshot)
  },
}

const listed = (fix: Fix | undefined): readonly Fix[] => (fix ? [fix] : [])

/** The key `toFQDNs` or `toServices`; else the peer that stands behind a service. */
function spanOf({ entry }: DnsGap): Span {
  const { item } = entry
  const member = item.members.find(m => m.key === 'toFQDNs' || m.key === 'toServices')
  if (member) return member.keyNode.span
  return peerSpan({ peer: firstEndpoints(item), entry })
}

const firstEndpoints = (item: RuleItem) => peersIn(item).find(p => p.kind === 'endpoints')

function messageOf({ names, clients, resolver, egress, unlearned, proxied, ingress, denied }: DnsGap): string {
  const who =
    clients.length > 2 ? `${clients[0]?.name} and ${clients.length - 1} more` : listing(clients.map(c => c.name))
  const shown = shortly(egress ? names : unlearned.map(f => f.matchName?.value ?? f.matchPattern?.value ?? '…'))
  const assumed = resolver.assumed ? ' (assumed, as no DNS service is known)' : ''
  const dns = `the cluster’s DNS, ${resolver.name}${assumed}`
  if (denied)
    return `${who} must look up ${shown}, but may not ask ${dns}: a deny rule wins over every allow rule, change it`
  if (egress) {
    const sides = ingress.includes('UDP')
      ? 'no egress rule here and no ingress rule there allows it'
      : 'no egress rule allows it'
    const proxy = unlearned.length > 0 ? ' with `rules.dns`' : ''
    return `${who} must look up ${shown}, but may not ask ${dns}: ${sides}, add a rule for port ${resolver.port}${proxy}`
  }
  const why = proxied ? 'no rule with `rules.dns` covers them' : 'no DNS rule has `rules.dns`'
  return `Cilium never learns the addresses of ${shown} for ${who}, so that they stay closed: ${why}, add one for ${dns}`
}

const shortly = (names: readonly string[]): string =>
  names.length > 3 ? `${names.slice(0, 2).join(', ')} and ${names.length - 2} more` : listing(names)

/** What the DNS pods lack themselves, said once, where it is to be written. */
function* upstream(policy: Policy, snapshot: Snapshot): Iterable<Finding> {
  const lacks = lacksOf(snapshot)
  if (!lacks) return
  for (const filed of rulesInForce(snapshot, policy)) {
    if (!isForResolver(snapshot, filed) || !isHome(snapshot, filed, lacks)) continue
    const span = subjectSpan(filed.rule.endpointSelector)
    const closed = `The cluster’s DNS, ${resolverOf(snapshot).name}, may not reach`
    if (lacks.missing.length > 0)
      yield {
        span,
        message: `${closed} ${reasons(lacks.missing)}: add an egress rule`,
        fixes: () => listed(serverFix(snapshot, filed, lacks)),
      }
    if (lacks.denied.length > 0)
      yield { span, message: `${closed} ${reasons(lacks.denied)}: a deny rule wins over every allow rule, change it` }
  }
}

const REASONS: Readonly<Record<Upstream, string>> = {
  'kube-apiserver': 'the API server, whose services it watches',
  world: 'the world, so that names outside the cluster cannot be looked up',
}

const reasons = (places: readonly Upstream[]): string => listing(places.map(p => REASONS[p]))

function subjectSpan(selector: Policy['rules'][number]['endpointSelector']): Span {
  const [only, more] = selector?.requirements ?? []
  if (only?.node.kind === 'scalar' && !more) return only.node.span
  return selector ? wordSpan(selector.node) : { start: 0, end: 1 }
}
