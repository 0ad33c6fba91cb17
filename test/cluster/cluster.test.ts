// The live cluster: list and watch, what is forbidden, what breaks, what comes back; and what never leaves it.

import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { contextsOf } from '../../server/src/cluster/main.ts'
import { parseFile } from '../../server/src/syntax/parse.ts'
import { inventoryFromFile } from '../../server/src/workspace/collect.ts'
import type { Inventory } from '../../server/src/workspace/inventory.ts'
import type { ClusterOptions } from '../../server/src/workspace/live.ts'
import { type ApiServer, kubeconfigFor, pod, startApiServer } from './apiServer.ts'
import { atEnd, type Followed, folder, follow, file as kubeconfig } from './followed.ts'

async function server(): Promise<ApiServer> {
  const made = await startApiServer()
  atEnd(() => made.stop())
  return made
}

async function connected(api: ApiServer): Promise<Followed> {
  return follow({ kubeconfig: kubeconfig(api.kubeconfig) })
}

const PODS = '/api/v1/pods'
const ACCOUNTS = '/api/v1/serviceaccounts'
const POLICIES = '/apis/cilium.io/v2/ciliumnetworkpolicies'

test('what is there is read, in pages, and what comes and goes is followed', async () => {
  const api = await server()
  for (let i = 0; i < 1203; i++) api.put(PODS, pod('shop', `p${i}`))
  const live = await connected(api)
  const first = await live.inventory(() => true)
  assert.equal(first.endpoints.length, 1203)
  assert.equal(first.origin.name, 'cluster test')
  assert.deepEqual(first.endpoints[0]?.ports, [{ name: 'http', port: 8080, protocol: 'TCP' }])
  await live.status('live')
  api.put(ACCOUNTS, { metadata: { name: 'web', namespace: 'shop' } })
  api.remove(PODS, 'p0', 'shop')
  const then = await live.inventory(i => i.serviceAccounts.length === 1)
  assert.equal(then.endpoints.length, 1202)
})

test('no Secrets are asked for', async () => {
  const api = await server()
  const live = await connected(api)
  await live.status('live')
  assert.ok(api.asked.length > 10)
  assert.ok(api.asked.every(path => !path.includes('secret')))
})

test('what is forbidden is named with the permission to ask for, and the rest works', async () => {
  const api = await server()
  api.put(PODS, pod('shop', 'web'))
  api.refuse(ACCOUNTS, 403)
  const live = await connected(api)
  const { tooltip } = await live.status('partly')
  assert.match(
    tooltip,
    /Not allowed to read service accounts: ask for the permission to get, list and watch serviceaccounts\./,
  )
  assert.equal(live.inventories.at(-1)?.endpoints.length, 1)
})

test('a cluster without Cilium is live', async () => {
  const api = await server()
  api.refuse(POLICIES, 404)
  api.refuse('/apis/cilium.io/v2/ciliumclusterwidenetworkpolicies', 404)
  api.refuse('/apis/cilium.io/v2/ciliumcidrgroups', 404)
  const live = await connected(api)
  await live.status('live')
})

test('a lost cluster is stale, keeps its data, and comes back', async () => {
  const api = await server()
  api.put(PODS, pod('shop', 'web'))
  const live = await connected(api)
  await live.status('live')
  const before = live.inventories.at(-1)
  await api.stop()
  const { tooltip } = await live.status('stale')
  assert.match(tooltip, /Lost since \d\d:\d\d:\d\d: nothing listens there/)
  const lost = live.inventories.at(-1)
  assert.match(lost?.endpoints[0]?.origin.name ?? '', /^cluster test \(lost since \d\d:\d\d:\d\d\)$/)
  const plain = (i: Inventory | undefined) => JSON.stringify(i, (key, value) => (key === 'origin' ? 'cluster' : value))
  assert.equal(plain(lost), plain(before))
  await api.start()
  api.put(PODS, pod('shop', 'new'))
  await live.status('live')
  const then = await live.inventory(i => i.endpoints.length === 2)
  assert.equal(then.endpoints.length, 2)
})

test('a server that has forgotten where we were is read again', async () => {
  const api = await server()
  api.put(PODS, pod('shop', 'web'))
  const live = await connected(api)
  await live.status('live')
  api.put(PODS, pod('shop', 'second'))
  api.compact()
  api.cut()
  api.remove(PODS, 'web', 'shop')
  const then = await live.inventory(i => i.endpoints.length === 1 && i.endpoints[0]?.name === 'second')
  assert.ok(then)
})

test('answers that are cut off fail with a reason', async () => {
  const api = await server()
  api.spoil('truncate')
  const live = await connected(api)
  const { tooltip } = await live.status('failed')
  assert.match(tooltip, /the answer is not JSON/)
  api.spoil('no')
  await live.status('live')
})

test('policies of the cluster are files of their own', async () => {
  const api = await server()
  api.put(POLICIES, { metadata: { name: 'web', namespace: 'shop' }, spec: { endpointSelector: {}, ingress: [{}] } })
  const live = await connected(api)
  const { policies } = await live.inventory(i => i.policies.length === 1)
  assert.equal(policies[0]?.uri, 'cilium-policy-cluster:/test/shop/CiliumNetworkPolicy/web.yaml')
  assert.match(
    policies[0]?.text ?? '',
    /^apiVersion: cilium.io\/v2\nkind: CiliumNetworkPolicy\nmetadata:\n {2}name: web\n/,
  )
})

test("Cilium's version and configuration are read", async () => {
  const api = await server()
  const image = 'quay.io/cilium/cilium:v1.19.4@sha256:abc'
  const template = {
    spec: { containers: [{ name: 'cilium-agent', image, env: [{ name: 'A', value: 'secret-env' }] }] },
  }
  api.put('/apis/apps/v1/daemonsets', {
    metadata: { name: 'cilium', namespace: 'kube-system' },
    spec: { template },
  })
  api.put('/api/v1/configmaps', {
    metadata: { name: 'cilium-config', namespace: 'kube-system' },
    data: { 'enable-policy': 'always', 'some-password': 'secret-config' },
  })
  const live = await connected(api)
  const { config, ciliumVersion } = await live.inventory(i => i.ciliumVersion !== undefined)
  assert.deepEqual(config, { 'enable-policy': 'always' })
  assert.equal(ciliumVersion, '1.19.4')
})

test('a snapshot holds no secrets, is reproducible, and reads back as what was live', async () => {
  const api = await server()
  api.put(PODS, pod('shop', 'web', { z: '1', a: '2' }))
  api.put(PODS, pod('bank', 'web'))
  api.put('/api/v1/namespaces', { metadata: { name: 'shop', labels: { team: 'on' } } })
  api.put(POLICIES, { metadata: { name: 'web', namespace: 'shop' }, spec: { endpointSelector: {}, ingress: [{}] } })
  const live = await connected(api)
  await live.status('live')
  const text = live.cluster.snapshot() ?? ''
  assert.ok(!text.includes('secret'), text)
  assert.ok(text.indexOf('namespace: bank') < text.indexOf('namespace: shop'))
  assert.equal(live.cluster.snapshot(), text)
  const read = inventoryFromFile(parseFile('file:///inventory.yaml', undefined, text))
  assert.deepEqual(read.gaps, [])
  const plain = (i: Inventory | undefined) => i?.endpoints.map(({ origin, place, ...rest }) => rest).toSorted(byName)
  assert.deepEqual(plain(read), plain(live.inventories.at(-1)))
  assert.equal(read.policies.length, 1)
})

const byName = (a: { namespace: string }, b: { namespace: string }) => (a.namespace < b.namespace ? -1 : 1)

test('a kubeconfig that is missing, broken or points nowhere has one clear sentence', async () => {
  const cases: readonly (readonly [Partial<ClusterOptions>, string, RegExp])[] = [
    [{ kubeconfig: '/nowhere/config' }, 'failed', /^There is no kubeconfig at \/nowhere\/config/],
    [{ kubeconfig: kubeconfig('a: [token-in-here') }, 'failed', /it is not YAML \(line \d+\)\.$/],
    [{ kubeconfig: kubeconfig('') }, 'failed', /it is not a kubeconfig\.$/],
    [{ kubeconfig: kubeconfig('[]') }, 'failed', /it is not a kubeconfig\.$|no current context/],
    [{ kubeconfig: kubeconfig(kubeconfigFor('x')), context: 'none' }, 'failed', /no context none: there are test/],
    [{ kubeconfig: kubeconfig(kubeconfigFor('not a url')) }, 'failed', /no usable address/],
    [{ kubeconfig: kubeconfig(kubeconfigFor('http://127.0.0.1:1')) }, 'failed', /nothing listens there/],
    [{ kubeconfig: kubeconfig(kubeconfigFor('https://127.0.0.1:1')) }, 'failed', /nothing listens there/],
  ]
  for (const [options, state, message] of cases) {
    const { tooltip } = await (await follow(options)).status(state)
    assert.match(tooltip, message)
    assert.ok(!tooltip.includes('token-in-here'))
  }
})

test('a kubeconfig that appears is used, one that is broken for a moment changes nothing, and one that goes ends it', async () => {
  const api = await server()
  api.put(PODS, pod('shop', 'web'))
  const path = join(folder, 'appears')
  const live = await follow({ kubeconfig: path })
  await live.status('failed')
  writeFileSync(path, api.kubeconfig)
  await live.status('live')
  const told = live.statuses.length
  writeFileSync(path, 'half: [')
  await new Promise(resolve => setTimeout(resolve, 200))
  writeFileSync(path, api.kubeconfig)
  await new Promise(resolve => setTimeout(resolve, 3500))
  assert.ok(live.statuses.slice(told).every(s => s.state === 'live'))
  rmSync(path)
  await live.status('failed')
  assert.equal(live.inventories.at(-1), undefined)
})

test('a login program starts only in a trusted workspace, and never from a kubeconfig inside it', async () => {
  const api = await server()
  const exec = {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: process.execPath,
    args: ['-e', 'console.log(JSON.stringify({ status: { token: "t" } }))'],
  }
  const path = kubeconfig(kubeconfigFor(api.url, { exec }))
  const untrusted = await (await follow({ kubeconfig: path, trusted: false })).status('failed')
  assert.match(untrusted.tooltip, /started only in a trusted workspace/)
  const inside = await (await follow({ kubeconfig: path, folders: [folder] })).status('failed')
  assert.match(inside.tooltip, /the workspace's own/)
  await (await follow({ kubeconfig: path })).status('live')
})

test('a login program that prints nonsense is named, its output is not', async () => {
  const exec = { command: process.execPath, args: ['-e', 'console.log("token-nonsense")'] }
  const path = kubeconfig(kubeconfigFor('http://127.0.0.1:1', { exec }))
  const { tooltip } = await (await follow({ kubeconfig: path })).status('failed')
  assert.match(tooltip, /the login program .* printed no credentials/)
  assert.ok(!tooltip.includes('token-nonsense'))
})

test('of several kubeconfigs the first entry of each name counts, and missing files are passed over', () => {
  const before = process.env.KUBECONFIG
  const a = kubeconfig(kubeconfigFor('http://a'))
  const b = kubeconfig(kubeconfigFor('http://b').replaceAll('"test"', '"other"'))
  process.env.KUBECONFIG = [a, '/nowhere/at/all', b].join(':')
  const found = contextsOf('')
  if (before === undefined) delete process.env.KUBECONFIG
  else process.env.KUBECONFIG = before
  assert.deepEqual(found, { contexts: ['test', 'other'], current: 'test' })
})
