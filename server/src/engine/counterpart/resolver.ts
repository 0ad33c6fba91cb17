// The cluster's DNS: its Service and pods where they are known, else where they usually are.

import { memo } from '../../memo.ts'
import { SERVICE_ACCOUNT } from '../../model/selector.ts'
import type { Service } from '../../workspace/inventory.ts'
import type { Snapshot } from '../../workspace/snapshot.ts'
import { type Basis, basisOf } from '../basis.ts'
import { impliedKin, type Kin, kinIn } from './kin.ts'
import { inNamespace, labelTerms, type Term } from './selectors.ts'

/** Who answers questions for names. */
export interface Resolver {
  readonly namespace: string
  /** Labels that select its pods. */
  readonly labels: Readonly<Record<string, string>>
  /** Its service account, where its pods are known to have one alone. */
  readonly account: string | undefined
  readonly pods: readonly Kin[]
  /** The port on which its pods listen. */
  readonly port: number
  /** Neither a DNS Service nor its pods are known: the usual labels are assumed. */
  readonly assumed: boolean
  /** "kube-system/coredns". */
  readonly name: string
}

const USUAL = { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } }
/** Names under which distributions run the DNS Service, and the namespaces of those that do not use kube-system. */
const SERVICES = ['kube-dns', 'coredns', 'rke2-coredns-rke2-coredns', 'dns-default']
const NAMESPACES = ['kube-system', 'openshift-dns']

/** The cluster's DNS. */
export const resolverOf: (snapshot: Snapshot) => Resolver = memo(snapshot => {
  const basis = basisOf(snapshot)
  const service = dnsService(basis)
  const { namespace, labels } = service ?? USUAL
  const pods = kinIn(basis, namespace).filter(kin => wears(kin, labels))
  const known = pods.length > 0 ? pods : [impliedKin(basis, [...labelTerms(labels), inNamespace(namespace)], namespace)]
  const accounts = new Set(pods.flatMap(kin => kin.pods.map(p => p.serviceAccount)))
  const [account] = accounts
  return {
    namespace,
    labels,
    account: accounts.size === 1 && account !== 'default' ? account : undefined,
    pods: known,
    port: service ? portOf(service.service, pods) : 53,
    assumed: !service && pods.length === 0,
    name: known[0]?.name ?? `${namespace}/kube-dns`,
  }
})

function dnsService({ picture }: Basis) {
  for (const namespace of NAMESPACES)
    for (const name of SERVICES) {
      const service = picture.services.find(s => s.name === name && s.namespace === namespace)
      if (service?.selector) return { service, namespace, labels: service.selector }
    }
  return undefined
}

function portOf(service: Service, pods: readonly Kin[]): number {
  const dns = service.ports.find(p => p.port === 53)
  if (typeof dns?.targetPort === 'number') return dns.targetPort
  const named = dns && pods[0]?.identity.ports?.get(dns.targetPort.toLowerCase())
  return named?.port ?? 53
}

function wears({ identity }: Kin, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(labels).every(([key, value]) =>
    identity.labels.labels.get(key)?.some(l => l.source === 'k8s' && l.value === value),
  )
}

/** The terms that select the DNS pods: by account where accounts are the custom, else by the Service's labels. */
export function resolverTerms({ account, labels }: Resolver, byAccount: boolean): readonly Term[] {
  return labelTerms(byAccount && account !== undefined ? { [SERVICE_ACCOUNT]: account } : labels)
}
