// Where the cursor is understood to be, in every half-typed state of a document.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cursorAt } from '../../server/src/features/cursor.ts'
import { marked } from './mark.ts'

/** All readings as `key spec.egress` or `- value spec.egress.0`, with what would be replaced. */
function read(text: string): string {
  const { snapshot, at } = marked(text)
  const cursor = cursorAt(snapshot, at)
  if (!cursor) return 'nothing'
  const { token } = cursor
  const readings = cursor.readings.map(r => `${r.dash ? '- ' : ''}${r.as} ${r.path.join('.')}`.trim())
  return `${cursor.document.text.slice(token.start, token.end)}> ${readings.join(' | ')}`
}

const cases: readonly [string, string, string][] = [
  ['an empty file', '|', '> key | - key 0 | - value 0'],
  ['half a word in an empty file', 'ap|', 'ap> key | - key 0 | - value 0'],
  ['after ---', 'a: b\n---\n|', '> key | - key 0 | - value 0'],
  ['a blank line at the indentation of the keys', 'spec:\n  endpointSelector: {}\n  |\n', '> key spec'],
  ['a blank line under an empty key', 'spec:\n  |\n', '> key spec | - key spec.0 | - value spec.0'],
  ['a blank line between keys', 'spec:\n  a: {}\n  |\n  b: {}\n', '> key spec'],
  ['half a key between keys', 'spec:\n  a: {}\n  eg|\n  b: {}\n', 'eg> key spec'],
  ['half a key above an empty one', 'spec:\n  eg|\n  b:\n', 'eg> key spec'],
  ['a blank line at the indentation of the list', 'a:\n  - b\n  |\n', '> - key a.1 | - value a.1'],
  ['a list at the indentation of its key', 'x:\n  a:\n  - b\n  |\n', '> key x | - key x.a.1 | - value x.a.1'],
  ['a blank line inside an item', 'a:\n  - b: c\n    |\n', '> key a.0'],
  ['a lower indentation than what follows', 'a:\n  b:\n|\n    - c: d\n', '> - key a.b.0 | - value a.b.0'],
  ['after a dash', 'a:\n  - b\n  - |\n', '> key a.1 | value a.1'],
  ['right behind a dash', 'a:\n  -|\n', '> key a.0 | value a.0'],
  ['after a dash with more keys below', 'a:\n  - |\n    b: c\n', '> key a.0'],
  ['after a key', 'a:\n  b: |\n  c: d\n', '> value a.b'],
  ['right behind a colon', 'a:\n  b:|\n', '> value a.b'],
  ['half a value', 'a:\n  b: ku|be # why\n', 'kube> value a.b'],
  ['inside quotes', 'a:\n  - "ku|be"\n', '"kube"> key a.0 | value a.0'],
  ['inside quotes without an end', 'a:\n  b: "ku|\n  c: d\n', '"ku> value a.b'],
  ['between quotes', "a: '|'\n", "''> value a"],
  ['in a flow list', 'a: [b, |]\n', '> key a.1 | value a.1'],
  ['in a flow list without an end', 'a:\n  b: [c, |\n  d: e\n', '> key a.b.1 | value a.b.1'],
  ['in an empty flow list', 'a: [|]\n', '> key a.0 | value a.0'],
  ['in a flow map', 'a: {b: c, |}\n', '> key a'],
  ['in a flow map without an end', 'a:\n  x: {b: c, |\n', '> key a.x'],
  ['at the value in a flow map', 'a: {b: |, c: d}\n', '> value a.b'],
  ['in a flow list on the next line', 'a: [b,\n  |\n  ]\n', '> key a.1 | value a.1'],
  ['a key that has its colon', 'spec:\n  ing|ress:\n    - a\n', 'ingress> key spec'],
  ['a label key with its source', 'a:\n  k8s:|\n', 'k8s:> key a | - key a.0 | - value a.0'],
  ['a label key that goes on', 'a:\n  k8s:io.c|\n', 'k8s:io.c> key a | - key a.0 | - value a.0'],
  ['a comment', 'a: # so |\n', 'nothing'],
  ['a value that stands on the next lines', 'a: |\n  - b\n', '> '],
  ['DOS line ends', 'spec:\r\n  a: b\r\n  |\r\n', '> key spec'],
  ['broken text elsewhere', 'x: [\nspec:\n  a: b\n  |\n', '> key spec'],
]

for (const [name, text, expected] of cases) {
  test(`the cursor in ${name}`, () => assert.equal(read(text), expected))
}

test('the cursor in a block of text', () => {
  assert.equal(read('a: >-\n  so | on\n'), 'so  on> ')
})
