// The files of a workspace have one order, however they came: what is said does not depend on which was opened first.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { check } from '../../server/src/rules/check.ts'
import { parseFile } from '../../server/src/syntax/parse.ts'
import { DEFAULTS } from '../../server/src/workspace/settings.ts'
import { inOrder, type Snapshot, withFile } from '../../server/src/workspace/snapshot.ts'
import { random } from '../conformance/random.ts'
import { snapshotOf, textsOf, worldOf } from '../counterpart/generate.ts'

const said = (snapshot: Snapshot) =>
  [...snapshot.files].map(([uri, { documents }]) => [
    uri,
    documents.map(d =>
      check(snapshot, d).map(({ code, message, span, related }) => [code, message, span, related.map(r => r.message)]),
    ),
  ])

test('files that are written, opened, removed and written again, in any order', () => {
  let found = 0
  for (let seed = 0; seed < 60; seed++) {
    const dice = random(seed)
    const world = worldOf(seed)
    const texts = new Map(
      [...textsOf(world)].flatMap(
        ([name, text]) =>
          [
            [name, text],
            [`more/${name}`, text],
          ] as const,
      ),
    )
    texts.set('values.yaml', 'policyEnforcementMode: default\n')
    texts.set(
      'all/cilium.yaml',
      'kind: ConfigMap\nmetadata: { name: cilium-config }\ndata: { enable-policy: always }\n',
    )
    const { inventories } = snapshotOf(world, new Map())
    let snapshot: Snapshot = { files: new Map(), inventories, settings: DEFAULTS }
    const put = (name: string) => {
      const uri = `file:///w/${name}`
      snapshot = withFile(snapshot, uri, parseFile(uri, undefined, texts.get(name) ?? ''))
    }
    for (const name of texts.keys()) put(name)
    const first = said(snapshot)
    found += first.length
    for (let i = 0; i < 10; i++) {
      const name = dice.pick([...texts.keys()])
      if (dice.chance(0.5)) snapshot = withFile(snapshot, `file:///w/${name}`, undefined)
      put(name)
    }
    assert.deepEqual(said(snapshot), first, `seed ${seed}`)
  }
  assert.ok(found > 100)
})

test('the order is that of the names, not of how they are spelled', () => {
  const named = (uris: readonly string[]) => [
    ...inOrder(uris.map(uri => [uri, parseFile(uri, undefined, '')] as const)).keys(),
  ]
  const sorted = ['file:///a-b.yaml', 'file:///a%401.yaml', 'file:///z.yaml', 'file:///%C3%A9.yaml']
  assert.deepEqual(named(sorted.toReversed()), sorted)
  assert.deepEqual(named(['file:///a@1.yaml', 'file:///a-b.yaml']), ['file:///a-b.yaml', 'file:///a@1.yaml'])
})
