// Globs of `files.exclude`.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { matchesAny } from '../../server/src/workspace/glob.ts'

const YES: readonly (readonly [string, string])[] = [
  ['a.yaml', 'a.yaml'],
  ['a.yaml', 'x/y/a.yaml'],
  ['*.json', 'x/y/a.json'],
  ['rendered', 'x/rendered/a.yaml'],
  ['rendered/**', 'rendered/a/b.yaml'],
  ['/rendered', 'rendered/a/b.yaml'],
  ['**/test*/**', 'a/testdata/b.yaml'],
  ['a/*/c.yaml', 'a/b/c.yaml'],
  ['a/?.{yaml,yml}', 'a/b.yml'],
  ['**', 'a/b'],
]
const NO: readonly (readonly [string, string])[] = [
  ['a.yaml', 'aa.yaml'],
  ['rendered/**', 'x/rendered/a.yaml'],
  ['a/*/c.yaml', 'a/b/b/c.yaml'],
  ['', 'a'],
  ['a/?.yaml', 'a/bb.yaml'],
  ['{a', 'a'],
]

test('globs match paths', () => {
  for (const [glob, path] of YES) assert.ok(matchesAny([glob], path), `${glob} should match ${path}`)
  for (const [glob, path] of NO) assert.ok(!matchesAny([glob], path), `${glob} should not match ${path}`)
})

test('many stars come to an end: trying all ways would take longer than anyone lives', () => {
  const globs = [`${'*a'.repeat(200)}b`, `${'**/'.repeat(50)}x`]
  assert.equal(matchesAny(globs, `${'a'.repeat(4000)}/${'a/'.repeat(500)}`), false)
})
