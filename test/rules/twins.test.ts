// Items with the same words speak for each other: what is found, where and with which fixes does not depend on who was read first.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { policies } from '../../server/src/model/lower.ts'
import type { Policy } from '../../server/src/model/policy.ts'
import { VERSIONS } from '../../server/src/model/version.ts'
import { check, lensOf } from '../../server/src/rules/check.ts'
import { documentRules, workspaceRules } from '../../server/src/rules/index.ts'
import { applies } from '../../server/src/rules/rule.ts'
import { inWords } from '../../server/src/rules/words.ts'
import type { Document } from '../../server/src/syntax/file.ts'
import { parseFile } from '../../server/src/syntax/parse.ts'
import type { Edit, Place } from '../../server/src/syntax/problem.ts'
import { uriOf } from '../../server/src/workspace/documents.ts'
import { DEFAULTS } from '../../server/src/workspace/settings.ts'
import type { Snapshot } from '../../server/src/workspace/snapshot.ts'
import { document } from '../conformance/generate.ts'
import { worldWithDns } from '../counterpart/dnsPromises.ts'
import { snapshotOf, textsOf, type World, worldOf } from '../counterpart/generate.ts'

const WORLDS = 150
const DOCUMENTS = 2000

/** All that is said of a snapshot, its offsets counted from `shift` on. */
function said(snapshot: Snapshot, shift: number) {
  const spanOf = ({ start, end }: { start: number; end: number }) => [start - shift, end - shift]
  const placeOf = ({ document: d, span }: Place) => [uriOf(snapshot, d), indexOf(snapshot, d), spanOf(span)]
  const editOf = (edit: Edit) => (edit.kind === 'create' ? edit : [placeOf(edit.place), edit.text])
  return [...snapshot.files.values()].map(({ documents }) =>
    documents.map(d =>
      check(snapshot, d).map(({ code, severity, message, span, related, fixes }) => [
        [code, severity, message, spanOf(span)],
        related.map(r => [r.message, placeOf(r.place)]),
        fixes.map(fix => [fix.title, fix.preferred, fix.edits().map(editOf)]),
      ]),
    ),
  )
}

const indexOf = (snapshot: Snapshot, d: Document) =>
  [...snapshot.files.values()].map(file => file.documents.indexOf(d)).find(i => i >= 0)

/** The texts with a line more in each document. */
const moved = (texts: ReadonlyMap<string, string>, line: string) =>
  new Map(
    [...texts].map(([name, text]) => [
      name,
      text
        .split('---\n')
        .map(t => `${line}${t}`)
        .join('---\n'),
    ]),
  )

test('documents whose items were read before, elsewhere', () => {
  const line = '# one more line\n'
  let gaps = 0
  let shared = 0
  for (let seed = 0; seed < WORLDS; seed++) {
    const world: World = seed % 3 === 0 ? worldWithDns(seed) : worldOf(seed)
    const texts = textsOf(world)
    const first = said(snapshotOf(world, texts), 0)
    const again = snapshotOf(world, moved(texts, line))
    assert.deepEqual(said(again, line.length), first, `seed ${seed}`)
    gaps += JSON.stringify(first).split('counterpart-missing').length - 1
    for (const policy of policiesOf(again))
      for (const item of policy.rules.flatMap(r => r.items)) if (item.twin !== item) shared++
  }
  assert.ok(gaps > WORLDS && shared > WORLDS, `${gaps} gaps, ${shared} items with a twin`)
})

const policiesOf = ({ files }: Snapshot): readonly Policy[] =>
  [...files.values()].flatMap(file => file.documents.flatMap(d => policies(d)))

test('a rule that looks at words finds something in them where it does in the policy', () => {
  const count = { loud: 0, quiet: 0 }
  const { inventories } = snapshotOf(worldWithDns(3), new Map())
  const snapshotWith = (text: string): Snapshot => {
    const file = parseFile('file:///w/policy.yaml', undefined, text)
    return { files: new Map([[file.uri, file]]), inventories, settings: DEFAULTS }
  }
  const ask = (text: string, version: (typeof VERSIONS)[number]) => {
    // The first to be read is the twin of the second.
    policiesOf(snapshotWith(text))
    const snapshot = snapshotWith(`# one more line\n${text}`)
    for (const policy of policiesOf(snapshot)) {
      const words = inWords(policy)
      if (words.rules.every(({ items }, i) => items.every((item, k) => item === policy.rules[i]?.items[k]))) continue
      const asked = [
        ...documentRules
          .filter(r => r.byWords && applies(r, version))
          .map(r => (p: Policy) => r.check(p, lensOf(snapshot))),
        ...workspaceRules.filter(r => r.byWords && applies(r, version)).map(r => (p: Policy) => r.check(p, snapshot)),
      ]
      for (const found of asked) {
        const isFound = [...found(policy)].length > 0
        assert.equal([...found(words)].length > 0, isFound, text)
        count[isFound ? 'loud' : 'quiet']++
      }
    }
  }
  for (let i = 0; i < DOCUMENTS; i++) ask(document(12, i), VERSIONS[i % VERSIONS.length] ?? '1.20')
  for (let seed = 0; seed < WORLDS; seed++) for (const text of textsOf(worldOf(seed)).values()) ask(text, '1.20')
  assert.ok(count.loud > 100 && count.quiet > 1000, JSON.stringify(count))
})

test('two items with the same words stay two', () => {
  const item = '    - toEntities:\n        - world\n'
  const text = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: a
spec:
  endpointSelector: {}
  egress:
${item}${item}`
  const [policy] = parseFile('file:///w/policy.yaml', undefined, text).documents.flatMap(d => policies(d))
  const [one, other] = policy?.rules[0]?.items ?? []
  assert.ok(policy && one && other && one !== other && one.twin === other.twin)
  assert.equal(inWords(policy), policy)
})

test('a twin goes with the last policy that says so', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const seen = (() => {
    const text =
      '# a\napiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nspec:\n  egress:\n    - toCIDR:\n        - 10.9.8.7/32\n'
    const [policy] = parseFile('file:///w/policy.yaml', undefined, text).documents.flatMap(d => policies(d))
    const twin = policy?.rules[0]?.items[0]?.twin
    assert.ok(twin)
    return new WeakRef(twin)
  })()
  // What a job has looked at stays to its end.
  await new Promise(resolve => setTimeout(resolve))
  // The stamps of the last document that was asked for may hold it.
  parseFile('file:///w/other.yaml', undefined, 'a: b\n').documents.flatMap(d => policies(d))
  collect()
  assert.equal(seen.deref(), undefined)
})
