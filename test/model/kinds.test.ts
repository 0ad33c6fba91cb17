// Objects of a document: alone, in a List, and in a list of one kind, whose items need not say what they are.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { policyRoots, typeOf } from '../../server/src/model/kinds.ts'
import { resources } from '../../server/src/model/lower.ts'
import { checkText } from '../../server/src/rules/check.ts'
import { parseDocument } from '../../server/src/syntax/parse.ts'

const items = `items:
  - metadata: { name: a, namespace: shop }
    spec: { endpointSelector: {}, ingress: [{ fromEntities: [wrld] }] }
  - metadata: { name: b, namespace: shop }
    spec: { endpointSelector: {}, ingress: [{}] }
`
const listOf = (type: string) => `${type}\n${items}`

const codes = (text: string): readonly string[] =>
  checkText(text, { version: '1.20' })
    .filter(p => p.severity === 'error')
    .map(p => p.code)

test('items of a list of policies are policies', () => {
  for (const kind of ['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy']) {
    const text = listOf(`apiVersion: cilium.io/v2\nkind: ${kind}List\nmetadata: { resourceVersion: "1" }`)
    const document = parseDocument(text)
    assert.deepEqual(policyRoots(document).map(typeOf), Array(2).fill({ apiVersion: 'cilium.io/v2', kind }))
    assert.deepEqual(
      resources(document).map(r => r.kind),
      ['policy', 'policy'],
    )
    assert.deepEqual(codes(text), ['unknown-entity'])
  }
})

test('what an item says itself counts, and a List or another apiVersion says nothing', () => {
  const own = listOf('apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicyList').replace(
    '- metadata: { name: a',
    '- kind: CiliumNetworkPolicy\n    metadata: { name: a',
  )
  assert.equal(policyRoots(parseDocument(own)).length, 1)
  for (const type of ['apiVersion: v1\nkind: List', 'apiVersion: cilium.io/v2alpha1\nkind: CiliumNetworkPolicyList'])
    assert.equal(policyRoots(parseDocument(listOf(type))).length, 0)
})

test('pods and accounts as the API server lists them', () => {
  const text = (kind: string, spec: string) => `{ "apiVersion": "v1", "kind": "${kind}", "metadata": {}, "items": [
  { "metadata": { "name": "a", "namespace": "shop" }${spec} } ] }`
  const kinds = (...of: Parameters<typeof text>) => resources(parseDocument(text(...of))).map(r => r.kind)
  assert.deepEqual(kinds('PodList', ', "spec": { "containers": [] }'), ['workload'])
  assert.deepEqual(kinds('ServiceAccountList', ''), ['serviceAccount'])
  assert.deepEqual(kinds('List', ''), [])
})
