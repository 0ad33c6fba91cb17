// Merge conflicts: one error at each, and the rest of the document is read.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { unconflict } from '../../server/src/syntax/conflicts.ts'
import { parseDocument } from '../../server/src/syntax/parse.ts'

const said = (text: string) =>
  parseDocument(text).errors.map(e => `${text.slice(e.span.start, e.span.end)}: ${e.message.split(':')[0]}`)

test('our side is read, the first marker is the error', () => {
  const text = 'a: 1\r\n<<<<<<< HEAD\r\nb: 1\r\n||||||| base\r\nb: 0\r\n=======\r\nb: 2\r\n>>>>>>> theirs\r\nc: 3\r\n'
  assert.deepEqual(said(text), ['<<<<<<< HEAD: git could not merge this'])
  assert.equal(unconflict(text).text.replace(/[ \r\n]+/g, ' '), 'a: 1 b: 1 c: 3 ')
  assert.equal(unconflict(text).text.length, text.length)
})

test('a conflict that ends in another document', () => {
  assert.deepEqual(said('<<<<<<< HEAD\na: 1\n'), ['<<<<<<< HEAD: git could not merge this'])
  assert.deepEqual(said('b: 2\n>>>>>>> theirs\na: 1\n'), ['>>>>>>> theirs: git could not merge this'])
})

test('no conflict', () => {
  for (const text of ['a: |\n  =======\n', 'a: "<<<<<<< x"\n', '# >>>>>>>\na: 1\n']) {
    assert.deepEqual(unconflict(text), { text, conflicts: [] })
  }
})
