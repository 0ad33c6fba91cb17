// The keys of the labels that a policy's selectors ask for.

import { stamped } from '../memo.ts'
import type { Peer, Policy, Selector } from './policy.ts'

/** The keys that the selectors of subjects and peers name, without their sources; remembered. */
export const askedBy = stamped((policy: Policy): readonly string[] => {
  const keys = new Set<string>()
  const add = (selector: Selector | undefined) => {
    if (selector) for (const { key } of selector.requirements) keys.add(key)
  }
  for (const { endpointSelector, items } of policy.rules) {
    add(endpointSelector)
    for (const { members } of items) for (const { peers } of members) for (const peer of peers) add(selectorOf(peer))
  }
  return [...keys]
})

function selectorOf(peer: Peer): Selector | undefined {
  switch (peer.kind) {
    case 'endpoints':
    case 'nodes':
    case 'requires':
      return peer.selector
    case 'cidrSet':
      return peer.groupSelector
    default:
      return undefined
  }
}
