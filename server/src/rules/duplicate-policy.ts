// The same policy in two places that are applied together.

import { memo } from '../memo.ts'
import { policies } from '../model/lower.ts'
import type { Policy } from '../model/policy.ts'
import { effectiveNamespace } from '../workspace/namespace.ts'
import { isPatch } from '../workspace/patches.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import type { WorkspaceRule } from './rule.ts'
import { isAppliedWith } from './unlisted-file.ts'

interface Written {
  readonly policy: Policy
  readonly uri: string
}

export const duplicatePolicy: WorkspaceRule = {
  id: 'duplicate-policy',
  scope: 'workspace',
  severity: 'warning',
  summary: 'The same policy twice in a file or folder',
  why: 'Two documents with the same kind, namespace and name are one object: whichever is applied last replaces the other. Only documents of one file or folder are compared, as repositories hold the same policy for several clusters. Two files of a folder are a warning where its kustomization lists both; otherwise they may be alternatives, and it is information.',
  source: 'the API server: an object is known by kind, namespace and name',
  *check(policy, snapshot) {
    if (!policy.name) return
    const group = byName(snapshot).get(keyOf(snapshot, policy, folders(snapshot).get(policy)) ?? '')
    const index = group?.findIndex(w => w.policy === policy) ?? -1
    const first = group?.[0]
    if (index < 1 || !first) return
    const where =
      first.uri === folders(snapshot).get(policy)?.uri
        ? 'above'
        : `in ${first.uri.slice(first.uri.lastIndexOf('/') + 1)}`
    const own = folders(snapshot).get(policy)?.uri ?? first.uri
    yield {
      span: policy.name.node.span,
      ...(own === first.uri || isAppliedWith(snapshot.files, own, first.uri)
        ? {}
        : { severity: 'information' as const }),
      message: `there is a policy with the name ${policy.name.value} ${where} already, and only one of the two will be there: give this one another name`,
      related: first.policy.name
        ? [{ place: { document: first.policy.document, span: first.policy.name.node.span }, message: 'the other one' }]
        : [],
    }
  },
}

const folders = memo((snapshot: Snapshot): ReadonlyMap<Policy, Written> => {
  const found = new Map<Policy, Written>()
  for (const file of snapshot.files.values()) {
    if (isPatch(snapshot.files, file.uri)) continue
    for (const d of file.documents) {
      if (d.templated) continue
      for (const policy of policies(d)) found.set(policy, { policy, uri: file.uri })
    }
  }
  return found
})

const byName = memo((snapshot: Snapshot): ReadonlyMap<string, readonly Written[]> => {
  const found = new Map<string, Written[]>()
  for (const written of folders(snapshot).values()) {
    const key = keyOf(snapshot, written.policy, written)
    if (!key) continue
    const list = found.get(key)
    if (list) list.push(written)
    else found.set(key, [written])
  }
  return found
})

function keyOf(snapshot: Snapshot, policy: Policy, written: Written | undefined): string | undefined {
  if (!policy.name || !written) return undefined
  const folder = written.uri.slice(0, written.uri.lastIndexOf('/'))
  const namespace = policy.clusterwide ? '*' : (effectiveNamespace(snapshot, policy)?.namespace ?? '')
  return [folder, policy.clusterwide, namespace, policy.name.value].join(' ')
}
