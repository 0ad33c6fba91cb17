// Every counterpart fix in generated clusters: exactly the intended flows open, none close. By our engine; by Cilium's where CILIUM_VERDICT names its program.

import '../../server/src/rules/check.ts'
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findParties, parsePortQuery } from '../../server/src/engine/party.ts'
import { verdict } from '../../server/src/engine/verdict.ts'
import { VERSIONS } from '../../server/src/model/version.ts'
import { ask } from '../conformance/program.ts'
import { snapshotOf, worldOf } from './generate.ts'
import { broken, flowsOf, type Judge, type Sides } from './promises.ts'

const SEEDS = Number(process.env.SEEDS ?? 20)
const FIRST = Number(process.env.FIRST_SEED ?? 1)
const VERSION = VERSIONS.find(v => v === process.env.CILIUM_VERSION)

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

const ciliums =
  (program: string): Judge =>
  async (world, texts) => {
    const { mode, inventory } = world
    const question = { id: 'x', mode, inventory, files: Object.fromEntries(texts), flows: [...flowsOf(world)] }
    for await (const answer of ask(program, [question])) {
      const { error, docs, verdicts } = answer as {
        error?: string
        docs: { layer?: string; error?: string }[]
        verdicts: ({ id: string } & Sides)[]
      }
      assert.equal(error, undefined)
      assert.deepEqual(
        docs.filter(d => d.layer),
        [],
        'Cilium refuses a policy',
      )
      return new Map(verdicts.map(v => [v.id, v]))
    }
    throw new Error('no answer')
  }

async function hold(judge: Judge): Promise<void> {
  const wrong: string[] = []
  for (let seed = FIRST; seed < FIRST + SEEDS; seed++)
    for (const sentence of await broken({ ...worldOf(seed), ...(VERSION ? { version: VERSION } : {}) }, judge))
      wrong.push(`seed ${seed}: ${sentence}`)
  assert.deepEqual(wrong, [])
}

test('fixes open what is intended and close nothing, and every closed flow is spoken of', () => hold(ours))

const program = process.env.CILIUM_VERDICT
if (program) test('the same, by Cilium’s own engine', () => hold(ciliums(program)))
