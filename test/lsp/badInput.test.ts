// Bad input: each is answered, and everything else goes on working. How fast, `npm run bench` says.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askAll, INPUTS } from './badInputs.ts'
import type { Diagnostics } from './peer.ts'
import { policy } from './policy.ts'
import { openWorkspace } from './workspace.ts'

/** Milliseconds after which something hangs, on the slowest of machines. */
const HANGS = 120_000

for (const [name, text] of Object.entries(INPUTS)) {
  test(name, { timeout: HANGS }, async () => {
    const w = await openWorkspace({ 'good.yaml': policy('wrld', 'other') })
    await w.diagnostics('good.yaml', p => p.diagnostics.length === 1)
    w.open('bad.yaml', text)
    await askAll(w.peer, w.uri('bad.yaml'), text)
    w.change('bad.yaml', 2, `${text}\n# one more`)
    await askAll(w.peer, w.uri('bad.yaml'), text)
    await w.diagnostics('bad.yaml', p => p.version === 2)
    w.open('good.yaml', policy('world', 'other'))
    w.change('good.yaml', 9, policy('wrld', 'other'))
    const { diagnostics } = await w.diagnostics('good.yaml', (p: Diagnostics) => p.version === 9)
    assert.equal(diagnostics.length, 1)
    const logged = w.peer.received.filter(m => m.method === 'window/logMessage')
    assert.deepEqual(
      logged.filter(m => /Error/.test(JSON.stringify(m.params))),
      [],
      'nothing fails',
    )
  })
}
