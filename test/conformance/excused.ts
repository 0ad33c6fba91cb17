// The disagreements that are right: where what Cilium's code does is no verdict. A list that should stay short.

import type { Version } from '../../server/src/model/version.ts'
import type { Answer } from './accept.ts'

interface Excuse {
  readonly reason: string
  readonly applies: (text: string, version: Version, answer: Answer) => boolean
}

export const EXCUSES: readonly Excuse[] = [
  {
    reason: 'in 1.16 the networks of a CIDR group decide whether an exception fits, and we do not know them',
    applies: (text, version, { layer }) =>
      version === '1.16' && layer === 'parse' && text.includes('cidrGroupRef') && text.includes('except'),
  },
  {
    reason: 'the agent of 1.16.0 panics on networks that a deny rule excepts wrongly: that is no verdict',
    applies: (_text, _version, { layer }) => layer === 'panic',
  },
  {
    reason: 'a placeholder (of a template or of envsubst) is a value that we do not know: no error',
    applies: text => /\{\{|\$\{/.test(text),
  },
  {
    reason: "text that is not YAML, and does not say that it is a policy either, is nobody's business",
    applies: (text, _version, { layer }) =>
      layer === 'yaml' &&
      !(text.includes('cilium.io/v2') && /\bkind["']?\s*:\s*["']?Cilium\w*NetworkPolicy\b/.test(text)),
  },
]

/** Whether it is known, with a reason, why we say something else than that answer. */
export function excused(text: string, version: Version, answer: Answer): boolean {
  return EXCUSES.some(e => e.applies(text, version, answer))
}
