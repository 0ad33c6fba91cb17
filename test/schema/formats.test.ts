// The linear checks of formats.ts say what the patterns of Cilium's definitions say, which backtrack without end on long text.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formats } from '../../server/src/schema/formats.ts'
import fc from '../property.ts'

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

/** The patterns as the definitions have them: on the short texts of this test they end soon. */
const PATTERNS: Readonly<Record<string, RegExp>> = {
  'fqdn-name': /^([-a-zA-Z0-9_]+[.]?)+$/,
  'fqdn-pattern': /^([-a-zA-Z0-9_*]+[.]?)+$/,
  'server-name': /^([-a-zA-Z0-9_*]+[.]?)+$/,
  'server-name-119': /^(\*?\*\.)?([-a-zA-Z0-9_]+\.?)+$/,
  'label-value': /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/,
  'dns-subdomain-crd': SUBDOMAIN,
  printable: /^\P{C}*$/u,
  port: /^(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[0-9]{1,4})|([a-zA-Z0-9]-?)*[a-zA-Z](-?[a-zA-Z0-9])*$/,
}

const LETTERS = [...'aZ09-_.*/: \t\n\u0000é\u00a0\u200b😀']

for (const [name, pattern] of Object.entries(PATTERNS)) {
  test(`${name} is its pattern`, () => {
    const text = fc.oneof(
      fc.string({ unit: fc.constantFrom(...LETTERS), maxLength: 12 }),
      fc.string({ unit: fc.constantFrom(...'a0-.*_'), maxLength: 12 }),
      fc.string({ unit: 'binary', maxLength: 8 }),
    )
    const same = fc.property(text, value =>
      assert.equal(formats[name]?.(value), pattern.test(value), JSON.stringify(value)),
    )
    fc.assert(same, { numRuns: Number(process.env.RUNS ?? 5000) })
  })
}

test('long text is judged at once', () => {
  const long = `${'a-'.repeat(100_000)}!`
  for (const name of Object.keys(PATTERNS)) if (name !== 'printable') assert.equal(formats[name]?.(long), false, name)
})
