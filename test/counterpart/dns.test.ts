// The fixes of dns-missing in generated clusters, by our engine. By Cilium's own: `npm run conformance`.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dnsBroken, worldWithDns } from './dnsPromises.ts'
import { ours } from './ours.ts'

const SEEDS = Number(process.env.SEEDS ?? 25)
const FIRST = Number(process.env.FIRST_SEED ?? 1)

test('the way to DNS opens and nothing else does', async () => {
  const wrong: string[] = []
  let fixes = 0
  for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
    const found = await dnsBroken(worldWithDns(seed), ours)
    fixes += found.fixes
    for (const sentence of found.wrong) wrong.push(`seed ${seed}: ${sentence}`)
  }
  assert.deepEqual(wrong, [])
  assert.ok(fixes > SEEDS / 4, `only ${fixes} fixes`)
})
