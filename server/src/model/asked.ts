// The keys of the labels that a policy's selectors ask for.

import { stamped, trimmed } from '../memo.ts'
import { peersIn } from './peers.ts'
import type { Peer, Policy, RuleItem, Selector } from './policy.ts'

/** The keys that the selectors of subjects and peers name, without their sources; remembered. */
export const askedBy = stamped((policy: Policy): readonly string[] => {
  const keys = new Set<string>()
  for (const { endpointSelector, items } of policy.rules) {
    addKeys(keys, endpointSelector)
    for (const { twin } of items) for (const key of askedByItem(twin)) keys.add(key)
  }
  return [...keys]
})

const askedByItem = stamped((twin: RuleItem): readonly string[] => {
  const keys = new Set<string>()
  for (const peer of peersIn(twin)) addKeys(keys, selectorOf(peer))
  return trimmed([...keys])
})

function addKeys(keys: Set<string>, selector: Selector | undefined): void {
  if (selector) for (const { key } of selector.requirements) keys.add(key)
}

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
