// Reading a workspace while its files change: what was read last counts.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { indexWorkspace, rereadFile } from '../../server/src/lsp/indexer.ts'
import type { Runtime } from '../../server/src/lsp/runtime.ts'
import { createSession } from '../../server/src/lsp/session.ts'
import { policy } from './policy.ts'

test('a file that is written while the others are read keeps its newer text', async () => {
  const disk = new Map([
    ['file:///w/a.yaml', policy('world', 'a')],
    ['file:///w/b.yaml', policy('world', 'b')],
  ])
  const session = createSession()
  session.update(state => ({ ...state, folders: ['file:///w'] }))
  const runtime: Runtime = {
    read: async uri => disk.get(uri),
    list: async function* () {
      yield ['file:///w/a.yaml']
      // It was read, and changes now.
      disk.set('file:///w/a.yaml', policy('wrld', 'a'))
      await rereadFile(session, runtime, 'file:///w/a.yaml')
      disk.set('file:///w/c.yaml', policy('world', 'c'))
      await rereadFile(session, runtime, 'file:///w/c.yaml')
      yield ['file:///w/b.yaml']
    },
    defer: run => void setImmediate(run),
    rest: (milliseconds, run) => void setTimeout(run, milliseconds),
    now: () => performance.now(),
  }
  await indexWorkspace(session, runtime, () => {})
  const { files } = session.get().snapshot
  assert.deepEqual([...files.keys()], ['file:///w/a.yaml', 'file:///w/b.yaml', 'file:///w/c.yaml'])
  assert.match(files.get('file:///w/a.yaml')?.text ?? '', /wrld/)
  // One that goes while all are read again is gone.
  const going: Runtime = {
    ...runtime,
    list: async function* () {
      yield [...disk.keys()]
      disk.delete('file:///w/b.yaml')
      await rereadFile(session, going, 'file:///w/b.yaml')
    },
  }
  await indexWorkspace(session, going, () => {})
  assert.deepEqual([...session.get().snapshot.files.keys()], ['file:///w/a.yaml', 'file:///w/c.yaml'])
})
