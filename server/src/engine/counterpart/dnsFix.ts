// Ways out where names cannot be looked up: the client's egress, the DNS pods' ingress, and their own way out.

import type { Fqdn } from '../../model/policy.ts'
import { addItem } from '../../syntax/edit.ts'
import type { Document } from '../../syntax/file.ts'
import type { Plain } from '../../syntax/print.ts'
import type { Fix } from '../../syntax/problem.ts'
import type { Snapshot } from '../../workspace/snapshot.ts'
import type { Filed } from '../entry.ts'
import { type DnsGap, type DnsProtocol, type Lacks, lacksOf } from './dns.ts'
import { fixOf } from './fix.ts'
import { whoOf } from './home.ts'
import { ownSelector } from './openings.ts'
import { entityList, roomIn } from './place.ts'
import { type Resolver, resolverOf, resolverTerms } from './resolver.ts'
import { inNamespace, namesAccounts, ownTerms, printSelector, type Vantage, writesAny } from './selectors.ts'
import { destinationOf, type Opening } from './target.ts'

/** One edit that lets the clients look names up, on every side that is closed; undefined where it cannot be written. */
export function clientFix(snapshot: Snapshot, gap: DnsGap): Fix | undefined {
  if (gap.denied) return undefined
  const openings: Opening[] = []
  const asking = askingOpening(gap)
  if (asking) openings.push(asking)
  if (gap.ingress.length > 0) openings.push(answeringOpening(gap))
  const lacks = lacksOf(snapshot)
  if (lacks && lacks.missing.length > 0 && !hasPolicy(snapshot, gap)) openings.push(upstreamOpening(gap, lacks))
  const title = gap.egress ? 'Let these pods ask the cluster’s DNS' : 'Let Cilium learn these names from DNS answers'
  return asking && fixOf(snapshot, gap.policy, openings, { title, preferred: true })
}

/** The client's egress to the DNS pods, with the names that Cilium must learn. */
function askingOpening(gap: DnsGap): Opening | undefined {
  const { filed, resolver, clients } = gap
  const { endpointSelector } = filed.rule
  if (!endpointSelector) return undefined
  const { clusterwide, name } = filed.policy
  return {
    side: 'egress',
    namespace: clusterwide ? undefined : filed.namespace,
    subject: ownTerms(endpointSelector, clusterwide),
    who: whoOf(endpointSelector) ?? name?.value ?? 'dns-client',
    closed: clients,
    items: (document, from) => [
      {
        toEndpoints: [resolverSelector(resolver, document, from)],
        toPorts: [{ ports: dnsPorts(document, resolver, ['UDP', 'TCP']), ...proxyRules(gap) }],
      },
    ],
  }
}

function resolverSelector(resolver: Resolver, document: Document, from: Vantage): Plain {
  const terms = resolverTerms(resolver, namesAccounts(document))
  const here = !from.clusterwide && from.namespace === resolver.namespace
  return printSelector(here ? terms : [inNamespace(resolver.namespace), ...terms], document)
}

function dnsPorts(document: Document, { port }: Resolver, asked: readonly DnsProtocol[]): readonly Plain[] {
  const protocols = asked.length > 1 && writesAny(document) ? ['ANY'] : asked
  return protocols.map(protocol => ({ port: String(port), protocol }))
}

/** Everything is to be learned, unless rules say what: then what they leave out. */
function proxyRules({ unlearned, proxied }: DnsGap): { readonly rules?: Plain } {
  if (unlearned.length === 0) return {}
  return { rules: { dns: proxied ? unlearned.map(nameOf) : [{ matchPattern: '*' }] } }
}

const nameOf = ({ matchName, matchPattern }: Fqdn): Plain =>
  matchName ? { matchName: matchName.value } : { matchPattern: matchPattern?.value ?? '*' }

/** The DNS pods' ingress from the clients. */
function answeringOpening({ filed, resolver, policy, ingress }: DnsGap): Opening {
  return {
    ...atResolver(resolver, policy.document),
    side: 'ingress',
    items: (document, from) => [
      {
        fromEndpoints: [ownSelector(filed, document, from)],
        toPorts: [{ ports: dnsPorts(document, resolver, ingress) }],
      },
    ],
  }
}

function upstreamOpening({ resolver, policy }: Pick<DnsGap, 'resolver' | 'policy'>, { missing }: Lacks): Opening {
  return {
    ...atResolver(resolver, policy.document),
    side: 'egress',
    items: () => [{ toEntities: missing }],
  }
}

function atResolver(resolver: Resolver, document: Document): Omit<Opening, 'side' | 'items'> {
  const { namespace, account, labels, pods } = resolver
  const subject = resolverTerms(resolver, namesAccounts(document))
  return { namespace, subject, who: account ?? Object.values(labels)[0] ?? 'dns', closed: pods }
}

/** Whether a policy that selects the DNS pods alone is there to be written into. */
function hasPolicy(snapshot: Snapshot, gap: DnsGap): boolean {
  return destinationOf(snapshot, gap.policy, answeringOpening(gap))?.kind === 'rules'
}

/** Whether what the DNS pods lack belongs into this rule. */
export function isHome(snapshot: Snapshot, filed: Filed, lacks: Lacks): boolean {
  const opening = upstreamOpening({ resolver: resolverOf(snapshot), policy: filed.policy }, lacks)
  const destination = destinationOf(snapshot, filed.policy, opening)
  return destination?.kind === 'rules' && destination.rules[0] === filed
}

/** Adds what the DNS pods lack to the rule: beside other entities where there are some. */
export function serverFix(snapshot: Snapshot, filed: Filed, lacks: Lacks): Fix | undefined {
  const title = `Let the cluster’s DNS reach ${lacks.missing.join(' and ')}`
  const { document, name } = filed.policy
  const list = filed.rule.items
    .filter(item => item.direction === 'egress')
    .map(entityList)
    .find(l => l !== undefined)
  if (list && roomIn(document, filed.rule, 'egress').kind === 'list')
    return {
      title,
      preferred: true,
      about: [`policy ${filed.namespace}/${name?.value}`],
      edits: () => lacks.missing.flatMap(entity => addItem(document, list, entity)),
    }
  const opening = upstreamOpening({ resolver: resolverOf(snapshot), policy: filed.policy }, lacks)
  return fixOf(snapshot, filed.policy, [opening], { title, preferred: true })
}
