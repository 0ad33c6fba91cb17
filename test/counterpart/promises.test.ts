// Every counterpart fix in generated clusters, by our engine: exactly the intended flows open, none close. By Cilium's own: `npm run conformance`.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { worldOf } from './generate.ts'
import { ours } from './ours.ts'
import { broken } from './promises.ts'

const SEEDS = Number(process.env.SEEDS ?? 20)
const FIRST = Number(process.env.FIRST_SEED ?? 1)

test('fixes open what is intended and close nothing, and every closed flow is spoken of', async () => {
  const wrong: string[] = []
  for (let seed = FIRST; seed < FIRST + SEEDS; seed++)
    for (const sentence of await broken(worldOf(seed), ours)) wrong.push(`seed ${seed}: ${sentence}`)
  assert.deepEqual(wrong, [])
})
