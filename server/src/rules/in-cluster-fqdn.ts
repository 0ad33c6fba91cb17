// Names of services in the cluster under toFQDNs, which never match.

import { peersIn } from '../model/peers.ts'
import type { Fqdn, Policy } from '../model/policy.ts'
import { atLeast } from '../model/version.ts'
import { isShared, replaceEntry } from '../syntax/edit.ts'
import { get, items } from '../syntax/node.ts'
import type { Fix } from '../syntax/problem.ts'
import { itemsOf } from './common.ts'
import type { DocumentRule, Lens } from './rule.ts'

export const inClusterFqdn: DocumentRule = {
  id: 'in-cluster-fqdn',
  scope: 'document',
  byPart: true,
  about: ['toFQDNs'],
  severity: 'warning',
  summary: 'A name of the cluster under toFQDNs',
  why: 'toFQDNs allows the addresses that a name resolves to, and those of pods and services never match: pods are known by their labels. Select the pods with `toEndpoints`, or the service with `toServices`.',
  source: 'pkg/policy/api/egress.go, comment of ToFQDNs; Documentation/security/policy/layer3.rst (F08, 5.7)',
  *check(policy, lens) {
    for (const { item } of itemsOf(policy)) {
      for (const peer of peersIn(item)) {
        if (peer.kind !== 'fqdn') continue
        const name = peer.fqdn.matchName ?? peer.fqdn.matchPattern
        if (!name || !isInCluster(name.value)) continue
        yield {
          span: name.node.span,
          message: `${name.value} is a name inside the cluster, and toFQDNs matches only addresses outside: select the pods with \`toEndpoints\``,
          fixes: toService(policy, lens, peer.fqdn),
        }
      }
    }
  },
}

/** `*.svc`, `*.svc.cluster.local`, `*.cluster.local`. */
const isInCluster = (name: string): boolean => /(?:^|\.)(?:svc|svc\.[-a-z0-9.]+\.local|cluster\.local)\.?$/i.test(name)

function toService(policy: Policy, lens: Lens, fqdn: Fqdn): Fix[] {
  const [serviceName, namespace, svc] = fqdn.matchName?.value.split('.') ?? []
  const list = fqdn.node.parent
  const item = list?.parent
  if (!serviceName || !namespace || svc !== 'svc' || !atLeast(lens.version, '1.17')) return []
  if (list?.kind !== 'seq' || item?.kind !== 'map' || items(list).length > 1 || isShared(list)) return []
  if (get(item, 'toServices')) return []
  const value = [{ k8sService: { serviceName, namespace } }]
  const edits = () => replaceEntry(policy.document, { map: item, name: 'toFQDNs' }, 'toServices', value)
  return [{ title: `Change to toServices: ${namespace}/${serviceName} (ports are then those of its pods)`, edits }]
}
