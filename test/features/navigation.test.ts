// Symbols, definitions, references, highlights, lenses and hints.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DocumentSymbol, Location } from 'vscode-languageserver-types'
import { codeLenses } from '../../server/src/features/codeLens.ts'
import { PLAIN_CLIENT } from '../../server/src/features/convert.ts'
import { inlayHints } from '../../server/src/features/inlayHints.ts'
import { definition, highlights, references } from '../../server/src/features/navigation.ts'
import { documentSymbols, workspaceSymbols } from '../../server/src/features/symbols.ts'
import { marked } from './mark.ts'
import { SHOP } from './shop.ts'

const HEAD = 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: web\n  namespace: shop\n'
const BODY = `spec:
  endpointSelector:
    matchLabels:
      io.cilium.k8s.policy.serviceaccount: web
  egress:
    - toEndpoints:
        - matchLabels:
            app: cart
      toPorts:
        - ports:
            - port: "9090"
    - toCIDRSet:
        - cidrGroupRef: partners
`
const TEXT = HEAD + BODY
const OTHERS = { 'cluster.yaml': SHOP, 'b.yaml': TEXT.replace('name: web', 'name: b') }

const lines = (found: readonly Location[]) =>
  found.map(l => `${l.uri.slice(l.uri.lastIndexOf('/') + 1)}:${l.range.start.line + 1}`).sort()

test('the definition of an account, a label, a group and a namespace', () => {
  const at = (before: string, after: string) => {
    const { snapshot, at } = marked(TEXT.replace(before, after), OTHERS)
    return lines(definition(snapshot, at))
  }
  assert.deepEqual(at('serviceaccount: web', 'serviceaccount: we|b'), ['cluster.yaml:7'])
  assert.deepEqual(at('app: cart', 'app: ca|rt'), ['cluster.yaml:21'])
  assert.deepEqual(at('Ref: partners', 'Ref: part|ners'), ['cluster.yaml:53'])
  assert.deepEqual(at('namespace: shop', 'namespace: sh|op'), ['cluster.yaml:4'])
  assert.deepEqual(at('egress', 'egr|ess'), [])
})

test('references in all files, with and without the declaration', () => {
  const { snapshot, at } = marked(TEXT.replace('serviceaccount: web', 'serviceaccount: we|b'), OTHERS)
  assert.deepEqual(lines(references(snapshot, at, false)), ['b.yaml:9', 'cluster.yaml:15', 'policy.yaml:9'])
  assert.deepEqual(lines(references(snapshot, at, true)), [
    'b.yaml:9',
    'cluster.yaml:15',
    'cluster.yaml:7',
    'policy.yaml:9',
  ])
})

test('an account of the same name in another namespace is another one', () => {
  const elsewhere = { 'x.yaml': TEXT.replace('namespace: shop', 'namespace: other') }
  const { snapshot, at } = marked(TEXT.replace('serviceaccount: web', 'serviceaccount: we|b'), elsewhere)
  assert.deepEqual(lines(references(snapshot, at, true)), ['policy.yaml:9'])
})

test('highlights in the file itself', () => {
  const { snapshot, at } = marked(TEXT.replace('app: cart', 'app: ca|rt'), OTHERS)
  assert.equal(highlights(snapshot, at).length, 1)
})

test('the outline of a file', () => {
  const { snapshot, at } = marked(TEXT)
  const [policy] = documentSymbols(snapshot, at.uri, { ...PLAIN_CLIENT, hierarchicalSymbols: true }) as DocumentSymbol[]
  assert.equal(policy?.name, 'web')
  assert.deepEqual(
    policy?.children?.map(c => `${c.name}: ${c.detail}`),
    ['egress: toEndpoints, toPorts', 'egress: toCIDRSet'],
  )
})

test('policies are found by the letters of their names', () => {
  const { snapshot } = marked(TEXT, OTHERS)
  assert.deepEqual(
    workspaceSymbols(snapshot, 'shpwb').map(s => s.name),
    ['web'],
  )
  assert.equal(workspaceSymbols(snapshot, '').length, 2)
})

test('lenses tell the namespace, why, and how many pods are selected', () => {
  const { snapshot, at } = marked(TEXT, OTHERS)
  assert.deepEqual(
    codeLenses(snapshot, at.uri).map(l => l.command?.title),
    ['namespace shop (metadata.namespace)', '1 pod selected'],
  )
  const bare = marked(TEXT.replace('  namespace: shop\n', ''))
  assert.match(codeLenses(bare.snapshot, bare.at.uri)[0]?.command?.title ?? '', /^namespace unknown: /)
})

test('a hint tells what a port is called', () => {
  const { snapshot, at } = marked(TEXT, OTHERS)
  const all = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } }
  assert.deepEqual(
    inlayHints(snapshot, at.uri, all).map(h => h.label),
    ['grpc'],
  )
})
