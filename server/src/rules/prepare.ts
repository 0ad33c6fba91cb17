// Judging a workspace needs all its policies read, lowered and filed first: that work in small steps.

import { basisOf } from '../engine/basis.ts'
import { fileRules } from '../engine/filed.ts'
import { repositoryOf } from '../engine/subjects.ts'
import { policies, resources } from '../model/lower.ts'
import { effectiveNamespace } from '../workspace/namespace.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import { checkAlone, lensOf } from './check.ts'

/** Does what every answer about several files needs; what is known already costs nearly nothing. */
export function* prepare(snapshot: Snapshot): Generator<void> {
  const documents = [...snapshot.files.values()].flatMap(file => file.documents)
  for (const document of documents) {
    resources(document)
    yield
  }
  const lens = lensOf(snapshot)
  yield
  for (const document of documents) {
    checkAlone(document, lens)
    yield
  }
  const basis = basisOf(snapshot)
  yield
  for (const policy of documents.flatMap(policies)) {
    fileRules(basis, policy, policy.clusterwide ? '' : effectiveNamespace(snapshot, policy)?.namespace)
    yield
  }
  repositoryOf(snapshot)
  yield
}
