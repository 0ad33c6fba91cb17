// Which policies Cilium refuses: told by the rules, which stand above the engine.

import type { Policy } from '../model/policy.ts'
import type { Snapshot } from '../workspace/snapshot.ts'

/** Whether the API server or the agent refuses a policy, which then enforces nothing. Set by rules/check.ts. */
export type Judge = (policy: Policy, snapshot: Snapshot) => boolean

export const refusal: { judge: Judge } = {
  judge: () => {
    throw new Error('nobody judges policies: rules/check.ts was not loaded')
  },
}
