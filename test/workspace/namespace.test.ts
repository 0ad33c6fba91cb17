// The effective namespace of policies, in the shapes that public repositories have.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { policies } from '../../server/src/model/lower.ts'
import { parseFile } from '../../server/src/syntax/parse.ts'
import { DEFAULTS } from '../../server/src/workspace/settings.ts'
import type { Snapshot } from '../../server/src/workspace/snapshot.ts'
import { namespaceOf, whyNamespace } from '../../server/src/workspace/world.ts'

const policy = (namespace = '') => `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: p${namespace && `\n  namespace: ${namespace}`}
spec: { endpointSelector: {}, ingress: [{}] }
`
const flux = (path: string, target = '', name = 'web') => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: ${name}, namespace: flux-system }
spec:
  path: ${path}${target && `\n  targetNamespace: ${target}`}
`
const kustomize = (resources: readonly string[], namespace = '', key = 'resources') =>
  `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n${namespace && `namespace: ${namespace}\n`}${key}:\n${resources.map(r => `  - ${r}\n`).join('')}`

/** "namespace (why)" of the policy in the last file. */
function effective(files: Readonly<Record<string, string>>, namespace = ''): string {
  const entries = Object.entries(files).map(([name, text]) => {
    const uri = `file:///repo/${name}`
    return [uri, parseFile(uri, undefined, text)] as const
  })
  const snapshot: Snapshot = { files: new Map(entries), inventories: [], settings: { ...DEFAULTS, namespace } }
  const [found] = entries.at(-1)?.[1].documents.flatMap(d => policies(d)) ?? []
  assert.ok(found)
  return `${namespaceOf(snapshot, found)} (${whyNamespace(snapshot, found)})`
}

const FLUX = 'targetNamespace of the Flux Kustomization web'
const KUSTOMIZE = 'namespace of kustomization.yaml'
const PLACEHOLDER = `"\${NS}"`
const NONE = 'neither the policy nor a kustomization says one'
const APP = 'kubernetes/apps/shop/web/app'

test('written, from the command line, or unknown', () => {
  assert.equal(effective({ 'p.yaml': policy('shop') }, 'other'), 'shop (metadata.namespace)')
  assert.equal(effective({ 'p.yaml': policy() }, 'other'), 'other (--namespace)')
  assert.equal(effective({ 'p.yaml': policy() }), `undefined (${NONE})`)
  assert.equal(effective({ 'p.yaml': policy(PLACEHOLDER) }, 'other').split(' ')[0], 'undefined')
})

test('the Flux Kustomization whose path holds the file replaces what is written', () => {
  const ks = { 'kubernetes/apps/shop/web/ks.yaml': flux(`./${APP}`, 'shop') }
  assert.equal(effective({ ...ks, [`${APP}/policy.yaml`]: policy() }), `shop (${FLUX})`)
  assert.equal(effective({ ...ks, [`${APP}/policies/deep/policy.yaml`]: policy('other') }), `shop (${FLUX})`)
  assert.equal(effective({ ...ks, [`${APP}2/policy.yaml`]: policy() }), `undefined (${NONE})`)
})

test('an anchor can name the namespace', () => {
  const text = flux(`./${APP}`, '*ns').replace('namespace: flux-system', 'namespace: &ns shop')
  assert.equal(effective({ 'ks.yaml': text, [`${APP}/p.yaml`]: policy() }), `shop (${FLUX})`)
})

test('the longest path decides, also when it leaves namespaces alone', () => {
  const outer = { 'ks.yaml': flux('./kubernetes/apps', 'outer', 'all') }
  const inner = { 'inner.yaml': flux(`./${APP}/`, 'shop') }
  assert.equal(effective({ ...outer, ...inner, [`${APP}/p.yaml`]: policy() }), `shop (${FLUX})`)
  const silent = { 'inner.yaml': flux(`./${APP}/`) }
  assert.equal(effective({ ...outer, ...silent, [`${APP}/p.yaml`]: policy('own') }), 'own (metadata.namespace)')
})

test('one path delivered to several namespaces, or to a placeholder, is unknown', () => {
  const twice = { 'a.yaml': `${flux(`./${APP}`, 'a')}---\n${flux(`./${APP}`, 'b')}` }
  const why = 'Flux Kustomizations deliver it to different namespaces'
  assert.equal(effective({ ...twice, [`${APP}/p.yaml`]: policy('written') }), `undefined (${why})`)
  const open = { 'a.yaml': flux(`./${APP}`, PLACEHOLDER) }
  assert.equal(effective({ ...open, [`${APP}/p.yaml`]: policy('written') }), `undefined (${FLUX} is a placeholder)`)
})

test('a kustomization beside the file counts when it lists it', () => {
  const beside = (list: string) => ({ [`${APP}/kustomization.yaml`]: kustomize([list], 'shop') })
  assert.equal(effective({ ...beside('./policy.yaml'), [`${APP}/policy.yaml`]: policy('x') }), `shop (${KUSTOMIZE})`)
  assert.equal(effective({ ...beside('other.yaml'), [`${APP}/policy.yaml`]: policy('x') }), 'x (metadata.namespace)')
})

test('a kustomization above reaches files by way of those between', () => {
  const files = {
    'apps/kustomization.yaml': kustomize(['shop'], 'far'),
    'apps/shop/kustomization.yml': kustomize(['web/'], 'shop'),
    'apps/shop/web/Kustomization': kustomize(['policies/p.yaml']),
    'apps/shop/web/policies/p.yaml': policy(),
  }
  assert.equal(effective(files), `shop (${KUSTOMIZE})`, 'the nearest one that says a namespace')
})

test('an overlay gives its bases and components a namespace; overlays that differ leave it unknown', () => {
  const base = { 'base/kustomization.yaml': kustomize(['p.yaml']) }
  const overlay = (name: string, namespace: string) => ({
    [`overlays/${name}/kustomization.yaml`]: kustomize(['../../base'], namespace),
  })
  const p = { 'base/p.yaml': policy() }
  assert.equal(effective({ ...overlay('dev', 'shop'), ...base, ...p }), `shop (${KUSTOMIZE})`)
  assert.equal(
    effective({ ...overlay('dev', 'dev'), ...overlay('prod', 'prod'), ...base, ...p }),
    'undefined (kustomizations deliver it to different namespaces)',
  )
  const component = {
    'apps/kustomization.yaml': kustomize(['../components/net'], 'shop', 'components'),
    'components/net/kustomization.yaml': kustomize(['p.yaml']).replace('Kustomization', 'Component'),
    'components/net/p.yaml': policy(),
  }
  assert.equal(effective(component), `shop (${KUSTOMIZE})`)
})

test('kustomizations that hold each other end', () => {
  const files = {
    'a/kustomization.yaml': kustomize(['../b', 'p.yaml']),
    'b/kustomization.yaml': kustomize(['../a']),
    'a/p.yaml': policy(),
  }
  assert.equal(effective(files), `undefined (${NONE})`)
})
