// Offsets and positions, in files of several documents and with all ends of lines, beside a plain way of counting.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lineStarts, offsetAt, offsetIn, positionAt } from '../../server/src/syntax/lines.ts'
import { parseFile } from '../../server/src/syntax/parse.ts'
import { random } from '../conformance/random.ts'

const PIECES = ['a: 1', '---', '--- # more', '# x', '', ' ', '\uFEFF', 'é: "\u{1F600}"', '- b', '...', '%YAML 1.2']
const ENDS = ['\n', '\r\n', '\r'] as const

/** The line and column of an offset, counted from the start. */
function counted(text: string, offset: number) {
  const before = text.slice(0, offset)
  const lines = before.split(/\r\n|\n|\r(?!\n)/)
  // Between \r and \n the line has not ended yet.
  if (text[offset - 1] === '\r' && text[offset] === '\n') lines.pop()
  return { line: lines.length - 1, character: offset - (lineStarts(text)[lines.length - 1] ?? 0) }
}

test('every offset has its position, and every position its offset', () => {
  const r = random(5)
  let documents = 0
  for (let i = 0; i < 600; i++) {
    const own = r.pick(ENDS)
    let text = r.chance(0.1) ? '\uFEFF' : ''
    for (let left = r.below(12); left > 0; left--) text += r.pick(PIECES) + (r.chance(0.8) ? own : r.pick(ENDS))
    if (r.chance(0.5)) text += r.pick(PIECES)
    const file = parseFile('file:///w/a.yaml', undefined, text)
    documents += file.documents.length
    for (let offset = 0; offset <= text.length; offset++)
      assert.deepEqual(positionAt(file, offset), counted(text, offset), `${JSON.stringify(text)} at ${offset}`)
    const starts = lineStarts(text)
    for (let line = 0; line < starts.length + 2; line++)
      for (let character = 0; character < 14; character++)
        assert.equal(
          offsetAt(file, { line, character }),
          offsetIn(text, starts, { line, character }),
          JSON.stringify(text),
        )
  }
  assert.ok(documents > 1000)
})
