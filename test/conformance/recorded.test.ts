// An error exactly when Cilium refuses: 20,000 documents, all versions, against the verdicts that Cilium's own code gave.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { VERSIONS } from '../../server/src/model/version.ts'
import { agrees, first } from './compare.ts'
import { corpus, recorded } from './recorded.ts'

const { seed, count, hash, layers } = recorded()
const made = corpus(seed, count)

test('the generated documents are those that were recorded', () => {
  assert.equal(made.hash, hash, 'the generator has changed: npm run conformance -- --record')
})

const CHUNK = 2500
for (let from = 0; from < count; from += CHUNK) {
  test(`documents ${from} to ${from + CHUNK - 1}: an error exactly when Cilium refuses`, () => {
    const wrong = made.texts.slice(from, from + CHUNK).flatMap((text, i) => {
      const document = first(text)
      return VERSIONS.flatMap(version => {
        const layer = layers.get(version)?.[from + i] ?? ''
        return agrees(document, version, { layer }) ? [] : [`${from + i}, Cilium ${version}: ${layer || 'accepted'}`]
      })
    })
    assert.deepEqual(wrong, [])
  })
}
