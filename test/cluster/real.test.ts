// The live cluster against a real kube-apiserver with etcd and Cilium's CRDs: what is read, who may log in and how, and what breaks.

import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { before, test } from 'node:test'
import { createAccess, type Patience } from '../../server/src/cluster/access.ts'
import { clusterRole } from '../../server/src/cluster/clusterRole.ts'
import { loadInCluster } from '../../server/src/cluster/kubeconfig.ts'
import { getJson } from '../../server/src/cluster/request.ts'
import { identityLabels } from '../../server/src/model/labels.ts'
import { parseFile } from '../../server/src/syntax/parse.ts'
import { inventoryFromFile } from '../../server/src/workspace/collect.ts'
import type { Inventory } from '../../server/src/workspace/inventory.ts'
import { type Exchange, type Relay, startHttpProxy, startRelay, startWitness } from './between.ts'
import { atEnd, type Followed, file, folder, follow as followAny, plainText } from './followed.ts'
import { AGENT, BINDING, BINDINGS, CILIUM_ENDPOINT, CONFIG, named, POD, POLICY, PRIVATE, ROLES } from './objects.ts'
import {
  ADMIN,
  base64,
  ciliumDefinitions,
  type RealServer,
  realServerMissing,
  startRealServer,
  USERS,
} from './realServer.ts'

const skip = realServerMissing()
let real: RealServer
let relay: Relay
const everyone: Followed[] = []
const tokens: string[] = [ADMIN, ...Object.values(USERS)]

const CNP = '/apis/cilium.io/v2/namespaces/shop/ciliumnetworkpolicies'
const PODS = '/api/v1/namespaces/shop/pods'
const ACCOUNTS = '/api/v1/namespaces/shop/serviceaccounts'

before(async () => {
  if (skip) return
  real = await startRealServer()
  atEnd(() => real.stop())
  relay = await startRelay(real.port)
  atEnd(() => relay.stop())
  await real.create('/api/v1/namespaces', named('shop', undefined, { team: 'store' }))
  await real.create('/api/v1/namespaces', named('kube-system')).catch(() => {})
  await real.create(ACCOUNTS, named('web'))
  await real.create(PODS, POD('web', 'shop', { app: 'web' }), POD('cart', 'shop', { app: 'cart' }))
  await real.create(ROLES, clusterRole())
  await real.create(BINDINGS, BINDING('reader', 'cilium-policy-reader'))
})

/** Follows and is searched for secrets at the end. */
async function follow(kubeconfig: string, patience?: Patience): Promise<Followed> {
  const followed = await followAny({ kubeconfig: file(kubeconfig) }, patience)
  everyone.push(followed)
  return followed
}

/** Through the relay, which is made to behave first. */
function through(user?: object, relayed: Relay = relay): string {
  relayed.be('pass')
  const cluster = { server: `https://127.0.0.1:${relayed.port}`, 'certificate-authority-data': base64(real.ca) }
  return real.kubeconfig(user, cluster)
}

const has = (account: string) => (i: Inventory) => i.serviceAccounts.some(a => a.name === account)

test('every kind is read, and changes come', { skip }, async () => {
  await real.create('/api/v1/namespaces/kube-system/configmaps', CONFIG({ 'enable-policy': 'always' }))
  await real.create('/apis/apps/v1/namespaces/kube-system/daemonsets', AGENT('quay.io/cilium/cilium:v1.19.4@sha256:ab'))
  await real.create('/apis/cilium.io/v2/ciliumcidrgroups', {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumCIDRGroup',
    ...named('partners'),
    spec: { externalCIDRs: ['192.0.2.0/24'] },
  })
  await real.create(CNP, POLICY('web', 'shop', { endpointSelector: {}, ingress: [{}] }))
  const live = await follow(real.kubeconfig())
  const first = await live.inventory(() => true)
  assert.deepEqual(first.gaps, [])
  assert.deepEqual(first.unread, [])
  assert.deepEqual(first.endpoints.map(e => e.name).sort(), ['cart', 'web'])
  assert.equal(first.namespaces.find(n => n.name === 'shop')?.labels.team, 'store')
  assert.deepEqual(
    first.cidrGroups.map(g => [g.name, g.cidrs]),
    [['partners', ['192.0.2.0/24']]],
  )
  assert.deepEqual(first.config, { 'enable-policy': 'always' })
  assert.equal(first.ciliumVersion, '1.19.4')
  assert.ok(first.services.some(s => s.name === 'kubernetes'))
  assert.deepEqual(
    first.policies.map(p => p.uri),
    ['cilium-policy-cluster:/real/shop/CiliumNetworkPolicy/web.yaml'],
  )
  assert.match(
    (await live.status('live')).tooltip,
    /It is read live\. It runs Cilium 1\.19\.4\. Since \d\d:\d\d:\d\d\.$/,
  )

  await real.create(ACCOUNTS, named('new'))
  await live.inventory(has('new'))
  await real.ask('DELETE', `${ACCOUNTS}/new`)
  await live.inventory(i => !has('new')(i))
  await real.ask('PATCH', `${PODS}/cart`, { metadata: { labels: { tier: 'back' } } })
  await live.inventory(i => i.endpoints.some(e => e.labels.tier === 'back'))
})

test("what Cilium says of a pod's labels and ports wins, also in a snapshot", { skip }, async () => {
  const labels = ['k8s:app=other', 'k8s:io.kubernetes.pod.namespace=shop']
  await real.create('/apis/cilium.io/v2/namespaces/shop/ciliumendpoints', CILIUM_ENDPOINT('web', 'shop', labels))
  const live = await follow(real.kubeconfig())
  const { endpoints } = await live.inventory(i => i.endpoints.some(e => e.identity))
  const web = endpoints.find(e => e.name === 'web')
  assert.deepEqual(web?.identity, identityLabels(labels))
  assert.deepEqual(web?.ports, [
    { name: 'renamed', port: 8080, protocol: 'TCP' },
    { name: undefined, port: 9090, protocol: 'TCP' },
  ])
  const read = inventoryFromFile(parseFile('file:///i.yaml', undefined, live.cluster.snapshot() ?? ''))
  const again = read.endpoints.find(e => e.name === 'web')
  assert.deepEqual([again?.identity, again?.ports], [web?.identity, web?.ports])
})

test('labels of a CiliumIdentity count where the endpoint has none', { skip }, async () => {
  await real.create('/apis/cilium.io/v2/ciliumidentities', {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumIdentity',
    ...named('4711'),
    'security-labels': { 'k8s:app': 'by-identity' },
  })
  await real.create('/apis/cilium.io/v2/namespaces/shop/ciliumendpoints', CILIUM_ENDPOINT('cart', 'shop', []))
  const live = await follow(real.kubeconfig())
  const { endpoints } = await live.inventory(i => i.endpoints.filter(e => e.identity).length === 2)
  assert.deepEqual(endpoints.find(e => e.name === 'cart')?.identity, identityLabels(['k8s:app=by-identity']))
})

test('what the operator says of a policy is read', { skip }, async () => {
  const conditions = [
    { type: 'Valid', status: 'False', message: 'bad rule', lastTransitionTime: '2026-01-01T00:00:00Z' },
  ]
  const { status } = await real.ask('PATCH', `${CNP}/web/status`, { status: { conditions } })
  assert.equal(status, 200)
  const live = await follow(real.kubeconfig())
  const { policies } = await live.inventory(i => i.policies.length > 0)
  assert.match(policies[0]?.text ?? '', /message: "bad rule"/)
  assert.ok(!policies[0]?.text.includes('lastTransitionTime'))
})

test('a snapshot is the same text every time', { skip }, async () => {
  const [one, other] = [await follow(real.kubeconfig()), await follow(real.kubeconfig({ token: USERS.reader }))]
  await Promise.all([one.status('live'), other.status('live')])
  assert.equal(one.cluster.snapshot(), other.cluster.snapshot())
})

test('client certificates, in the kubeconfig and beside it', { skip }, async () => {
  await real.create(BINDINGS, BINDING('certified', 'cilium-policy-reader'))
  const { cert, key } = real.certified
  const inline = await follow(
    real.kubeconfig({ 'client-certificate-data': base64(cert), 'client-key-data': base64(key) }),
  )
  await inline.status('live')
  for (const [name, text] of Object.entries({ 'me.crt': cert, 'me.key': key, 'ca.crt': real.ca })) file(text, name)
  const beside = { 'client-certificate': 'me.crt', 'client-key': 'me.key' }
  await (await follow(real.kubeconfig(beside, { 'certificate-authority': 'ca.crt' }))).status('live')
})

test('certificates that do not fit are named, and one that is not verified is shown', { skip }, async () => {
  const token = { token: USERS.reader }
  const unknown = await follow(real.kubeconfig(token, {}))
  assert.match(
    (await unknown.status('failed')).tooltip,
    /its certificate is of an authority that the kubeconfig does not know/,
  )
  const insecure = await follow(real.kubeconfig(token, { 'insecure-skip-tls-verify': true }))
  const { text, tooltip } = await insecure.status('live')
  assert.equal(text, 'real (insecure)')
  assert.match(tooltip, /certificate is not verified: the kubeconfig says insecure-skip-tls-verify/)
  const ca = { 'certificate-authority-data': base64(real.ca) }
  await (await follow(real.kubeconfig(token, { ...ca, 'tls-server-name': 'kubernetes.test' }))).status('live')
  const wrong = await follow(real.kubeconfig(token, { ...ca, 'tls-server-name': 'other.test' }))
  assert.match((await wrong.status('failed')).tooltip, /its certificate is for another name/)
})

test('a token that is not accepted is said, and one that is put in its place counts at once', { skip }, async () => {
  const path = file(real.kubeconfig({ token: 'wrong-token-0815' }))
  tokens.push('wrong-token-0815')
  const live = await followAny({ kubeconfig: path })
  everyone.push(live)
  assert.match((await live.status('failed')).tooltip, /it does not accept the credentials: log in again/)
  writeFileSync(path, real.kubeconfig({ token: USERS.reader }))
  await live.status('live')
})

test('another context of the kubeconfig starts afresh', { skip }, async () => {
  const path = file(real.kubeconfig())
  const live = await followAny({ kubeconfig: path })
  everyone.push(live)
  await live.status('live')
  writeFileSync(path, real.kubeconfig().replaceAll('"real"', '"other"'))
  await live.status('live', s => s.context === 'other')
  const last = await live.inventory(i => i.origin.name === 'cluster other')
  assert.ok(live.inventories.includes(undefined))
  assert.equal(last.endpoints.length, 2)
})

/** A token of the service account `web`, bound to a pod: it holds as long as the pod is there. */
async function boundToken(pod: string): Promise<string> {
  await real.create(PODS, POD(pod, 'shop', {}, 'web'))
  const { metadata } = (await real.ask('GET', `${PODS}/${pod}`)).body
  const boundObjectRef = { kind: 'Pod', apiVersion: 'v1', name: pod, uid: metadata?.uid }
  const { body } = await real.ask('POST', `${ACCOUNTS}/web/token`, { spec: { boundObjectRef } })
  const { token } = body.status as { token: string }
  tokens.push(token, token.split('.')[2] ?? token)
  return token
}

async function mayRead(): Promise<void> {
  const role = {
    ...BINDING('web', 'cilium-policy-reader'),
    subjects: [{ kind: 'ServiceAccount', name: 'web', namespace: 'shop' }],
  }
  await real.create(BINDINGS, role).catch(() => {})
}

test('a token file that rotates is read again when its token has expired', { skip }, async () => {
  await mayRead()
  const tokenFile = file(`${await boundToken('first')}\n`, 'rotating-token')
  const live = await follow(through({ tokenFile }))
  await live.status('live')
  await real.ask('DELETE', `${PODS}/first?gracePeriodSeconds=0`)
  await untilRefused(tokenFile)
  relay.cut()
  assert.match((await live.status('stale')).tooltip, /it does not accept the credentials: log in again/)
  writeFileSync(tokenFile, await boundToken('second'))
  await live.status('live')
})

/** The server remembers for some seconds that a token was good. */
async function untilRefused(tokenFile: string): Promise<void> {
  const Authorization = `Bearer ${readFileSync(tokenFile, 'utf8').trim()}`
  const https = await import('node:https')
  const status = () =>
    new Promise<number>((resolve, reject) => {
      const sent = https.get(
        `${real.url}/api/v1/pods?limit=1`,
        { ca: real.ca, headers: { Authorization } },
        response => {
          response.resume()
          resolve(response.statusCode ?? 0)
        },
      )
      sent.on('error', reject)
    })
  while ((await status()) !== 401) await new Promise(resolve => setTimeout(resolve, 200))
}

test('inside a cluster its service account is enough', { skip }, async () => {
  await mayRead()
  file(await boundToken('inside'), 'token')
  file(real.ca, 'ca.crt')
  const { KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT, ...env } = process.env
  Object.assign(process.env, { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: String(real.port) })
  const inside = loadInCluster(folder)
  process.env = env
  assert.ok(inside)
  const query = { path: '/api/v1/pods', query: {}, signal: new AbortController().signal }
  assert.equal((await getJson(createAccess(inside), query)).kind, 'PodList')
})

const login = (script: string) => ({
  exec: { apiVersion: 'client.authentication.k8s.io/v1', command: process.execPath, args: ['-e', script] },
})

test('a login program is asked once for all kinds, and again when its token is refused', { skip }, async () => {
  const count = file('', 'logins')
  const token = file(USERS.reader, 'login-token')
  const script = `const fs = require('fs'); fs.appendFileSync(${JSON.stringify(count)}, 'x'); console.log(JSON.stringify({ status: { token: fs.readFileSync(${JSON.stringify(token)}, 'utf8') } }))`
  const live = await follow(through(login(script)))
  await live.status('live')
  assert.equal(readFileSync(count, 'utf8'), 'x')
  writeFileSync(token, 'refused-token-4242')
  tokens.push('refused-token-4242')
  const bad = await follow(through(login(script)))
  await bad.status('failed')
  writeFileSync(token, USERS.reader)
  await bad.status('live')
})

test('impersonation is as the server says', { skip }, async () => {
  const live = await follow(real.kubeconfig({ token: ADMIN, as: 'nobody', 'as-groups': ['strangers'] }))
  assert.equal((await live.status('failed')).text, 'real (forbidden)')
  const groups = {
    ...BINDING('readers', 'cilium-policy-reader'),
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'strangers' }],
  }
  await real.create(BINDINGS, groups)
  await (await follow(real.kubeconfig({ token: ADMIN, as: 'nobody', 'as-groups': ['strangers'] }))).status('live')
})

test('proxies: of the kubeconfig with a password, of the environment, and one that refuses', { skip }, async () => {
  const proxy = await startHttpProxy('me:proxy-password-99')
  atEnd(() => proxy.stop())
  tokens.push('proxy-password-99')
  const ca = { 'certificate-authority-data': base64(real.ca) }
  const user = { token: USERS.reader }
  const named = { ...ca, server: `https://kubernetes.test:${real.port}` }
  const url = `http://me:proxy-password-99@127.0.0.1:${proxy.port}`
  await (await follow(real.kubeconfig(user, { ...named, 'proxy-url': url }))).status('live')
  assert.ok(proxy.connects.some(c => c.target === `kubernetes.test:${real.port}`))
  const before = proxy.connects.length
  process.env.HTTPS_PROXY = url
  const byEnvironment = await follow(real.kubeconfig(user, named))
  delete process.env.HTTPS_PROXY
  await byEnvironment.status('live')
  assert.ok(proxy.connects.length > before)
  const refused = await follow(real.kubeconfig(user, { ...named, 'proxy-url': `http://127.0.0.1:${proxy.port}` }))
  assert.match((await refused.status('failed')).tooltip, /the proxy answered with status 407/)
})

test('users with less and less: all, some, one kind, nothing', { skip }, async () => {
  const role = (name: string, ...resources: string[]) => ({
    metadata: { name },
    rules: [{ apiGroups: [''], resources, verbs: ['get', 'list', 'watch'] }],
  })
  await (await follow(real.kubeconfig({ token: USERS.reader }))).status('live')
  await real.create(ROLES, role('some', 'namespaces', 'pods'))
  await real.create(BINDINGS, BINDING('limited', 'some'))
  const some = await follow(real.kubeconfig({ token: USERS.limited }))
  const { tooltip } = await some.status('partly')
  assert.match(
    tooltip,
    /Not allowed to read service accounts: ask for the permission to get, list and watch serviceaccounts\./,
  )
  assert.match(tooltip, /get, list and watch ciliumendpoints\.cilium\.io\./)
  assert.match(tooltip, /configmaps named cilium-config\./)
  assert.match(tooltip, /docs\/cluster-role\.yaml/)
  const partly = await some.inventory(i => i.endpoints.length > 0)
  assert.ok(partly.unread?.includes('ServiceAccount') && !partly.unread.includes('Pod'))
  const nothing = await follow(real.kubeconfig({ token: USERS.nobody }))
  assert.match((await nothing.status('failed')).tooltip, /Nothing may be read/)
  assert.deepEqual(nothing.inventories, [])
})

test('a permission that is taken away leaves what was known, and says so', { skip }, async () => {
  const live = await follow(through({ token: USERS.limited }))
  await live.status('partly')
  const before = live.inventories.at(-1)?.endpoints.length
  await real.ask('DELETE', `${BINDINGS}/limited-some`)
  relay.cut()
  const { tooltip } = await live.status('failed', s => s.tooltip.includes('No longer'))
  assert.match(tooltip, /No longer allowed to read pods since \d\d:\d\d:\d\d; what was known then is used/)
  assert.equal(live.inventories.at(-1)?.endpoints.length, before)
})

test('the API server is killed and comes back', { skip }, async () => {
  const live = await follow(real.kubeconfig({ token: USERS.reader }))
  await live.status('live')
  await real.kill()
  const stale = await live.status('stale')
  assert.match(stale.tooltip, /Lost since \d\d:\d\d:\d\d: nothing listens there/)
  assert.match(live.inventories.at(-1)?.origin.name ?? '', /lost since/)
  await real.start()
  await real.create(ACCOUNTS, named('after-restart'))
  // Kind by kind comes back: it counts as lost until all have.
  await live.inventory(i => i.origin.name === 'cluster real' && has('after-restart')(i))
  await live.status('live')
})

test('etcd pauses: what is known stays, and what happens afterwards comes', { skip }, async () => {
  const live = await follow(real.kubeconfig({ token: USERS.reader }))
  await live.status('live')
  real.pauseEtcd()
  const late = real.create(ACCOUNTS, named('after-pause'))
  await new Promise(resolve => setTimeout(resolve, 1500))
  assert.ok(['live', 'stale'].includes(live.statuses.at(-1)?.state ?? ''))
  real.resumeEtcd()
  await late
  await live.inventory(has('after-pause'))
})

test('history that is gone (410) is read again', { skip }, async () => {
  const witness = await startWitness(real.port, real.ca, real.own)
  atEnd(() => witness.stop())
  const way = await startRelay(witness.port)
  atEnd(() => way.stop())
  const live = await follow(through({ token: USERS.reader }, way))
  await live.status('live')
  const last = new Map(witness.exchanges.filter(isWatch).map(watch => [watch.path, watch.query.get('resourceVersion')]))
  way.be('refuse')
  way.cut()
  await live.status('stale')
  await real.create(ACCOUNTS, named('while-away'))
  await real.ask('DELETE', `${ACCOUNTS}/after-pause`)
  await real.compact()
  await real.kill()
  await real.start()
  const before = witness.exchanges.length
  const told = live.inventories.length
  way.be('pass')
  await live.inventory(i => has('while-away')(i) && !has('after-pause')(i))
  await live.status('live')

  const after = witness.exchanges.slice(before)
  assert.ok(last.size >= 13)
  for (const [path, version] of last) {
    const [forgotten, read, next] = after.filter(exchange => exchange.path === path)
    assert.ok(forgotten && read && next, path)
    assert.ok(isWatch(forgotten) && Number(forgotten.query.get('resourceVersion')) >= Number(version), path)
    assert.equal(forgotten.status, 410, path)
    assert.ok(!isWatch(read) && !read.query.has('resourceVersion') && !read.query.has('continue'), path)
    assert.equal(read.status, 200, path)
    assert.ok(isWatch(next) && next.query.get('resourceVersion') !== version, path)
  }
  // What was known before is never taken for what is there now.
  for (const inventory of live.inventories.slice(told))
    if (inventory && !has('while-away')(inventory)) assert.match(inventory.origin.name, /lost since/)
})

const isWatch = ({ query }: Exchange): boolean => query.get('watch') === 'true'

/** Short for tests; long enough for a busy machine to answer in. */
const SHORT: Patience = { answer: 5000, silence: 3000 }

test('a connection on which nothing passes any more is noticed, and left when another one works', {
  skip,
}, async () => {
  const way = await startRelay(real.port)
  atEnd(() => way.stop())
  const live = await follow(through({ token: USERS.reader }, way), SHORT)
  await live.status('live')
  const before = live.inventories.at(-1)
  const told = [live.statuses.length, live.inventories.length]
  way.freeze()
  await real.create(ACCOUNTS, named('while-frozen'))
  await live.inventory(has('while-frozen'))
  assert.deepEqual(live.statuses.slice(told[0]), [])
  for (const inventory of live.inventories.slice(told[1])) {
    assert.equal(inventory?.origin.name, 'cluster real')
    assert.deepEqual(inventory?.endpoints, before?.endpoints)
  }

  way.be('freeze')
  const frozen = Date.now()
  const { tooltip } = await live.status('stale')
  assert.match(
    tooltip,
    /Lost since \d\d:\d\d:\d\d: it (did not answer in time|fell silent)\. What was known then is used;/,
  )
  assert.ok(Date.now() - frozen >= 3000)
  const { origin, endpoints } = await live.inventory(i => /lost since/.test(i.origin.name))
  assert.deepEqual(
    endpoints.map(e => ({ ...e, origin: undefined })),
    before?.endpoints.map(e => ({ ...e, origin: undefined })),
  )
  // The picture is as old as the last that was heard, not as the finding that nothing is heard.
  const lost = /(\d\d):(\d\d):(\d\d)/.exec(origin.name)?.slice(1).map(Number) ?? []
  assert.ok(new Date(frozen).setHours(lost[0] ?? 0, lost[1], lost[2]) <= frozen, origin.name)
  await real.create(ACCOUNTS, named('while-stale'))
  await real.ask('DELETE', `${ACCOUNTS}/while-frozen`)
  way.be('pass')
  await live.inventory(i => i.origin.name === 'cluster real' && has('while-stale')(i) && !has('while-frozen')(i))
  await live.status('live')
})

test('a server that cannot be asked because nothing passes is not waited for without end', { skip }, async () => {
  const way = await startRelay(real.port)
  atEnd(() => way.stop())
  const kubeconfig = through({ token: USERS.reader }, way)
  way.be('freeze')
  const live = await follow(kubeconfig, { answer: 1000, silence: 3000 })
  assert.match(
    (await live.status('failed')).tooltip,
    /It cannot be read: it did not answer in time\. It is tried again\./,
  )
})

test('a connection that cuts, delays, truncates and freezes', { skip }, async () => {
  relay.be('pass')
  const live = await follow(through({ token: USERS.reader }))
  await live.status('live')
  relay.cut()
  await real.create(ACCOUNTS, named('after-cut'))
  await live.inventory(has('after-cut'))
  relay.be({ delay: 300 })
  await real.create(ACCOUNTS, named('delayed'))
  await live.inventory(has('delayed'))
  relay.be({ truncate: 1000 })
  relay.cut()
  const cutOff = await follow(
    real.kubeconfig(
      { token: USERS.reader },
      { server: `https://127.0.0.1:${relay.port}`, 'certificate-authority-data': base64(real.ca) },
    ),
  )
  await cutOff.status('failed')
  relay.be('pass')
  relay.cut()
  await cutOff.status('live')
  await live.status('live')
})

test('an older Cilium serves CIDR groups as v2alpha1 only', { skip }, async () => {
  const older = (await ciliumDefinitions()).map(crd => {
    if (crd.metadata?.name !== 'ciliumcidrgroups.cilium.io') return crd
    const { spec } = structuredClone(crd) as unknown as { spec: { versions: { name: string; storage: boolean }[] } }
    spec.versions = spec.versions.filter(v => v.name === 'v2alpha1').map(v => ({ ...v, storage: true }))
    return { ...crd, spec }
  })
  const server = await startRealServer(older)
  atEnd(() => server.stop())
  const group = {
    apiVersion: 'cilium.io/v2alpha1',
    kind: 'CiliumCIDRGroup',
    ...named('old'),
    spec: { externalCIDRs: ['192.0.2.0/24'] },
  }
  await server.create('/apis/cilium.io/v2alpha1/ciliumcidrgroups', group)
  const live = await follow(server.kubeconfig())
  const { cidrGroups } = await live.inventory(i => i.cidrGroups.length > 0)
  assert.deepEqual(
    cidrGroups.map(g => g.name),
    ['old'],
  )
  await live.status('live')
  await server.stop()
})

test('only get, list and watch were asked, and never for Secrets', { skip }, () => {
  const asked = readFileSync(real.auditLog, 'utf8')
    .split('\n')
    .filter(line => line.startsWith('{'))
    .map(line => JSON.parse(line))
    .filter(event => event.user?.username === 'reader')
  assert.ok(asked.length > 100)
  assert.deepEqual([...new Set(asked.map(e => e.verb))].sort(), ['list', 'watch'])
  assert.ok(!asked.some(e => /secret/i.test(e.requestURI)))
})

test('no secret and no token is in anything that was told', { skip }, () => {
  const keys = real.certified.key.split('\n').filter(line => line.length > 40 && !line.includes('-'))
  const told = everyone.map(f => plainText([f.statuses, f.inventories, f.cluster.snapshot()])).join('\n')
  assert.ok(told.length > 10_000)
  for (const secret of [...tokens, ...keys, ...PRIVATE, 'managedFields', 'resourceVersion', 'PASSWORD'])
    assert.ok(!told.includes(secret), `${secret} was told`)
})
