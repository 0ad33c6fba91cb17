// Bytes of files as text and back: nothing that nobody has changed is written in another way.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decode, encode } from '../../server/src/host/files.ts'
import { parseFile } from '../../server/src/syntax/parse.ts'
import { folderOf } from '../cli/command.ts'
import { random } from '../conformance/random.ts'

const RUNS = 3000

/** Bytes that are a character, the beginning of one, or none. */
const PIECES = [
  ...['a', '#', 'é', '–', '𝄞', '\ufffd', '\ufeff', '\u0800', '\ud7ff', '\ue000', '\u{10ffff}'].map(c => [
    ...Buffer.from(c),
  ]),
  ...[[0x80], [0xbf], [0xc0, 0xaf], [0xc3], [0xe2, 0x80], [0xe0, 0x80, 0x80], [0xed, 0xa0, 0x80], [0xf0, 0x9d, 0x84]],
  ...[[0xf4, 0x90, 0x80, 0x80], [0xf5], [0xfe], [0xff], [0xe9, 0x0a]],
]

test('whatever bytes become a text, it becomes them again', () => {
  let strays = 0
  for (let seed = 0; seed < RUNS; seed++) {
    const dice = random(seed)
    const bytes = Uint8Array.from(Array.from({ length: 1 + (seed % 12) }, () => dice.pick(PIECES)).flat())
    // The marks of UTF-16.
    if (bytes[0] === 0xfe || bytes[0] === 0xff) continue
    const text = decode(bytes)
    assert.deepEqual([...encode(text, bytes)], [...bytes], `seed ${seed}`)
    const isRight = Buffer.from(bytes).equals(Buffer.from(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)))
    if (isRight) assert.ok(!/[\udc80-\udcff]/u.test(text), `seed ${seed}: nothing is wrong`)
    else strays++
  }
  assert.ok(strays > RUNS / 3, `${strays} that are not UTF-8`)
})

test('a byte that is not UTF-8 is an error where it stands, in a comment too', () => {
  const bytes = Buffer.from('apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy # caf\xe9\n---\na: b\n', 'latin1')
  const [first, second] = parseFile('file:///a.yaml', undefined, decode(bytes)).documents
  assert.deepEqual(
    first?.errors.map(e => [e.code, e.span.start]),
    [['yaml-syntax', bytes.indexOf(0xe9)]],
  )
  assert.deepEqual(second?.errors, [])
  // JSON is read by another reader.
  const json = Buffer.from('{"apiVersion": "cilium.io/v2", "kind": "CiliumNetworkPolicy", "a": "caf\xe9"}', 'latin1')
  assert.deepEqual(parseFile('file:///a.json', undefined, decode(json)).documents[0]?.errors, [])
})

const POLICY = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: a, namespace: x } # caf\xe9
spec:
  endpointSelector: {}
  ingress:
    - toPorts: [{ ports: [{ port: 80 }] }]
`

test('--fix leaves the encoding of a file, and the bytes that it does not change', async () => {
  const utf16 = Buffer.from(`\ufeff${POLICY}`, 'utf16le')
  const big = Buffer.from(utf16).swap16()
  const files = { 'latin.yaml': Buffer.from(POLICY, 'latin1'), 'little.yaml': utf16, 'big.yaml': big }
  const folder = folderOf(files)
  await folder.run('check', '--fix')
  const mended = POLICY.replace('port: 80', 'port: "80"')
  const wanted = Buffer.from(`\ufeff${mended}`, 'utf16le')
  assert.deepEqual(folder.bytes('little.yaml'), wanted)
  assert.deepEqual(folder.bytes('big.yaml'), Buffer.from(wanted).swap16())
  assert.deepEqual(folder.bytes('latin.yaml'), Buffer.from(mended, 'latin1'))
  const { out } = await folder.run('check', '--format', 'json', 'latin.yaml')
  assert.match(out, /this byte \(0xE9\) is not UTF-8, and nothing else is read: save the file as UTF-8/)
})
