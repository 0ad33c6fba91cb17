// Members of peer lists as tests of identities: classes, as every policy has several, and each is a fraction of an object with functions.

import { NONE } from '../memo.ts'
import { byKey, reserved } from '../model/labels.ts'
import type { Selector } from '../model/policy.ts'
import { allHold, and, type Condition, type Match, matches, or } from '../model/selector.ts'
import { atLeast } from '../model/version.ts'
import type { Node } from '../syntax/node.ts'
import type { Basis } from './basis.ts'
import type { Kin } from './counterpart/kin.ts'
import { keyOf, type PeerTest } from './entry.ts'
import type { Identity } from './identity.ts'

/** A label selector, with the conditions that its place makes of it. */
export class SelectorTest implements PeerTest {
  declare readonly basis: Basis
  declare readonly selector: Selector
  declare readonly conditions: readonly Condition[]
  declare readonly bySelector: boolean
  declare kin: readonly Kin[] | undefined

  constructor(basis: Basis, selector: Selector, of: { conditions: readonly Condition[]; bySelector: boolean }) {
    this.basis = basis
    this.selector = selector
    this.conditions = of.conditions
    this.bySelector = of.bySelector
    this.kin = undefined
  }
  get node(): Node {
    return this.selector.node
  }
  get networks(): readonly never[] {
    return NONE
  }
  keys(): readonly string[] {
    return [keyOf(this.conditions)]
  }
  matches(identity: Identity): Match {
    const own = matches(this.selector, this.conditions, identity.labels)
    const aggregates = own !== 'yes' && atLeast(this.basis.version, '1.20') && isNegative(this.conditions)
    return aggregates ? or(own, aggregateMatches(this.conditions, identity)) : own
  }
}

/** What all tests of one kind of peer answer. */
export interface Answers<P> {
  keys(basis: Basis, peer: P): readonly string[]
  matches(basis: Basis, peer: P, identity: Identity): Match
}

/** A peer that is neither a selector nor a network. */
export class PlainTest<P extends { readonly node: Node }> implements PeerTest {
  declare readonly basis: Basis
  declare readonly peer: P
  declare readonly answers: Answers<P>
  declare kin: readonly Kin[] | undefined

  constructor(basis: Basis, peer: P, answers: Answers<P>) {
    this.basis = basis
    this.peer = peer
    this.answers = answers
    this.kin = undefined
  }
  get node(): Node {
    return this.peer.node
  }
  get networks(): readonly never[] {
    return NONE
  }
  get bySelector(): boolean {
    return false
  }
  keys(): readonly string[] {
    return this.answers.keys(this.basis, this.peer)
  }
  matches(identity: Identity): Match {
    return this.answers.matches(this.basis, this.peer, identity)
  }
}

/** A test that the agent calls by the name of everything. */
export class Called implements PeerTest {
  declare readonly test: PeerTest

  constructor(test: PeerTest) {
    this.test = test
  }
  get node(): Node {
    return this.test.node
  }
  get networks(): PeerTest['networks'] {
    return this.test.networks
  }
  get bySelector(): boolean {
    return this.test.bySelector
  }
  get conditions(): PeerTest['conditions'] {
    return this.test.conditions
  }
  keys(): readonly string[] {
    return ['']
  }
  matches(identity: Identity): Match {
    return this.test.matches(identity)
  }
}

export const isNegative = (conditions: readonly Condition[]): boolean =>
  conditions.every(c => c.operator === 'NotIn' || c.operator === 'DoesNotExist')

/**
 * Since 1.20 identities are looked up under an aggregate too (pkg/policy/aggregate.go), which has one label only. A selector
 * that asks for the absence of labels alone selects the aggregates, and with them everything that they stand for.
 */
export function aggregateMatches(conditions: readonly Condition[], identity: Identity): Match {
  if (!identity.aggregate) return 'no'
  const seen = allHold(conditions, { labels: byKey([reserved(identity.aggregate)]), open: false })
  const certain = identity.place !== 'outside' || isInGroup(identity)
  return certain ? seen : and('maybe', seen)
}

/** Addresses in CIDR groups have identities of their own for sure; for others that rests on the prefixes of all policies. */
const isInGroup = ({ labels }: Identity): boolean =>
  [...labels.labels.values()].some(list => list.some(l => l.source === 'cidrgroup'))
