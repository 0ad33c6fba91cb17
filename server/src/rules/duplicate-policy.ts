// The same policy in two places that are applied together.

import { memo } from '../memo.ts'
import { policies } from '../model/lower.ts'
import type { Policy } from '../model/policy.ts'
import { filesIn, folderOf, uriOf } from '../workspace/documents.ts'
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
    const uri = uriOf(snapshot, policy.document)
    if (uri === undefined) return
    const first = repeated(snapshot, folderOf(uri)).get(policy)
    if (!first) return
    const where = first.uri === uri ? 'above' : `in ${first.uri.slice(first.uri.lastIndexOf('/') + 1)}`
    yield {
      span: policy.name.node.span,
      ...(uri === first.uri || isAppliedWith(snapshot.files, uri, first.uri)
        ? {}
        : { severity: 'information' as const }),
      message: `there is a policy with the name ${policy.name.value} ${where} already, and only one of the two will be there: give this one another name`,
      related: first.policy.name
        ? [{ place: { document: first.policy.document, span: first.policy.name.node.span }, message: 'the other one' }]
        : [],
    }
  },
}

const known = memo((_snapshot: Snapshot) => new Map<string, ReadonlyMap<Policy, Written>>())

/** The policies of the files in one folder that are the same object for the API server as one before them, with the first such. */
function repeated(snapshot: Snapshot, folder: string): ReadonlyMap<Policy, Written> {
  const before = known(snapshot).get(folder)
  if (before) return before
  const firsts = new Map<string, Written>()
  const found = new Map<Policy, Written>()
  for (const file of filesIn(snapshot.files, folder)) {
    if (isPatch(snapshot.files, file.uri)) continue
    for (const policy of file.documents.filter(d => !d.templated).flatMap(d => policies(d))) {
      const key = keyOf(snapshot, policy)
      if (key === undefined) continue
      const first = firsts.get(key)
      if (first) found.set(policy, first)
      else firsts.set(key, { policy, uri: file.uri })
    }
  }
  known(snapshot).set(folder, found)
  return found
}

function keyOf(snapshot: Snapshot, policy: Policy): string | undefined {
  if (!policy.name) return undefined
  const namespace = policy.clusterwide ? '*' : (effectiveNamespace(snapshot, policy)?.namespace ?? '')
  return `${namespace} ${policy.name.value}`
}
