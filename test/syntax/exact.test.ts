// What Kubernetes' YAML reader takes and what it refuses, where other readers differ.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compose } from '../../server/src/syntax/compose.ts'
import { readExactly } from '../../server/src/syntax/exact.ts'
import type { Raw } from '../../server/src/syntax/raw.ts'
import { NotYaml } from '../../server/src/syntax/scanner.ts'

/** The tree as plain data; what is missing is null. */
function plain(raw: Raw | undefined): unknown {
  if (!raw) return null
  if (raw.kind === 'alias') return `*${raw.name}`
  if (raw.kind === 'seq') return raw.items.map(plain)
  if (raw.kind === 'map') return Object.fromEntries(raw.pairs.map(p => [String(plain(p.key)), plain(p.value)]))
  return raw.text
}

const TAKEN: readonly (readonly [string, unknown])[] = [
  ['a: b\nc:\n- d\n- e: f\n', { a: 'b', c: ['d', { e: 'f' }] }],
  ['a: b\n...\n: text after the end', { a: 'b' }],
  ['{a: b}\ntext after a closed map', { a: 'b' }],
  ['{a: b, c, }', { a: 'b', c: null }],
  ['[a: b, c]', [{ a: 'b' }, 'c']],
  ['{a:b, "c":d}', { 'a:b': null, c: 'd' }],
  ['a: "b"#c\n', { a: 'b' }],
  ['a: |2\n    b\n', { a: '  b\n' }],
  ['a: >-\n  b\n  c\n\n  d\n', { a: 'b c\nd' }],
  ['a: "b\\\n   c"\n', { a: 'bc' }],
  ["a: 'b''c'\n", { a: "b'c" }],
  ['a: b\n  c\n', { a: 'b c' }],
  ['a: b\rc: d\r', { a: 'b', c: 'd' }],
  ['\uFEFFa: b\r\n', { a: 'b' }],
  ['%YAML 1.1\n%TAG ! tag:x,2000:\n---\na: !b c\n', { a: 'c' }],
  ['? a\n: b\n? c\n', { a: 'b', c: null }],
  ['a: &x\nb: *x\n', { a: '', b: '*x' }],
  ['a: [b\n, c]\n', { a: ['b', 'c'] }],
]
for (const [text, tree] of TAKEN)
  test(`takes ${JSON.stringify(text)}`, () => assert.deepEqual(plain(readExactly(text).root), tree))

const REFUSED: readonly (readonly [string, string])[] = [
  ['a:\tb: c\n', ':'],
  ['a: b\n\tc: d\n', '\t'],
  ['%YAML 1.2\n---\na: b\n', '%YAML 1.2'],
  ['%FOO\n---\na: b\n', '%FOO'],
  ['a: "\\/"\n', '\\/'],
  ['a: "\\ud83d"\n', '\\ud83d'],
  ['a: !e!x b\n', '!e!x'],
  ['a: b: c\n', ':'],
  ['a: - b\n', '-'],
  ['a: [b?, c]\n', '?'],
  ['a: [b\n', ''],
  ['a: @b\n', '@'],
  ['a\nb: c\n', ':'],
  ['a: b\n c: d\n', ':'],
  ['a: b\u0007\n', '\u0007'],
  ['a: "b\n', '"'],
  ['a: |0\n  b\n', '0'],
  ['a: *\n', '*\n'],
]
for (const [text, at] of REFUSED) {
  test(`refuses ${JSON.stringify(text)}`, () => {
    assert.throws(
      () => readExactly(text),
      e => e instanceof NotYaml && text.slice(e.span.start, e.span.end) === at,
    )
    assert.notEqual(compose(text).errors.length, 0)
  })
}

test('keys become words as in Kubernetes', () => {
  const { root } = compose('{.inf: a, -.inf: b, 1e7: c, 0.1: d, yes: e, 010: f}')
  assert.deepEqual(root?.kind === 'map' && root.entries.map(e => e.name), [
    '.inf',
    '-.inf',
    '1e+07',
    '0.1',
    'true',
    '8',
  ])
})
