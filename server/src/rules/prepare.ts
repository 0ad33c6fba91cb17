// Judging a workspace needs all its policies read, lowered and filed first: that work in small steps.

import { basisOf } from '../engine/basis.ts'
import { classesOf } from '../engine/classes.ts'
import { shelved } from '../engine/shelf.ts'
import { fileRepository, placedIn, repositoryOf, rulesOf } from '../engine/subjects.ts'
import { lowerConfigs } from '../model/delivery.ts'
import { policies, resources } from '../model/lower.ts'
import type { File } from '../syntax/file.ts'
import { saidBy } from '../workspace/delivered.ts'
import { knowledge, partOf } from '../workspace/knowledge.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import { checkAlone, isJudged, lensOf } from './check.ts'

/** So many documents are judged faster than anyone notices. */
const FEW = 20

/** Whether all but a few documents have been judged by themselves, so that an answer about several files comes at once. */
export function isPrepared(snapshot: Snapshot): boolean {
  const lens = lensOf(snapshot)
  let missing = 0
  for (const { documents } of snapshot.files.values())
    for (const document of documents) if (!isJudged(document, lens) && ++missing > FEW) return false
  return true
}

/** Does what every answer about several files needs, for these files; what is known already costs nearly nothing. */
export function* prepare(snapshot: Snapshot, files: Iterable<File> = snapshot.files.values()): Generator<void> {
  const all = [...files]
  yield* lowered(snapshot, all)
  const lens = lensOf(snapshot)
  yield
  for (const document of all.flatMap(file => file.documents)) {
    checkAlone(document, lens)
    yield
  }
  for (const file of all) {
    placedIn(snapshot, file)
    yield
  }
  yield* fileRepository(snapshot)
  const { clusterwide, unplaced } = repositoryOf(snapshot)
  yield
  for (const rules of [clusterwide, unplaced]) {
    shelved(rules)
    yield
  }
  classesOf(snapshot)
  yield
}

/** Of that, what can be done before anything is judged. */
export function* lowered(snapshot: Snapshot, files: Iterable<File> = snapshot.files.values()): Generator<void> {
  const all = [...files]
  const documents = all.flatMap(file => file.documents)
  for (const document of documents) {
    resources(document)
    lowerConfigs(document)
    yield
  }
  for (const file of all) {
    saidBy(file)
    yield
  }
  for (const file of all) {
    partOf(snapshot.files, file)
    yield
  }
  knowledge(snapshot)
  yield
  basisOf(snapshot)
  yield
  for (const document of documents) {
    for (const policy of policies(document)) rulesOf(snapshot, policy)
    yield
  }
}
