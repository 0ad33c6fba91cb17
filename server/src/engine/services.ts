// `toServices`: what each named service stands for (pkg/policy/k8s/service.go).

import { byKey } from '../model/labels.ts'
import type { Peer, Requirement } from '../model/policy.ts'
import { allHold, CLUSTER, type Condition, NAMESPACE } from '../model/selector.ts'
import { atLeast } from '../model/version.ts'
import type { Service } from '../workspace/inventory.ts'
import { type Basis, served } from './basis.ts'
import { type Context, keyOf, networkTest, type PeerTest, prefixOf } from './entry.ts'

type ServicePeer = Extract<Peer, { kind: 'service' }>

/** The pods or addresses behind the services that a `toServices` item means; `more`: a service is not known. */
export function serviceTests(
  context: Context,
  peer: ServicePeer,
): { readonly tests: readonly PeerTest[]; readonly more: boolean } {
  const { basis } = context
  const meant = servicesMeant(basis, peer)
  const tests = meant.flatMap(s =>
    s.selector ? podTest(context, peer, s, s.selector) : addressTests(context, peer, s),
  )
  return { tests, more: meant.length === 0 && !basis.complete }
}

/** The known services that an item of `toServices` means. */
export function servicesMeant({ picture }: Basis, peer: ServicePeer): readonly Service[] {
  return picture.services.filter(s => means(peer, s))
}

function means({ service, selector }: ServicePeer, s: Service): boolean {
  if (selector) {
    const { namespace } = selector
    if (namespace?.value && namespace.value !== s.namespace) return false
    const labels = byKey(Object.entries(s.labels).map(([key, value]) => ({ source: 'k8s', key, value })))
    return allHold(selector.selector.requirements.map(unsourced), { labels, open: false }) === 'yes'
  }
  return service?.name?.value === s.name && (!service.namespace?.value || service.namespace.value === s.namespace)
}

/** Sources are ignored where services are selected (labelsMatcher). */
const unsourced = (r: Requirement): Condition => ({ ...r, source: 'any' })

/** Since 1.17 a service with a selector stands for its pods; before it meant nothing. */
function podTest(
  { basis, scope }: Context,
  peer: ServicePeer,
  s: Service,
  selector: Readonly<Record<string, string>>,
): PeerTest[] {
  if (!atLeast(basis.version, '1.17')) return []
  const is = (key: string, value: string): Condition => ({ source: 'k8s', key, operator: 'In', values: [value] })
  const conditions = Object.entries(selector).map(([key, value]) => is(key, value))
  conditions.push(is(NAMESPACE, s.namespace))
  if (scope.cluster !== undefined) conditions.push(is(CLUSTER, scope.cluster))
  return [
    {
      node: peer.node,
      matches: identity => allHold(conditions, identity.labels),
      networks: [],
      bySelector: true,
      keys: () => [keyOf(conditions)],
    },
  ]
}

function addressTests({ basis }: Context, peer: ServicePeer, s: Service): PeerTest[] {
  return s.endpoints.flatMap(address => {
    const prefix = served(address, basis.config) ? prefixOf(address) : undefined
    return prefix ? [networkTest(basis, peer.node, { prefix, except: [] })] : []
  })
}
