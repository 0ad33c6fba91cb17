// Files that were packed are the same when they are unpacked, to the last span and comment.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { File } from '../../server/src/syntax/file.ts'
import { isPackable, pack, unpack } from '../../server/src/syntax/packed.ts'
import { parseFile } from '../../server/src/syntax/parse.ts'
import { inventory, repository } from '../bench/corpus.ts'
import { document } from '../conformance/generate.ts'
import { written } from './written.ts'

const plainly = ({ documents, ...rest }: File) => ({ ...rest, documents: documents.map(written) })

function holds(texts: Iterable<string>): number {
  const files = [...texts].map((text, i) => parseFile(`file:///${i}.yaml`, undefined, text)).filter(isPackable)
  const packed = pack(files)
  const unpacked = unpack(packed)
  assert.equal(unpacked.count, files.length)
  // In an order of its own: each file is found by itself.
  for (const [i, { uri, text }] of [...files.entries()].reverse())
    assert.deepStrictEqual(plainly(unpacked.file(i, uri, text)), plainly(files[i] as File), text)
  assert.deepEqual(pack(files.map(({ uri, text }, i) => unpacked.file(i, uri, text))), packed)
  return files.length
}

test('what people write', () => {
  assert.ok(holds(repository(300).values()) > 150)
  assert.equal(holds([inventory(500, 5)]), 1)
})

test('what nobody writes', () => {
  const texts = Array.from({ length: 4000 }, (_, i) => document(11, i))
  assert.ok(holds(texts) > 1000)
})

test('several documents, comments, large trees, and texts of every kind', () => {
  const many = Array.from({ length: 5000 }, (_, i) => `key${i}: value${i}\n`).join('')
  const texts = [
    'a: b\n---\n# c\nd: "e" # f\n--- # g\nh: [\'i\', 1e3, 010, yes, ~]\n',
    many,
    `${many}---\na: b\n`,
    `a: ${'x'.repeat(500)}\nb: "${'y'.repeat(70_000)}"\n`.replace('y'.repeat(70_000), 'y'.repeat(900)),
    `${'# long\n'.repeat(12_000)}a: b\n`,
    'a: plain\nb: "plain"\nc: \'plain\'\nd: $' + '{X}\ne: "$' + '{X}"\n',
    'k:\n',
  ]
  assert.equal(holds(texts), texts.length)
  assert.equal(holds([]), 0)
})

test('what only the exact reader takes is left out', () => {
  for (const text of ['a: &b c\nd: *b\n', 'a: b\n---\nc: |\n  d\n', '', 'a: [\n'])
    assert.equal(isPackable(parseFile('file:///a.yaml', undefined, text)), false, text)
})
