// Our verdicts on generated clusters and policies against what Cilium's policy engine said of them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { agrees } from './compare.ts'
import { ASKED } from './generate.ts'
import { answers, snapshotOf } from './ours.ts'
import { hashOf, recorded } from './recorded.ts'

for (const version of ASKED) {
  test(`every recorded verdict of Cilium ${version} is ours too`, t => {
    let compared = 0
    const wrong: string[] = []
    for (const { question, hash, rights } of recorded(version)) {
      assert.equal(hashOf(question), hash, 'the generator has changed: npm run conformance -- --record')
      const ours = answers(snapshotOf(question, version), question)
      for (const [i, flow] of question.flows.entries()) {
        const [own, right] = [ours[i], rights[i]]
        if (!own || !right) continue
        compared++
        if (!agrees(own, right)) wrong.push(`${question.id} ${JSON.stringify(flow)} ${JSON.stringify({ own, right })}`)
      }
    }
    assert.deepEqual(wrong, [])
    assert.ok(compared > 17_000, `only ${compared} flows were compared`)
    t.diagnostic(`${compared} flows`)
  })
}
