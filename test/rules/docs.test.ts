// docs/rules.md is as generated, and diagnostics lead to its sections.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ruleHref } from '../../server/src/features/convert.ts'
import { rules } from '../../server/src/rules/index.ts'
import { generate, rulesPage } from '../../server/src/rules/rulesDocs.ts'

test('docs/rules.md is as generated', () => {
  assert.ok(generate(false), 'npm run generate writes it')
})

test('the page of a rule is a heading of docs/rules.md', () => {
  const headings = new Set([...rulesPage().matchAll(/^## ([a-z0-9-]+)$/gm)].map(m => m[1]))
  assert.deepEqual(
    rules.map(r => ruleHref(r.id)).filter(href => !/docs\/rules\.md#/.test(href) || !headings.has(href.split('#')[1])),
    [],
  )
})
