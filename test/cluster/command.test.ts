// The command line with a cluster: snapshots that are the same text every time, and checks that know what the cluster knows.

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { folderOf } from '../cli/command.ts'
import { type ApiServer, pod, startApiServer } from './apiServer.ts'
import { atEnd, file } from './followed.ts'
import { webTo } from './objects.ts'

const POLICY = webTo('app: cart')

async function cluster(): Promise<{ api: ApiServer; kubeconfig: string }> {
  const api = await startApiServer()
  atEnd(() => api.stop())
  api.put('/api/v1/namespaces', { metadata: { name: 'shop' } })
  for (const name of ['web', 'cart', 'aside']) api.put('/api/v1/pods', pod('shop', name, { app: name }))
  const closed = { endpointSelector: { matchLabels: { app: 'cart' } }, ingress: [{ fromEntities: ['host'] }] }
  api.put('/apis/cilium.io/v2/ciliumnetworkpolicies', { metadata: { name: 'cart', namespace: 'shop' }, spec: closed })
  api.put('/apis/apps/v1/daemonsets', {
    metadata: { name: 'cilium', namespace: 'kube-system' },
    spec: { template: { spec: { containers: [{ name: 'cilium-agent', image: 'quay.io/cilium/cilium:v1.19.4' }] } } },
  })
  return { api, kubeconfig: file(api.kubeconfig) }
}

test('a snapshot is the same text every time, and a check with it says what a check with the cluster says', async () => {
  const { kubeconfig } = await cluster()
  const folder = folderOf({ 'policies/web.yaml': POLICY })
  const [one, other] = [
    await folder.run('snapshot', '--kubeconfig', kubeconfig),
    await folder.run('snapshot', '--kubeconfig', kubeconfig, '--context', 'test'),
  ]
  assert.deepEqual([one.code, one.err], [0, ''])
  assert.equal(one.out, other.out)
  assert.ok(!/secret|managedFields|annotations|resourceVersion|PASSWORD/.test(one.out), one.out)
  writeFileSync(join(folder.path, 'inventory.yaml'), one.out)
  const problems = async (...flags: string[]) => {
    const { out, err } = await folder.run('check', '--format', 'json', ...flags, 'policies')
    assert.equal(err, '')
    const read = JSON.parse(out) as { problems: { code: string; line: number; severity: string }[] }
    return read.problems.map(({ code, line, severity }) => `${line} ${severity} ${code}`)
  }
  const live = await problems('--cluster', '--kubeconfig', kubeconfig)
  assert.deepEqual(await problems('--inventory', 'inventory.yaml'), live)
  assert.ok(
    live.some(p => p.endsWith('counterpart-missing')),
    live.join('; '),
  )
})

test('what may not be read is said on standard error, and the rest is printed', async () => {
  const { api, kubeconfig } = await cluster()
  api.refuse('/api/v1/services', 403)
  const { code, out, err } = await folderOf({}).run('snapshot', '--kubeconfig', kubeconfig)
  assert.equal(code, 0)
  assert.match(out, /name: web/)
  assert.equal(
    err,
    'cilium-policy: Not allowed to read services: ask for the permission to get, list and watch services.\n',
  )
})

test('a cluster that is not there ends the command with one clear line', async () => {
  const { api, kubeconfig } = await cluster()
  await api.stop()
  const { code, out, err } = await folderOf({}).run('snapshot', '--kubeconfig', kubeconfig)
  assert.deepEqual([code, out], [2, ''])
  assert.match(
    err,
    /^cilium-policy: cannot read the cluster: Cluster test \(http:\/\/127\.0\.0\.1:\d+\)\. It cannot be read: nothing listens there\. .*\n$/,
  )
  const none = await folderOf({}).run('check', '--cluster', '--kubeconfig', '/nowhere/config')
  assert.equal(none.code, 2)
  assert.match(none.err, /There is no kubeconfig at \/nowhere\/config/)
})
