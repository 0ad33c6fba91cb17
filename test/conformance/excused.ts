// The disagreements that are right: where what Cilium's code does is no verdict. A list that should stay short.

import type { Version } from '../../server/src/model/version.ts'
import type { Answer } from './accept.ts'

interface Excuse {
  readonly reason: string
  readonly applies: (text: string, version: Version, answer: Answer) => boolean
}

export const EXCUSES: readonly Excuse[] = []

/** Whether it is known, with a reason, why we say something else than that answer. */
export function excused(text: string, version: Version, answer: Answer): boolean {
  return EXCUSES.some(e => e.applies(text, version, answer))
}
