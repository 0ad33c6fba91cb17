// Holds `cilium-policy reach`: exit codes, the JSON shape, many flows at once, and what it says when it cannot run.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { podsOf } from '../engine/world.ts'
import { folderOf } from './command.ts'

const POLICY = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: api, namespace: shop }
spec:
  endpointSelector: { matchLabels: { app: api } }
  ingress:
    - fromEndpoints: [{ matchLabels: { app: web } }]
      toPorts: [{ ports: [{ port: "80", protocol: TCP }] }]
`
const PODS = podsOf('shop/web app=web sa=web', 'shop/api app=api ip=10.0.0.2', 'shop/other app=api2 sa=web')
const folder = folderOf({ 'policies/api.yaml': POLICY, 'inventory.json': PODS })
const reach = (...args: readonly string[]) => folder.run('reach', ...args, '--inventory', 'inventory.json')
const flow = (from: string, to: string, port: string) => ['--from', from, '--to', to, '--port', port]

test('exit 0 allowed, 1 denied, 3 unknown', async () => {
  assert.equal((await reach(...flow('shop/web', 'ip:10.0.0.2', '80/TCP'))).code, 0)
  assert.equal((await reach(...flow('shop/web', 'shop/api', '81/TCP'))).code, 1)
  assert.equal((await reach(...flow('sa:shop/web', 'shop/api', '80/TCP'))).code, 3, 'its pods do not agree')
  assert.equal((await reach(...flow('shop/nobody', 'shop/api', '80/TCP'))).code, 3)
  assert.equal((await reach(...flow('entity:cluster', 'shop/api', '80/TCP'))).code, 3, 'an entity, but not one end')
})

test('text names the lines', async () => {
  const { out } = await reach(...flow('shop/web', 'shop/api', '80/TCP'), 'policies')
  assert.match(out, /^shop\/web → shop\/api 80\/TCP: allowed$/m)
  assert.match(out, /policies\/api\.yaml:7:7 {2}allows it: {2}- fromEndpoints: /)
})

test('JSON has the shape of the contract', async () => {
  const { out } = await reach(...flow('shop/web', 'shop/api', '81/TCP'), '--format', 'json')
  assert.deepEqual(JSON.parse(out), {
    verdict: 'denied',
    egress: { verdict: 'allowed', because: [{ file: null, line: null, effect: 'no-policy' }] },
    ingress: { verdict: 'denied', because: [{ file: 'policies/api.yaml', line: 6, effect: 'default-deny' }] },
  })
})

test('policies that take no part are named with the reason', async () => {
  const wrong = POLICY.replace('name: api,', 'name: wrong,').replace('"80"', '"70000"')
  const again = POLICY.replace('app: web', 'app: other')
  const elsewhere = wrong.replace('{ app: api }', '{ app: db }').replace('name: wrong', 'name: db')
  const files = { 'a.yaml': POLICY, 'b.yaml': again, 'c.yaml': wrong, 'd.yaml': elsewhere, 'inventory.json': PODS }
  const broken = folderOf(files)
  const asked = [...flow('shop/web', 'shop/api', '80/TCP'), '--inventory', 'inventory.json']
  const { out } = await broken.run('reach', ...asked)
  assert.match(out, /^ {2}left out: a\.yaml:3:19 {2}api is given anew by another document: .* the last one counts$/m)
  assert.match(out, /^ {2}left out: c\.yaml:3:19 {2}wrong has an error: Cilium refuses it and enforces nothing of it$/m)
  assert.doesNotMatch(out, /d\.yaml/)
  const { leftOut } = JSON.parse((await broken.run('reach', ...asked, '--format', 'json')).out)
  assert.deepEqual(leftOut, [
    { file: 'a.yaml', line: 3, policy: 'api', why: 'replaced' },
    { file: 'c.yaml', line: 3, policy: 'wrong', why: 'refused' },
  ])
})

test('--flows answers each line in order and exits 0', async () => {
  const flows = [
    { id: 'a', from: 'shop/web', to: 'shop/api', port: '80/TCP' },
    { from: 'entity:world', to: 'shop/api', port: '80/TCP' },
    { id: 3, from: 'shop/nobody', to: 'shop/api', port: '80/TCP' },
  ]
  const lines = flows.map(f => JSON.stringify(f)).join('\n')
  const { code, out } = await folder.pipe(lines, 'reach', '--flows', '-', '--inventory', 'inventory.json')
  const answers = out
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  assert.equal(code, 0)
  assert.deepEqual(
    answers.map(a => [a.id, a.verdict]),
    [
      ['a', 'allowed'],
      [undefined, 'denied'],
      [3, 'unknown'],
    ],
  )
})

test('a policy that stands in the inventory and in a path is there once', async () => {
  const both = folderOf({ 'all.yaml': `${POLICY}---\n${PODS}` })
  const asked = flow('shop/web', 'shop/api', '80/TCP')
  const { code, out } = await both.run('reach', ...asked, '--inventory', 'all.yaml', 'all.yaml')
  assert.equal(code, 0)
  assert.match(out, /^ {4}all\.yaml:7:7 {2}allows it/m)
  assert.doesNotMatch(out, /left out/)
})

test('--flows takes a byte order mark, and a number as a port of TCP', async () => {
  const ends = '"from": "shop/web", "to": "shop/api"'
  const asked = ['reach', '--flows', '-', '--inventory', 'inventory.json']
  const { code, out } = await folder.pipe(`\uFEFF{${ends}, "port": 80}\n{${ends}, "port": 81}`, ...asked)
  assert.equal(code, 0)
  assert.deepEqual(
    out
      .trim()
      .split('\n')
      .map(line => JSON.parse(line).verdict),
    ['allowed', 'denied'],
  )
  const refused: readonly (readonly [string, RegExp])[] = [
    [`{${ends}, "port": 70000}`, /line 1 of the flows: port is 70000: write a number and a protocol/],
    [`{${ends}, "port": 80.5}`, /port is 80\.5: write a number and a protocol/],
    [`{${ends}, "port": true}`, /port is true: write a text/],
    [`{${ends}, "port": null}`, /port is missing/],
    ['{"from": 1, "to": "shop/api", "port": "80"}', /from is 1: write a text/],
  ]
  for (const [line, message] of refused) {
    const { code, err } = await folder.pipe(line, ...asked)
    assert.equal(code, 2)
    assert.match(err, message)
  }
})

test('an end that can never name anything is unknown among --flows', async () => {
  for (const from of ['foo', 'entity:worldd', 'sa:web']) {
    const line = JSON.stringify({ from, to: 'shop/api', port: '80/TCP' })
    const { code, out } = await folder.pipe(line, 'reach', '--flows', '-', '--inventory', 'inventory.json')
    assert.deepEqual([code, JSON.parse(out).verdict], [0, 'unknown'])
  }
})

test('what it cannot run is one line and exit 2', async () => {
  const refused: readonly (readonly [readonly string[], RegExp])[] = [
    [flow('shop/web', 'shop/api', 'x/TCP'), /--port is x\/TCP/],
    [['--from', 'shop/web'], /--to is missing/],
    [flow('foo', 'shop/api', '80/TCP'), /--from: "foo" is no endpoint: write namespace\/pod/],
    [flow('shop/web', 'a/b/c', '80/TCP'), /--to: "a\/b\/c" is no endpoint/],
    [flow('entity:worldd', 'shop/api', '80/TCP'), /--from: "entity:worldd" is not one end of a flow: there are world,/],
    [flow('shop/web', 'ip:300.1.1.1', '80/TCP'), /--to: "300\.1\.1\.1" is no address/],
    [flow('shop/web', 'fqdn:a b', '80/TCP'), /--to: "a b" is no DNS name/],
    [flow('sa:web', 'shop/api', '80/TCP'), /--from: "sa:web" is no endpoint: write sa:namespace\/account/],
    [flow('pod:shop/web', 'shop/api', '80/TCP'), /--from: "pod:shop\/web" is no endpoint: write/],
    [[...flow('shop/web', 'shop/api', '80/TCP'), '--flows', '-'], /--flows asks by itself/],
    [['--flows', 'policies/api.yaml'], /line 1 of the flows: is no JSON/],
    [[...flow('a', 'b', '1'), '--flows', '-'], /--from/],
    [[...flow('shop/web', 'shop/api', '80'), 'nowhere'], /cannot read nowhere/],
    [[...flow('shop/web', 'shop/api', '80'), '--format', 'xml'], /--format is xml/],
  ]
  for (const [args, message] of refused) {
    const { code, err } = await reach(...args)
    assert.equal(code, 2)
    assert.match(err, message)
    assert.equal(err.trim().split('\n').length, 1)
  }
  const { code, err } = await folder.pipe(PODS, 'reach', '--flows', '-', '--inventory', '-')
  assert.equal(code, 2)
  assert.match(err, /standard input cannot be both the flows and the inventory/)
})
