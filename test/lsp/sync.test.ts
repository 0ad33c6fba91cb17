// Diagnostics over LSP: for every policy file, open or not, with versions, as files and settings come and go.

import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Diagnostics } from './peer.ts'
import { policy } from './policy.ts'
import { openWorkspace } from './workspace.ts'

const BAD = policy('wrld')
const GOOD = policy('world')
const clean = (p: Diagnostics) => p.diagnostics.length === 0
const dirty = (p: Diagnostics) => p.diagnostics.length > 0

test('problems of every policy file are published, open or not; other files are left alone', async () => {
  const w = await openWorkspace({
    'a.yaml': BAD,
    'deep/er/b.yml': BAD,
    'c.json': JSON.stringify({ apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name: 'c' } }),
    'good.yaml': policy('world', 'good'),
    'other.yaml': 'a: [1,\n',
    'node_modules/x/d.yaml': BAD,
    '.git/e.yaml': BAD,
    'f.txt': BAD,
  })
  for (const path of ['a.yaml', 'deep/er/b.yml', 'c.json']) await w.diagnostics(path, dirty)
  assert.deepEqual((await w.diagnostics('good.yaml')).diagnostics, [])
  for (const path of ['other.yaml', 'node_modules/x/d.yaml', '.git/e.yaml', 'f.txt'])
    assert.equal(w.codes(path), undefined)
})

test('a diagnostic has everything that editors show', async () => {
  const w = await openWorkspace({ 'a.yaml': BAD })
  const { diagnostics, version } = await w.diagnostics('a.yaml')
  assert.equal(version, undefined)
  const [{ codeDescription, ...rest } = { codeDescription: undefined }] = diagnostics
  assert.deepEqual(rest, {
    range: { start: { line: 9, character: 10 }, end: { line: 9, character: 14 } },
    severity: 1,
    code: 'unknown-entity',
    source: 'cilium',
    message: 'unknown entity "wrld": did you mean world?',
  })
  assert.match(codeDescription?.href ?? '', /rules\.md#unknown-entity$/)
})

test('opening and closing changes nothing; a change is published with its version', async () => {
  const w = await openWorkspace({ 'a.yaml': BAD })
  const closed = await w.diagnostics('a.yaml', dirty)
  w.open('a.yaml', BAD, 7)
  const opened = await w.diagnostics('a.yaml', p => p.version === 7)
  assert.deepEqual(opened.diagnostics, closed.diagnostics)
  w.change('a.yaml', 8, GOOD)
  assert.ok(clean(await w.diagnostics('a.yaml', p => p.version === 8)))
  w.change('a.yaml', 9, BAD)
  await w.diagnostics('a.yaml', p => p.version === 9)
  const before = w.peer.received.length
  w.close('a.yaml')
  await w.peer.request('workspace/symbol', { query: '' })
  assert.deepEqual(w.codes('a.yaml'), ['unknown-entity'])
  assert.equal(w.peer.received.slice(before).filter(m => m.method === 'textDocument/publishDiagnostics').length, 0)
})

test('of a file of hundreds of policies the first problems come before the last ones', async () => {
  const w = await openWorkspace({})
  const many = Array.from({ length: 800 }, (_, i) => policy('wrld', `p${i}`)).join('---\n')
  w.open('many.yaml', many)
  await w.diagnostics('many.yaml', p => p.diagnostics.length === 800)
  const counts = w.peer.received.flatMap(m =>
    m.method === 'textDocument/publishDiagnostics' ? [(m.params as Diagnostics).diagnostics.length] : [],
  )
  assert.ok((counts[0] ?? 0) > 0 && (counts[0] ?? 0) < 800, `published: ${counts}`)
})

test('changes that are thrown away at closing are forgotten', async () => {
  const w = await openWorkspace({ 'a.yaml': BAD })
  w.open('a.yaml', GOOD, 1)
  await w.diagnostics('a.yaml', p => p.version === 1 && clean(p))
  w.close('a.yaml')
  await w.diagnostics('a.yaml', p => p.version === undefined && dirty(p))
})

test('increments are applied in UTF-16, in order', async () => {
  const text = GOOD.replace('name: web', 'name: web # 😀 ü')
  const w = await openWorkspace({ 'a.yaml': text })
  w.open('a.yaml', text, 1)
  const line = text.split('\n')[3] ?? ''
  w.peer.notify('textDocument/didChange', {
    textDocument: { uri: w.uri('a.yaml'), version: 2 },
    contentChanges: [
      { range: { start: { line: 3, character: line.length }, end: { line: 3, character: line.length } }, text: '\r\n' },
      { range: { start: { line: 10, character: 10 }, end: { line: 10, character: 11 } }, text: 'W' },
      { range: { start: { line: 3, character: 14 }, end: { line: 3, character: 16 } }, text: '' },
    ],
  })
  const { diagnostics } = await w.diagnostics('a.yaml', p => p.version === 2)
  assert.deepEqual(diagnostics[0]?.range.start, { line: 10, character: 10 })
  assert.match(diagnostics[0]?.message ?? '', /"World"/)
})

test('files that are made, changed and removed on disk', async () => {
  const w = await openWorkspace({ 'a.yaml': BAD })
  await w.diagnostics('a.yaml', dirty)
  const named = (text: string) => text.replace('name: web', 'name: other')
  w.write('b.yaml', named(BAD))
  w.touched('b.yaml', 1)
  await w.diagnostics('b.yaml', dirty)
  w.write('b.yaml', named(GOOD))
  w.touched('b.yaml', 2)
  await w.diagnostics('b.yaml', clean)
  w.remove('a.yaml')
  w.touched('a.yaml', 3)
  await w.diagnostics('a.yaml', clean)
})

test('a file that nobody has saved yet is judged while it is open', async () => {
  const w = await openWorkspace({})
  w.open('untitled:Untitled-1', BAD)
  await w.diagnostics('untitled:Untitled-1', dirty)
  w.close('untitled:Untitled-1')
  await w.diagnostics('untitled:Untitled-1', clean)
})

test('without a workspace folder an open file is judged', async () => {
  const w = await openWorkspace({ 'a.yaml': BAD }, { folders: [] })
  w.open('a.yaml', BAD)
  await w.diagnostics('a.yaml', dirty)
})

for (const workspaceFolders of [true, false])
  test(`folders are added and taken away, by a client that ${workspaceFolders ? 'says' : 'does not say'} that it can`, async () => {
    const w = await openWorkspace(
      { 'one/a.yaml': BAD, 'two/b.yaml': BAD },
      { folders: [], capabilities: { workspace: { workspaceFolders } } },
    )
    const change = (added: readonly string[], removed: readonly string[]) => {
      const named = (paths: readonly string[]) => paths.map(name => ({ uri: w.uri(name), name }))
      w.peer.notify('workspace/didChangeWorkspaceFolders', { event: { added: named(added), removed: named(removed) } })
    }
    change(['one'], [])
    await w.diagnostics('one/a.yaml', dirty)
    change(['two'], ['one'])
    await w.diagnostics('two/b.yaml', dirty)
    await w.diagnostics('one/a.yaml', clean)
  })

test('a folder that goes takes its files with it', async () => {
  const w = await openWorkspace({ 'sub/deep/a.yaml': BAD, 'subway.yaml': BAD })
  await w.diagnostics('sub/deep/a.yaml', dirty)
  await w.diagnostics('subway.yaml', dirty)
  rmSync(join(w.folder, 'sub'), { recursive: true })
  w.touched('sub', 3)
  await w.diagnostics('sub/deep/a.yaml', clean)
  assert.deepEqual(w.codes('subway.yaml'), ['unknown-entity'])
})
