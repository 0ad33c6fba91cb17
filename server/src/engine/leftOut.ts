// Policies of the files that take no part in verdicts: what Cilium refuses, and what another file gives anew.

import { memo } from '../memo.ts'
import { policies } from '../model/lower.ts'
import type { Policy } from '../model/policy.ts'
import { allHold } from '../model/selector.ts'
import type { Place } from '../syntax/problem.ts'
import { isPatch } from '../workspace/patches.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import type { Filed } from './entry.ts'
import type { Identity } from './identity.ts'
import { refusal } from './refusal.ts'
import { placedAt, repositoryOf } from './subjects.ts'

/** `refused`: it has an error; `replaced`: of several policies with one name the last one counts. */
export interface LeftOut {
  readonly policy: Policy
  /** Its name, where it has one. */
  readonly place: Place
  readonly why: 'refused' | 'replaced'
}

/** The policies that would select one of these identities for certain, if they were in force. */
export function leftOutFor(snapshot: Snapshot, identities: readonly Identity[]): readonly LeftOut[] {
  const selects = (filed: Filed) =>
    identities.some(i => filed.forNodes === (i.place === 'node') && allHold(filed.subject, i.labels) === 'yes')
  return allLeftOut(snapshot)
    .filter(({ rules }) => rules.some(filed => filed.readable && selects(filed)))
    .map(({ policy, place, why }) => ({ policy, place, why }))
}

interface WithRules extends LeftOut {
  readonly rules: readonly Filed[]
}

const allLeftOut = memo((snapshot: Snapshot): readonly WithRules[] => {
  const { inForce } = repositoryOf(snapshot)
  const files = [...snapshot.files.values()].filter(file => !isPatch(snapshot.files, file.uri))
  return files
    .flatMap(file => file.documents)
    .flatMap(document => policies(document))
    .flatMap((policy): readonly WithRules[] => {
      const placed = placedAt(snapshot, policy)
      const rules = placed.namespace === undefined ? [] : placed.rules
      const place = { document: policy.document, span: (policy.name?.node ?? policy.root).span }
      if (refusal.judge(policy, snapshot)) return [{ policy, place, why: 'refused', rules }]
      return rules.some(filed => inForce.has(filed)) ? [] : [{ policy, place, why: 'replaced', rules }]
    })
})
