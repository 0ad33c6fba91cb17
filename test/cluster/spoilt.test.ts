// A server that answers what it should not: watches that end or stay silent, history and pages that are gone, answers of something else,
// lists that stop in the middle. What is known stays, nothing is said that is not so, and nobody is asked without end.

import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { createAccess, type Patience } from '../../server/src/cluster/access.ts'
import { KINDS } from '../../server/src/cluster/kinds.ts'
import { loadKubeconfig } from '../../server/src/cluster/kubeconfig.ts'
import { reflect } from '../../server/src/cluster/reflector.ts'
import { getJson } from '../../server/src/cluster/request.ts'
import { createWake } from '../../server/src/cluster/wake.ts'
import { type ApiServer, kubeconfigFor, pod, type Spoilt, startApiServer } from './apiServer.ts'
import { startDeaf, startHttpProxy } from './between.ts'
import { atEnd, type Followed, file, folder, follow } from './followed.ts'

const PODS = '/api/v1/pods'
const POLICIES = '/apis/cilium.io/v2/ciliumnetworkpolicies'

async function server(pods = 1): Promise<ApiServer> {
  const api = await startApiServer()
  atEnd(() => api.stop())
  for (let i = 0; i < pods; i++) api.put(PODS, pod('shop', `p${i}`))
  return api
}

async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 60_000
  while (!holds()) {
    assert.ok(Date.now() < end, 'never came')
    await setTimeout(5)
  }
}

/** Nothing is known but what was known before. */
function stays(live: Followed, told: number): void {
  for (const inventory of live.inventories.slice(told)) assert.equal(inventory?.endpoints[0]?.name, 'p0')
}

test('pages that expire are read anew from the first, and in one piece when they expire again', async () => {
  const api = await server(1203)
  api.spoil('expire once')
  const pods = (live: Followed) => live.inventory(i => i.endpoints.length === 1203)
  const live = await follow({ kubeconfig: file(api.kubeconfig) })
  await pods(live)
  const pages = () =>
    api
      .queries(PODS)
      .filter(query => !query.has('watch'))
      .map(query => `${query.get('limit')} ${query.get('continue')}`)
  assert.deepEqual(pages(), ['500 null', '500 500', '500 null', '500 500', '500 1000'])
  live.cluster.stop()
  api.spoil('expire')
  const again = await follow({ kubeconfig: file(api.kubeconfig) })
  await pods(again)
  assert.deepEqual(pages().slice(5), ['500 null', '500 500', '500 null', '500 500', 'null null'])
  await again.status('live')
})

test('pages that repeat themselves are no list', async () => {
  const api = await server(1203)
  api.spoil('repeat')
  const live = await follow({ kubeconfig: file(api.kubeconfig) })
  assert.match((await live.status('partly', s => s.tooltip.includes('Pods'))).tooltip, /the answer is not a list/)
  assert.ok(api.queries(PODS).length < 20)
})

const RESTLESS: readonly Spoilt[] = ['end', 'end late', 'forget', 'forget late']

const FORGETFUL: readonly (readonly [string, string, (api: ApiServer) => void])[] = [
  ['watch', 'test (stale)', api => api.spoil('forget status')],
  ['list', 'test (not reached)', api => api.refuse('*', 410)],
]

describe('servers that are no use for long', { concurrency: true }, () => {
  for (const how of RESTLESS)
    test(`a server whose watches ${how} is asked less and less, and changes come all the same`, async () => {
      const api = await server()
      const live = await follow({ kubeconfig: file(api.kubeconfig) })
      await live.status('live')
      api.spoil(how)
      api.cut()
      const before = api.asked.length
      const told = live.statuses.length
      await setTimeout(5000)
      // Thirteen kinds, each at most 5 times: at once, and after half of 0.5, 1, 2 and 4 seconds; each time a list and a watch.
      const asked = api.asked.length - before
      assert.ok(asked <= 13 * 12, `${asked} requests`)
      api.put(PODS, pod('shop', 'late'))
      await live.inventory(i => i.endpoints.length === 2)
      assert.deepEqual(live.statuses.slice(told), [])
    })

  for (const [what, text, spoil] of FORGETFUL)
    test(`a server that answers every ${what} with 410 is asked less and less, and it is said`, async () => {
      const api = await server()
      spoil(api)
      const live = await follow({ kubeconfig: file(api.kubeconfig) })
      await live.status(text.includes('stale') ? 'stale' : 'failed', s => s.text === text)
      assert.match(live.statuses.at(-1)?.tooltip ?? '', /refused with 410/)
      await setTimeout(4000)
      assert.ok(api.asked.length <= 13 * 12, `${api.asked.length} requests`)
      const state = text.includes('stale') ? 'stale' : 'failed'
      assert.deepEqual([...new Set(live.statuses.map(s => s.state))], ['connecting', state])
      api.spoil('no')
      api.refuse('*', 200)
      await live.status('live')
    })

  for (const status of [404, 500])
    test(`a server that answers everything with ${status} is lost, and nothing of it is gone`, async () => {
      const api = await server()
      const live = await follow({ kubeconfig: file(api.kubeconfig) })
      await live.status('live')
      const told = live.inventories.length
      api.refuse('*', status)
      api.stop()
      await live.status('stale')
      await api.start()
      const { text, tooltip } = await live.status('stale', s => s.tooltip.includes('refused'))
      assert.equal(text, 'test (stale)')
      assert.match(tooltip, new RegExp(`Lost since .*: refused with ${status}\\.`))
      stays(live, told)
      api.refuse('*', 200)
      await live.status('live')
      const never = await server()
      never.refuse('*', status)
      const other = await follow({ kubeconfig: file(never.kubeconfig) })
      assert.equal((await other.status('failed')).text, 'test (not reached)')
      assert.ok(other.statuses.every(s => s.state === 'connecting' || s.state === 'failed'))
      assert.deepEqual(other.inventories, [])
    })
})

test('a watch that never says anything is not believed', async () => {
  const api = await server()
  api.spoil('mute')
  const live = await follow({ kubeconfig: file(api.kubeconfig) }, { answer: 15_000, silence: 1000 })
  await live.status('live')
  const told = live.statuses.length
  api.put(PODS, pod('shop', 'late'))
  await live.inventory(i => i.endpoints.length === 2)
  assert.deepEqual(live.statuses.slice(told), [])
})

test('an answer of something else is not a cluster without objects', async () => {
  const api = await server()
  const live = await follow({ kubeconfig: file(api.kubeconfig) })
  await live.status('live')
  const told = live.inventories.length
  api.spoil('other')
  api.compact()
  api.cut()
  assert.match((await live.status('stale')).tooltip, /Lost since .*: the answer is not a list: this is no Kubernetes/)
  stays(live, told)
  api.spoil('no')
  await live.status('live')
})

test('a kind is gone only when the server says so again and again', async () => {
  const api = await server()
  api.put(POLICIES, { metadata: { name: 'web', namespace: 'shop' }, spec: { endpointSelector: {}, ingress: [{}] } })
  const live = await follow({ kubeconfig: file(api.kubeconfig) })
  await live.inventory(i => i.policies.length === 1)
  await live.status('live')
  const told = live.inventories.length
  const before = api.queries(POLICIES).length
  api.refuse(POLICIES, 404)
  api.cut()
  await until(() => api.queries(POLICIES).length > before)
  api.refuse(POLICIES, 200)
  await until(() => api.queries(POLICIES).length >= before + 3)
  api.put(PODS, pod('shop', 'then'))
  await live.inventory(i => i.endpoints.length === 2)
  for (const inventory of live.inventories.slice(told)) assert.equal(inventory?.policies.length, 1)
  api.refuse(POLICIES, 404)
  api.cut()
  await live.inventory(i => i.policies.length === 0)
  await live.status('live')
})

test('a server that wants to be asked next year is asked sooner, and not at once', async () => {
  const api = await server()
  api.refuse(PODS, 429, { 'Retry-After': '99999999' })
  const live = await follow({ kubeconfig: file(api.kubeconfig) })
  await setTimeout(1500)
  assert.equal(api.queries(PODS).length, 1)
  live.cluster.stop()
})

const HASTY: Patience = { answer: 1000, silence: 60_000 }

test('a list that stops in the middle is not waited for without end, compressed or not', async () => {
  const api = await server(200)
  const proxy = await startHttpProxy()
  atEnd(() => proxy.stop())
  const away = JSON.parse(kubeconfigFor(api.url.replace('127.0.0.1', 'kubernetes.test')))
  away.clusters[0].cluster['proxy-url'] = `http://127.0.0.1:${proxy.port}`
  for (const kubeconfig of [api.kubeconfig, JSON.stringify(away)]) {
    api.spoil('freeze')
    const live = await follow({ kubeconfig: file(kubeconfig) }, HASTY)
    assert.match((await live.status('failed')).tooltip, /It cannot be read: it fell silent\. It is tried again\./)
    api.spoil('truncate')
    await live.status('failed', s => !s.tooltip.includes('fell silent'))
    api.spoil('no')
    await live.status('live')
    assert.equal(live.inventories.at(-1)?.endpoints.length, 200)
  }
  assert.ok(proxy.connects.length > 13)
})

test('a proxy that says nothing is not waited for without end', async () => {
  const deaf = await startDeaf()
  atEnd(() => deaf.stop())
  const kubeconfig = JSON.parse(kubeconfigFor('https://kubernetes.test:1'))
  kubeconfig.clusters[0].cluster['proxy-url'] = `http://127.0.0.1:${deaf.port}`
  const live = await follow({ kubeconfig: file(JSON.stringify(kubeconfig)) }, HASTY)
  assert.match((await live.status('failed')).tooltip, /It cannot be read: it did not answer in time\./)
})

test('another authority at the same address is another cluster', async () => {
  const api = await server()
  const path = join(folder, 'authority')
  const withAuthority = (name: string) => {
    const config = JSON.parse(api.kubeconfig)
    config.clusters[0].cluster['certificate-authority-data'] = Buffer.from(name).toString('base64')
    return JSON.stringify(config)
  }
  writeFileSync(path, withAuthority('one'))
  const live = await follow({ kubeconfig: path })
  await live.status('live')
  assert.ok(!live.inventories.includes(undefined))
  writeFileSync(path, withAuthority('another'))
  await until(() => live.inventories.includes(undefined))
  await live.status('live')
})

test('connections leave nothing behind', async () => {
  const api = await server()
  const loaded = loadKubeconfig({ kubeconfig: file(api.kubeconfig), context: '', folders: [], trusted: true })
  assert.ok(loaded.kind === 'config')
  const access = createAccess(loaded)
  const abort = new AbortController()
  const { signal } = abort
  const listeners = () => getEventListeners(signal, 'abort').length
  const wake = createWake()
  const pods = KINDS.find(kind => kind.kind === 'Pod')
  assert.ok(pods)
  const reflector = reflect({ access, signal, wake }, pods, { changed: () => {}, turned: () => {} })
  await until(() => reflector.mirror().state === 'live')
  const one = listeners()
  for (let i = 0; i < 5; i++) {
    const asked = api.asked.length
    wake.fire()
    await until(() => api.asked.length >= asked + 2 && reflector.mirror().state === 'live')
    await setTimeout(300)
  }
  for (let i = 0; i < 20; i++) await getJson(access, { path: PODS, query: {}, signal })
  await assert.rejects(getJson(access, { path: '/nowhere', query: {}, signal }))
  await setTimeout(50)
  assert.equal(listeners(), one)
  abort.abort()
  await setTimeout(50)
  assert.equal(listeners(), 0)
})
