// The rules in force after a change of one file are those of a repository that is made anew.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import '../../server/src/rules/check.ts'
import type { Filed } from '../../server/src/engine/entry.ts'
import { InForce, repositoryOf } from '../../server/src/engine/subjects.ts'
import { parseFile } from '../../server/src/syntax/parse.ts'
import { DEFAULTS } from '../../server/src/workspace/settings.ts'
import { type Snapshot, withFile } from '../../server/src/workspace/snapshot.ts'
import { random } from '../conformance/random.ts'

const NAMES = Array.from({ length: 25 }, (_, i) => `p${i}`)
const RULES = ['ingress: [{}]', 'egress: [{ toEntities: [world] }]', 'ingress: [{ fromEntities: [wrld] }]', '']
const FILES = 6

test('many changes, one file at a time', () => {
  const { below, pick } = random(11)
  const policy = () => {
    const wide = below(3) === 0
    const namespace = wide || below(8) === 0 ? '' : `, namespace: ${pick(['x', 'y'])}`
    const rule = `{ endpointSelector: {}, ${pick(RULES)} }`
    return `apiVersion: cilium.io/v2
kind: ${wide ? 'CiliumClusterwideNetworkPolicy' : 'CiliumNetworkPolicy'}
metadata: { name: ${pick(NAMES)}${namespace} }
${below(4) === 0 ? `specs: [${rule}, ${rule}]` : `spec: ${rule}`}
`
  }
  const uriOf = (i: number) => `file:///w/${i}.yaml`
  let snapshot: Snapshot = { files: new Map(), inventories: [], settings: DEFAULTS }
  for (let step = 0; step < 600; step++) {
    const uri = uriOf(below(FILES))
    const before = snapshot.files.get(uri)?.text
    const text =
      before !== undefined && below(2) === 0
        ? before.replace(/world|\{\}/, word => (word === 'world' ? 'host' : '{ matchLabels: { app: x } }'))
        : Array.from({ length: below(3) }, policy).join('---\n')
    snapshot = withFile(snapshot, uri, parseFile(uri, step, text, snapshot.files.get(uri)))
    const patched = repositoryOf(snapshot)
    if (step % 3 !== 0) continue
    // Another snapshot of no files at all comes between, so that the next one is made from nothing.
    repositoryOf({ files: new Map(), inventories: [], settings: DEFAULTS })
    const anew = repositoryOf({ ...snapshot })
    const shown = (list: readonly Filed[] | undefined) =>
      (list ?? []).map(f => `${f.resource} ${f.policy.document.text}`)
    assert.deepEqual(shown(patched.clusterwide), shown(anew.clusterwide), `step ${step}`)
    assert.deepEqual(shown(patched.unplaced), shown(anew.unplaced))
    for (const n of ['x', 'y']) assert.deepEqual(shown(patched.byNamespace.get(n)), shown(anew.byNamespace.get(n)))
    assert.deepEqual(patched.inForce.places(), anew.inForce.places())
  }
})

test('after thousands of exchanges each rule is where it should be', () => {
  const { below } = random(5)
  const all: Filed[] = []
  const expected = new Map<Filed, number>()
  let inForce = new InForce(new Map())
  for (let at = 0; at < 3000; at++) {
    const old = all.filter(() => below(400) === 0)
    const fresh = [{ resource: String(at) } as Filed, ...old.filter(() => below(2) === 0)]
    all.push(...fresh.slice(0, 1))
    for (const f of old) expected.delete(f)
    for (const f of fresh) expected.set(f, at)
    inForce = inForce.exchanged(old, fresh, at)
    if (at % 100 === 0) for (const f of all) assert.equal(inForce.place(f), expected.get(f))
  }
  assert.equal(inForce.places().size, expected.size)
  for (const f of all) assert.deepEqual([inForce.place(f), inForce.has(f)], [expected.get(f), expected.has(f)])
})
