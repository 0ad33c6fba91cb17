// "Who can reach this?": the text for the rule or workload at the cursor.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeLenses } from '../../server/src/features/codeLens.ts'
import { reachable } from '../../server/src/features/reachable.ts'
import { podsOf, snapshotOf } from '../engine/world.ts'

const POLICY = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: api, namespace: shop }
spec:
  endpointSelector: { matchLabels: { app: api } }
  ingress:
    - fromEndpoints: [{ matchLabels: { app: web } }]
      toPorts: [{ ports: [{ port: "80", protocol: TCP }] }]
  egress:
    - toEntities: [kube-apiserver]
`
const PODS = podsOf('shop/web app=web', 'shop/api app=api port=http:8080', 'ops/probe app=probe port=http:9090')
const URI = 'file:///w/policies.yaml'
const at = (line: number) => ({ uri: URI, position: { line, character: 4 } })

test('a rule tells who reaches its pods and what they reach, with links to the lines', () => {
  const { text } = reachable(snapshotOf(POLICY, PODS), at(6))
  const [into = '', out = ''] = (text ?? '').split('## What it can reach')
  assert.match(into, /^# shop\/api/)
  assert.match(into, /- \*\*shop\/web\*\* on 80\/TCP: \[`w\/policies\.yaml:7`\]\(file:\/\/\/w\/policies\.yaml#L7\)/)
  assert.match(into, /- \*\*host\*\* on /, 'the local node may always')
  assert.doesNotMatch(into, /probe|world/)
  assert.match(out, /- \*\*kube\\-apiserver\*\* on 443\/TCP: \[`w\/policies\.yaml:10`\]/)
  assert.doesNotMatch(out, /probe|web/)
})

test('policies for these pods that take no part are named with the reason', () => {
  const refused = `${POLICY}---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: wrong, namespace: shop }
spec:
  endpointSelector: { matchLabels: { app: api } }
  ingress: [{ fromEntities: [wrld] }]
`
  const [, left = ''] = (reachable(snapshotOf(refused, PODS), at(6)).text ?? '').split('## Policies that take no part')
  assert.match(left, /- \*\*wrong\*\* \[`w\/policies\.yaml:14`\]\(\S+#L14\): Cilium refuses it/)
  assert.doesNotMatch(reachable(snapshotOf(POLICY, PODS), at(6)).text ?? '', /take no part/)
})

test('elsewhere it says why there is nothing to say', () => {
  const none = snapshotOf(POLICY, '')
  assert.match(reachable(none, at(6)).problem ?? '', /No pod is known/)
  assert.match(reachable(none, { ...at(1), uri: 'file:///w/other.yaml' }).problem ?? '', /not among those/)
})

test('a lens offers it where the editor has a command for it', () => {
  const s = snapshotOf(POLICY, PODS)
  const offered = (client: { reachCommand?: string }) =>
    codeLenses(s, URI, client).filter(l => l.command?.title.startsWith('who can reach'))
  assert.deepEqual(offered({ reachCommand: 'show' })[0]?.command?.arguments, [URI, { line: 4, character: 2 }])
  assert.deepEqual(offered({}), [])
})
