// Policies of the files that take no part in verdicts: what Cilium refuses, and what another file gives anew.

import { memo } from '../memo.ts'
import type { Policy } from '../model/policy.ts'
import { allHold } from '../model/selector.ts'
import type { File } from '../syntax/file.ts'
import type { Place } from '../syntax/problem.ts'
import { isPatch } from '../workspace/patches.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import type { Filed } from './entry.ts'
import type { Identity } from './identity.ts'
import { near } from './shelf.ts'
import { namespaceAt, placedIn, refusedIn, repositoryOf, rulesOf } from './subjects.ts'

/** `refused`: it has an error; `replaced`: of several policies with one name the last one counts. */
export interface LeftOut {
  readonly policy: Policy
  /** Its name, where it has one. */
  readonly place: Place
  readonly why: 'refused' | 'replaced'
}

/** The policies that would select one of these identities for certain, if they were in force. */
export const leftOutFor = (snapshot: Snapshot, identities: readonly Identity[]): readonly LeftOut[] =>
  thoseSelecting(allLeftOut(snapshot), identities)

/** Of these the ones that Cilium refuses. */
export const refusedFor = (snapshot: Snapshot, identities: readonly Identity[]): readonly LeftOut[] =>
  thoseSelecting(allRefused(snapshot), identities)

function thoseSelecting(left: readonly WithRules[], identities: readonly Identity[]): readonly LeftOut[] {
  if (left.length === 0) return []
  const rules = ruledBy(left)
  const selecting = new Set(
    identities.flatMap(({ place, labels }) =>
      near(rules, labels).filter(
        ({ readable, forNodes, subject }) =>
          readable && forNodes === (place === 'node') && allHold(subject, labels) === 'yes',
      ),
    ),
  )
  if (selecting.size === 0) return []
  return left
    .filter(one => one.rules.some(filed => selecting.has(filed)))
    .map(({ policy, place, why }) => ({ policy, place, why }))
}

const ruledBy = memo((left: readonly WithRules[]) => left.flatMap(one => one.rules))

interface WithRules extends LeftOut {
  readonly rules: readonly Filed[]
}

const filesOf = (snapshot: Snapshot): readonly File[] =>
  [...snapshot.files.values()].filter(file => !isPatch(snapshot.files, file.uri))

const refusedOf = (snapshot: Snapshot, file: File): readonly WithRules[] =>
  refusedIn(snapshot, file).map(policy => leftOut(snapshot, policy, 'refused'))

const allRefused = memo((snapshot: Snapshot) => filesOf(snapshot).flatMap(file => refusedOf(snapshot, file)))

const allLeftOut = memo((snapshot: Snapshot): readonly WithRules[] => {
  const { inForce } = repositoryOf(snapshot)
  return filesOf(snapshot).flatMap(file => {
    const replaced = placedIn(snapshot, file).filter(({ rules }) => !rules.some(filed => inForce.has(filed)))
    return [...refusedOf(snapshot, file), ...replaced.map(({ policy }) => leftOut(snapshot, policy, 'replaced'))]
  })
})

function leftOut(snapshot: Snapshot, policy: Policy, why: LeftOut['why']): WithRules {
  const place = { document: policy.document, span: (policy.name?.node ?? policy.root).span }
  return { policy, place, why, rules: namespaceAt(snapshot, policy) === undefined ? [] : rulesOf(snapshot, policy) }
}
