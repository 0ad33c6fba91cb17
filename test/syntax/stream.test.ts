// JSON objects one behind the other, as kubectl reads them from a file: each is a document.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkText } from '../../server/src/rules/check.ts'
import { parseFile } from '../../server/src/syntax/parse.ts'

const policy = (name: string, indent?: number) =>
  JSON.stringify(
    {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNetworkPolicy',
      metadata: { name, namespace: 'shop', annotations: { text: 'a } {"b": "\\" ---' } },
      spec: { endpointSelector: {}, ingress: [{ fromEntities: ['wrld'] }] },
    },
    undefined,
    indent,
  )

const names = (text: string) =>
  parseFile('file:///a.json', undefined, text).documents.map(d => {
    const [found, ...more] = checkText(d.text, { version: '1.20' })
    assert.deepEqual(more, [])
    assert.equal(d.text.slice(found?.span.start, found?.span.end).replaceAll('"', ''), 'wrld')
    return /"name": ?"(\w)"/.exec(d.text)?.[1]
  })

test('every object of a stream is a document', () => {
  for (const indent of [undefined, 2]) {
    const [a, b, c] = ['a', 'b', 'c'].map(name => policy(name, indent))
    for (const eol of ['\n', '\r\n', '\n\n  ']) {
      assert.deepEqual(names([a, b, c].join(eol)), ['a', 'b', 'c'])
      assert.deepEqual(names(`\uFEFF${eol}${[a, b].join(eol)}${eol}`), ['a', 'b'])
      assert.deepEqual(names(`${a}${eol.trimEnd()}\n---\n${b}`), ['a', 'b'])
    }
  }
})

test('what is no stream is one document', () => {
  const texts = [
    '',
    '{',
    '{}',
    `{"a": [{"b": 1},\n{"c": 2}]}`,
    `{a: b}\n{c: d}`,
    '}\n{"a": 1}',
    `${policy('a')}\ngarbage`,
  ]
  for (const text of texts) assert.deepEqual(parseFile('file:///a.json', undefined, text).starts, [0], text)
  const torn = '{"a": "'.repeat(20_000)
  assert.deepEqual(parseFile('file:///a.json', undefined, `${torn}}\n{"`).starts, [0])
})
