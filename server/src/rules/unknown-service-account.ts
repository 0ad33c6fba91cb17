// Service accounts that do not exist, in selectors.

import { SERVICE_ACCOUNT } from '../model/selector.ts'
import { suggest } from '../syntax/suggest.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import { worldOf } from '../workspace/world.ts'
import { conditionsOf } from './common.ts'
import { listedIn } from './known.ts'
import { podSelectors } from './podSelectors.ts'
import type { WorkspaceRule } from './rule.ts'
import { changeValue, valueSpan } from './selectorValues.ts'

export const unknownServiceAccount: WorkspaceRule = {
  id: 'unknown-service-account',
  scope: 'workspace',
  byWords: true,
  about: [SERVICE_ACCOUNT],
  severity: 'warning',
  summary: 'A selector for a service account that does not exist',
  why: 'The service account of a pod is a label of its identity. No pod runs as an account that does not exist in its namespace, so the selector matches nothing. Said where the accounts of the namespace are known.',
  source: 'pkg/k8s GetPodMetadata: io.cilium.k8s.policy.serviceaccount (F28)',
  *check(policy, snapshot) {
    for (const { selector, namespaces } of podSelectors(snapshot, policy)) {
      for (const r of conditionsOf(selector)) {
        if (r.key !== SERVICE_ACCOUNT || r.operator !== 'In') continue
        const names = accounts(snapshot, namespaces)
        for (const value of r.values) {
          if (!names || names.has(value)) continue
          const near = suggest(value, names)
          const where = namespaces ? ` in ${namespaces.join(', ')}` : ''
          yield {
            span: valueSpan(r, value),
            message: `there is no service account ${value}${where}, so this matches nothing: ${near ? `did you mean ${near}?` : 'create it, or name another'}`,
            fixes: near ? changeValue(policy, r, { from: value, to: near }) : [],
          }
        }
      }
    }
  },
}

/** All accounts of the namespaces; undefined where not all are known. Pods say of accounts that nobody lists. */
function accounts(snapshot: Snapshot, namespaces: readonly string[] | undefined): ReadonlySet<string> | undefined {
  const { serviceAccounts, endpoints } = worldOf(snapshot)
  const known = namespaces
    ? namespaces.length > 0 && namespaces.every(n => listedIn(snapshot, 'serviceAccounts', n))
    : snapshot.inventories.some(i => i.serviceAccounts.length > 0)
  if (!known) return undefined
  const here = (n: string) => !namespaces || namespaces.includes(n)
  return new Set([
    'default',
    ...serviceAccounts.filter(a => here(a.namespace)).map(a => a.name),
    ...endpoints.filter(e => here(e.namespace)).map(e => e.serviceAccount),
  ])
}
