// Rules that do not say that they ask what is in force do not ask: they may be looked at before any policy is judged by itself.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { refusal } from '../../server/src/engine/refusal.ts'
import { policies } from '../../server/src/model/lower.ts'
import { check, checkEarly } from '../../server/src/rules/check.ts'
import { workspaceRules } from '../../server/src/rules/index.ts'
import type { Snapshot } from '../../server/src/workspace/snapshot.ts'
import { worldWithDns } from '../counterpart/dnsPromises.ts'
import { snapshotOf, textsOf, worldOf } from '../counterpart/generate.ts'

const WORLDS = 60
const { judge } = refusal
after(() => {
  refusal.judge = judge
})

function* worlds(): Iterable<Snapshot> {
  for (let seed = 0; seed < WORLDS; seed++) {
    const world = seed % 2 === 0 ? worldWithDns(seed) : worldOf(seed)
    yield snapshotOf(world, textsOf(world))
  }
}

const documentsOf = (snapshot: Snapshot) => [...snapshot.files.values()].flatMap(file => file.documents)

test('rules that do not ask what is in force', () => {
  refusal.judge = () => {
    throw new Error('asked')
  }
  const asking = new Set<string>()
  for (const snapshot of worlds()) {
    for (const policy of documentsOf(snapshot).flatMap(d => policies(d))) {
      for (const rule of workspaceRules) {
        try {
          for (const _ of rule.check(policy, snapshot)) {
          }
        } catch {
          asking.add(rule.id)
        }
      }
    }
  }
  refusal.judge = judge
  assert.deepEqual([...asking].sort(), workspaceRules.flatMap(rule => (rule.byForce ? rule.id : [])).sort())
})

test('what was looked at early is said all the same', () => {
  const said = (snapshot: Snapshot) =>
    documentsOf(snapshot).map(d => check(snapshot, d).map(({ code, message, span }) => [code, message, span]))
  const [first, again] = [[...worlds()], [...worlds()]]
  for (const snapshot of again) for (const d of documentsOf(snapshot)) checkEarly(snapshot, d)
  assert.deepEqual(again.map(said), first.map(said))
  const codes = new Set(
    first
      .flatMap(said)
      .flat(1)
      .map(([code]) => code),
  )
  assert.ok(
    workspaceRules.some(rule => !rule.byForce && codes.has(rule.id)),
    [...codes].join(),
  )
})
