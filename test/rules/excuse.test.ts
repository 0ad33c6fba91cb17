// What kustomize and Flux replace or complete is not judged.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { check } from '../../server/src/rules/check.ts'
import { parseFile } from '../../server/src/syntax/parse.ts'
import { DEFAULTS } from '../../server/src/workspace/settings.ts'

/** What is wrong in the first of the files, beside the others; names are paths. */
function wrong(files: Readonly<Record<string, string>>): string[] {
  const parsed = Object.entries(files).map(([path, text]) => parseFile(`file:///w/${path}`, undefined, text))
  const snapshot = { files: new Map(parsed.map(f => [f.uri, f])), inventories: [], settings: DEFAULTS }
  return (parsed[0]?.documents ?? []).flatMap(document => check(snapshot, document).map(p => p.code))
}

const policy = (metadata: string, spec = '{endpointSelector: {}, egress: [{}]}') =>
  `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {${metadata}}\nspec: ${spec}\n`

test('a namespace that is replaced', () => {
  const file = policy('name: a, namespace: _')
  assert.deepEqual(wrong({ 'app/a.yaml': file }), ['invalid-metadata'])
  assert.deepEqual(
    wrong({ 'app/a.yaml': file, 'app/kustomization.yaml': 'namespace: shop\nresources: [a.yaml]\n' }),
    [],
  )
  const flux =
    'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: x}\nspec: {path: ./app, targetNamespace: shop}\n'
  assert.deepEqual(wrong({ 'app/a.yaml': file, 'flux.yaml': flux }), [])
  assert.deepEqual(wrong({ 'app/a.yaml': policy('name: _, namespace: _'), 'flux.yaml': flux }), ['invalid-metadata'])
})

test('patches are parts of objects', () => {
  const patch = `${policy('labels: {a: b}', '{egress: []}')}$patch: replace\n`
  const whole = wrong({ 'over/patches/p.yaml': patch })
  assert.deepEqual(whole.toSorted(), ['empty-rule', 'invalid-metadata', 'missing-field', 'unknown-field'])
  for (const named of ['patches: [{path: patches/p.yaml}]', 'patchesStrategicMerge: [./patches/p.yaml]']) {
    assert.deepEqual(wrong({ 'over/patches/p.yaml': patch, 'over/kustomization.yaml': `${named}\n` }), [])
  }
  const bad = policy('name: a', '{egress: [{toEntities: [wrld]}]}')
  const kustomization = 'patches:\n  - path: ../a/./p.yaml\n  - patch: |\n      a: b\n'
  assert.deepEqual(wrong({ 'a/p.yaml': bad, 'over/kustomization.yaml': kustomization }), ['unknown-entity'])
})
