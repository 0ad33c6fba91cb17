// Every counterpart fix in generated clusters, by our engine: exactly the intended flows open, none close. By Cilium's own: `npm run conformance`.

import '../../server/src/rules/check.ts'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findParties, parsePortQuery } from '../../server/src/engine/party.ts'
import { verdict } from '../../server/src/engine/verdict.ts'
import { snapshotOf, worldOf } from './generate.ts'
import { broken, flowsOf, type Judge, type Sides } from './promises.ts'

const SEEDS = Number(process.env.SEEDS ?? 20)
const FIRST = Number(process.env.FIRST_SEED ?? 1)

const ours: Judge = async (world, texts) => {
  const snapshot = snapshotOf(world, texts)
  const party = (end: string) => {
    const found = findParties(snapshot, end)
    assert.ok('parties' in found && found.parties[0], end)
    return found.parties[0]
  }
  const ends = new Map(world.pods.map(pod => [pod, party(pod)]))
  const said = new Map<string, Sides>()
  for (const { id, from, to, port } of flowsOf(world)) {
    const [source, destination, query] = [ends.get(from), ends.get(to), parsePortQuery(port)]
    assert.ok(source && destination && query)
    const { egress, ingress } = verdict(snapshot, { from: source, to: destination, port: query })
    said.set(id, { egress: egress.verdict, ingress: ingress.verdict })
  }
  return said
}

test('fixes open what is intended and close nothing, and every closed flow is spoken of', async () => {
  const wrong: string[] = []
  for (let seed = FIRST; seed < FIRST + SEEDS; seed++)
    for (const sentence of await broken(worldOf(seed), ours)) wrong.push(`seed ${seed}: ${sentence}`)
  assert.deepEqual(wrong, [])
})
