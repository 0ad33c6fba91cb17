// Verdicts on small cases, with the lines that decided.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { egress, ingress } from '../../server/src/engine/verdict.ts'
import type { Snapshot } from '../../server/src/workspace/snapshot.ts'
import { podsOf, say, snapshotOf } from './world.ts'

const PODS = podsOf('shop/web app=web', 'shop/api app=api port=http:8080', 'ops/probe app=probe')

const API = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: api, namespace: shop }
spec:
  endpointSelector: { matchLabels: { app: api } }
  ingress:
    - fromEndpoints: [{ matchLabels: { app: web } }]
      toPorts: [{ ports: [{ port: http, protocol: TCP }] }]
`

test('open where no policy selects, closed by the section that selects', () => {
  const s = snapshotOf(API, PODS)
  assert.equal(say(s, 'shop/web > shop/api 8080/TCP'), 'allowed: egress no-policy, ingress allow@7')
  assert.equal(say(s, 'shop/web > shop/api 80/TCP'), 'denied: egress no-policy, ingress default-deny@6')
  assert.equal(say(s, 'ops/probe > shop/api 8080/TCP'), 'denied: egress no-policy, ingress default-deny@6')
  assert.equal(say(s, 'shop/api > entity:world 443/TCP'), 'allowed: egress no-policy, ingress no-policy')
  assert.equal(say(s, 'entity:world > shop/api 8080/TCP'), 'denied: egress no-policy, ingress default-deny@6')
})

test('deny comes before allow', () => {
  const s = snapshotOf(`${API}  ingressDeny: [{ fromEntities: [all] }]\n`, PODS)
  assert.equal(say(s, 'shop/web > shop/api 8080/TCP'), 'denied: egress no-policy, ingress deny@9')
})

test('modes always and never', () => {
  const always = snapshotOf(API, PODS, { enforcementMode: 'always' })
  assert.equal(say(always, 'shop/web > shop/api 8080/TCP'), 'denied: egress default-deny, ingress allow@7')
  const never = snapshotOf(API, PODS, { enforcementMode: 'never' })
  assert.equal(say(never, 'ops/probe > shop/api 1/TCP'), 'allowed: egress no-policy, ingress no-policy')
})

test('a rejected policy enforces nothing', () => {
  const s = snapshotOf(API.replace('port: http', 'port: 8080'), PODS)
  assert.equal(say(s, 'ops/probe > shop/api 1/TCP'), 'allowed: egress no-policy, ingress no-policy')
})

test('a policy without a known namespace may be anywhere', () => {
  const s = snapshotOf(API.replace(', namespace: shop', ''), PODS)
  assert.equal(say(s, 'ops/probe > shop/api 8080/TCP').split(':')[0], 'unknown')
  assert.equal(say(s, 'ops/probe > shop/web 8080/TCP').split(':')[0], 'allowed')
})

test('what only a selector tells is reasoned about', () => {
  const s = snapshotOf(API, '')
  const is = (value: string) => ({ source: 'any', key: 'app', operator: 'In' as const, values: [value] })
  const implied = (...conditions: ReturnType<typeof is>[]) =>
    ({ kind: 'implied', conditions, namespace: 'shop' }) as const
  const port = { port: 8080, protocol: 'TCP' } as const
  const to = implied(is('api'))
  assert.equal(
    ingress(s, { from: implied(is('web')), to, port }).verdict,
    'unknown',
    'the number of the port is unknown',
  )
  assert.equal(ingress(s, { from: implied(is('other')), to, port }).verdict, 'denied')
  assert.equal(ingress(s, { from: implied(), to, port }).verdict, 'unknown')
  assert.equal(ingress(s, { from: implied(), to: implied(is('db')), port }).verdict, 'allowed')
  assert.equal(ingress(s, { from: implied(is('web')), to: implied(), port }).verdict, 'unknown')
  assert.equal(egress(s, { from: implied(), to, port }).verdict, 'allowed')
})

test('what is required is limited to the namespace, reserved labels too', () => {
  const policy = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: api, namespace: shop }
spec:
  endpointSelector: { matchLabels: { app: api } }
  ingress:
    - fromEndpoints: [{ matchLabels: { reserved:world: "" } }, { matchLabels: { app: web } }]
    - fromRequires: [{ matchLabels: { reserved:world: "" } }]
`
  const s = snapshotOf(policy, PODS, { ciliumVersion: '1.18' })
  assert.equal(say(s, 'entity:world > shop/api 80/TCP'), 'denied: egress no-policy, ingress default-deny@6')
})

test("the agent's own filter of labels decides what selectors can match", () => {
  const filtered = snapshotOf(API, PODS, { config: { labels: 'k8s:team' } })
  assert.equal(say(filtered, 'shop/web > shop/api 1/TCP'), 'allowed: egress no-policy, ingress no-policy')
})

/** A policy of web with these egress items. */
const egressOf = (items: string): string => `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: web, namespace: shop }
spec:
  endpointSelector: { matchLabels: { app: web } }
  egress:${items}
`

/** The verdict of a flow in one word. */
const wordOf = (s: Snapshot, flow = 'shop/web > shop/api 80/TCP'): string | undefined => say(s, flow).split(':')[0]

test('L7 rules of two kinds for nobody are no conflict', () => {
  const l7 = (kind: string) => `
    - toEntities: [none]
      toPorts: [{ ports: [{ port: "53", protocol: TCP }], rules: { ${kind} } }]`
  const policy = egressOf(`${l7('dns: [{ matchPattern: "*" }]')}${l7('http: [{ method: GET }]')}`)
  const verdictOf = (text: string) => wordOf(snapshotOf(text, PODS))
  assert.equal(verdictOf(policy), 'denied')
  assert.equal(verdictOf(policy.replaceAll('[none]', '[world]')), 'unknown')
})

test('with match mode pods a selector of groups that asks for absence alone matches health and ingress too', () => {
  const policy = egressOf(`
    - toCIDRSet: [{ cidrGroupSelector: { matchExpressions: [{ key: kind, operator: NotIn, values: [office] }] } }]`)
  const verdictOf = (config: Readonly<Record<string, string>>) =>
    wordOf(snapshotOf(policy, PODS, { config }), 'shop/web > entity:ingress 80/TCP')
  assert.equal(verdictOf({}), 'denied')
  assert.equal(verdictOf({ 'policy-cidr-match-mode': 'pods' }), 'allowed')
})

test('an empty list is no longer empty once a service puts its pods or addresses into it', () => {
  const policy = egressOf(`
    - toServices: [{ k8sService: { serviceName: api, namespace: shop } }]
      toEndpoints: []`)
  const service = `apiVersion: v1
kind: Service
metadata: { name: api, namespace: shop }
spec: { selector: { app: api } }
`
  const verdictOf = (text: string, ciliumVersion: '1.16' | '1.18' | '1.20') =>
    wordOf(snapshotOf(text, `${PODS}\n---\n${service}`, { ciliumVersion }))
  assert.equal(verdictOf(policy, '1.20'), 'allowed')
  assert.equal(verdictOf(policy, '1.18'), 'allowed')
  assert.equal(verdictOf(policy, '1.16'), 'denied')
  assert.equal(verdictOf(policy.replace('toEndpoints', 'toCIDRSet'), '1.18'), 'denied')
  assert.equal(verdictOf(policy.replace('serviceName: api', 'serviceName: db'), '1.18'), 'denied')
})

test('since 1.20 a named port is looked up with the pods that are selected, not with an aggregate of theirs', () => {
  const policy = `apiVersion: cilium.io/v2
kind: CiliumClusterwideNetworkPolicy
metadata: { name: all }
spec:
  endpointSelector: {}
  egress:
    - toEndpoints: [{ matchExpressions: [{ key: io.kubernetes.pod.namespace, operator: NotIn, values: [shop] }] }]
      toPorts: [{ ports: [{ port: http, protocol: TCP }, { port: "9090", protocol: TCP }] }]
`
  const pods = podsOf('shop/web app=web', 'shop/api app=api port=http:8080', 'ops/api port=http:8080')
  const s = snapshotOf(policy, pods, { ciliumVersion: '1.20', config: { 'policy-default-local-cluster': 'false' } })
  const verdictOf = (flow: string) => wordOf(s, flow)
  assert.equal(verdictOf('shop/web > shop/api 8080/TCP'), 'denied')
  assert.equal(verdictOf('shop/web > shop/api 9090/TCP'), 'allowed')
  assert.equal(verdictOf('shop/web > ops/api 8080/TCP'), 'allowed')
})

test('up to 1.18 an item for everybody is for nobody in particular, so that it is not in the way of one that is', () => {
  const policy = egressOf(`
    - toEntities: [remote-node, all]
      toPorts: [{ ports: [{ port: "53", protocol: TCP }], rules: { dns: [{ matchPattern: "*" }] } }]
    - toEntities: [cluster]
      toPorts: [{ ports: [{ port: "53", protocol: TCP }], rules: { http: [{ method: GET }] } }]`)
  const verdictOf = (ciliumVersion: '1.18' | '1.19', text: string) => wordOf(snapshotOf(text, PODS, { ciliumVersion }))
  assert.equal(verdictOf('1.18', policy), 'denied')
  assert.equal(verdictOf('1.18', policy.replace('remote-node, all', 'remote-node')), 'unknown')
  assert.equal(verdictOf('1.19', policy), 'unknown')
})

test('up to 1.18 all addresses are the world, also where rules cannot be merged', () => {
  const policy = egressOf(`
    - toCIDR: [0.0.0.0/0]
      toPorts: [{ ports: [{ port: "53", protocol: TCP }], rules: { dns: [{ matchPattern: "*" }] } }]
    - toEntities: [world]
      toPorts: [{ ports: [{ port: "53", protocol: TCP }], rules: { http: [{ method: GET }] } }]`)
  const verdictOf = (ciliumVersion: '1.18' | '1.19', text: string) => wordOf(snapshotOf(text, PODS, { ciliumVersion }))
  assert.equal(verdictOf('1.18', policy), 'unknown')
  assert.equal(verdictOf('1.18', policy.replace('0.0.0.0/0', '0.0.0.0/1')), 'denied')
  assert.equal(verdictOf('1.19', policy), 'denied')
})
