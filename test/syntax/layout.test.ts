// Columns, with byte order marks where no editor shows them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkText } from '../../server/src/rules/check.ts'
import { column } from '../../server/src/syntax/layout.ts'

test('a byte order mark counts for nothing', () => {
  assert.deepEqual(
    [0, 1, 2].map(at => column('\uFEFFab', at)),
    [0, 0, 1],
  )
  assert.equal(column('ab\n\uFEFFcd', 5), 1)
})

test('fixes beside a byte order mark within a document can be made', () => {
  const problems = checkText('---\n\uFEFFapiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\n', { version: '1.20' })
  const fixes = problems.flatMap(p => p.fixes)
  for (const fix of fixes) assert.ok(fix.edits().length > 0)
  assert.ok(fixes.length > 0)
})
