// Patterns that are taken without a look are those that RE2 takes.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { RE2JS } from 're2js'
import { goComplaint } from '../../server/src/model/goRegex.ts'
import fc from '../property.ts'

/** Mostly what simple patterns consist of, and what makes them other ones. */
const piece = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('a', 'Z', '9', '/', '_', '-', '.', '.*', '.+', '.?', 'api', '') },
  { weight: 1, arbitrary: fc.constantFrom('*', '+', '?', '**', '(', ')', '[', ']', '{2}', '|', '^', '$', '\\', '\\d') },
)

function compiles(pattern: string): boolean {
  try {
    RE2JS.compile(pattern)
    return true
  } catch {
    return false
  }
}

test('a pattern is taken exactly when RE2 compiles it', () => {
  const seen = { taken: 0, refused: 0 }
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), pieces => {
      const pattern = pieces.join('')
      const taken = goComplaint(pattern) === undefined
      assert.equal(taken, compiles(pattern), pattern)
      seen[taken ? 'taken' : 'refused']++
    }),
    { numRuns: 5000 },
  )
  assert.ok(seen.taken > 500 && seen.refused > 500, JSON.stringify(seen))
})
