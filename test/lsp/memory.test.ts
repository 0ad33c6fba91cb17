// At rest the heap becomes smaller, without anything that is allocated on purpose.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const MEMORY = fileURLToPath(new URL('../../server/src/host/memory.ts', import.meta.url))

/** Fills a heap, lets most of it go, and waits; says how large the heap was and became, in MB. */
const PROGRAM = `
import { getHeapStatistics } from 'node:v8'
import { relaxing } from ${JSON.stringify(MEMORY)}
const size = () => Math.round(getHeapStatistics().total_heap_size / 1e6)
const held = { lists: [] }
for (let i = 0; i < 300_000; i++) held.lists.push(Array.from({ length: 100 }, (_, k) => ({ k })).slice(0, i % 40))
held.lists.length = 30_000
const before = size()
const relax = relaxing()
relax()
const until = performance.now() + 60_000
const look = setInterval(() => {
  if (size() > before / 2 && performance.now() < until) return
  clearInterval(look)
  console.log(JSON.stringify({ before, after: size(), held: held.lists.length }))
}, 100)
`

test('memory that only the work needed goes back at rest', () => {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', PROGRAM],
    { encoding: 'utf8' },
  )
  assert.equal(stderr, '')
  const { before, after, held } = JSON.parse(stdout)
  assert.equal(held, 30_000)
  assert.ok(before > 200, `the heap was only ${before} MB`)
  assert.ok(after <= before / 2, `${before} MB became ${after} MB`)
})
