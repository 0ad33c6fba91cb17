// How users log in: login programs that work, hang, fail and print nonsense; token files; proxies of the environment; removed providers.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { clusterRole } from '../../server/src/cluster/clusterRole.ts'
import { runLogin, withoutSecrets } from '../../server/src/cluster/exec.ts'
import { loadInCluster, loadKubeconfig } from '../../server/src/cluster/kubeconfig.ts'
import { type Exec, loginsOf } from '../../server/src/cluster/login.ts'
import { proxyFor } from '../../server/src/cluster/proxy.ts'
import { time } from '../../server/src/cluster/status.ts'
import { createWake, sleep, watchClock } from '../../server/src/cluster/wake.ts'
import { kubeconfigFor } from './apiServer.ts'
import { file, folder } from './followed.ts'

/** A login program that runs this JavaScript. */
function program(script: string, more: Partial<Exec> = {}): Exec {
  return {
    command: process.execPath,
    args: ['-e', script],
    env: {},
    apiVersion: 'client.authentication.k8s.io/v1',
    clusterInfo: false,
    interactive: false,
    hint: undefined,
    ...more,
  }
}

const print = (value: string): string => `console.log(JSON.stringify(${value}))`

test('a login program gives a token or a certificate, and until when', async () => {
  const status = '{ status: { token: "abc", expirationTimestamp: "2030-01-01T00:00:00Z" } }'
  assert.deepEqual(await runLogin(program(print(status)), {}), {
    token: 'abc',
    certificate: undefined,
    key: undefined,
    until: Date.UTC(2030, 0, 1),
  })
  const pair = await runLogin(program(print('{ status: { clientCertificateData: "C", clientKeyData: "K" } }')), {})
  assert.deepEqual([pair.certificate, pair.key, pair.until], ['C', 'K', undefined])
})

test('a login program is told its environment and, when the kubeconfig says so, the cluster', async () => {
  const script = print(
    '{ status: { token: process.env.NAME + Buffer.from(process.env.KUBERNETES_EXEC_INFO).toString("hex") } }',
  )
  const info = async (clusterInfo: boolean) => {
    const { token = '' } = await runLogin(program(script, { env: { NAME: 'me' }, clusterInfo }), {
      server: 'https://s',
    })
    assert.ok(token.startsWith('me'))
    return JSON.parse(Buffer.from(token.slice(2), 'hex').toString('utf8'))
  }
  const common = { kind: 'ExecCredential', apiVersion: 'client.authentication.k8s.io/v1' }
  assert.deepEqual(await info(false), { ...common, spec: { interactive: false } })
  assert.deepEqual(await info(true), { ...common, spec: { interactive: false, cluster: { server: 'https://s' } } })
})

test('a login program that hangs, fails, is missing or prints nonsense is named with a reason', async () => {
  const refused = async (exec: Exec, patience?: number) => runLogin(exec, {}, patience).then(() => '', String)
  assert.match(await refused(program('setInterval(() => {}, 1000)'), 300), /does not come to an end \(0\.3 s\)/)
  assert.match(await refused(program('process.stdin.resume()'), 5_000), /printed no credentials/)
  assert.match(
    await refused(program('console.error("session expired: run sso login"); process.exit(3)')),
    /failed: session expired: run sso login$/,
  )
  assert.match(await refused(program('process.exit(3)')), /failed: exit code 3$/)
  assert.match(await refused(program('console.log("nonsense")')), /printed no credentials$/)
  assert.match(await refused(program(print('{ status: { token: "a\\nb" } }'))), /printed no credentials$/)
  assert.match(await refused(program('console.log("x".repeat(2e6))')), /printed no credentials$/)
  assert.match(await refused(program('', { interactive: true })), /wants a terminal/)
  assert.match(
    await refused(program('', { command: '/nowhere/login', hint: 'get it\nthere' })),
    /is not installed: get it$/,
  )
})

test('a login program that hangs is ended with what it has started', async () => {
  const child = `require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" })`
  const script = `const c = ${child}; require("fs").writeFileSync(process.env.OUT, process.pid + " " + c.pid); setInterval(() => {}, 1000)`
  const out = file('', 'pids')
  await runLogin(program(script, { env: { OUT: out } }), {}, 1_500).catch(() => {})
  const pids = readFileSync(out, 'utf8').split(' ').map(Number)
  assert.equal(pids.length, 2)
  for (const pid of pids) await gone(pid)
})

async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0)
      if (/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) return
    } catch {
      return
    }
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

test('what looks like a secret is taken out of what programs say', () => {
  assert.equal(withoutSecrets('bad token: eyJhbGciOi.x1'), 'bad token: …')
  assert.equal(withoutSecrets('password=hunter2hunter2 given'), 'password=… given')
  assert.equal(withoutSecrets('got AKIAIOSFODNN7EXAMPLE123 instead'), 'got … instead')
  assert.equal(withoutSecrets('the SSO session has expired'), 'the SSO session has expired')
})

test('paths of a kubeconfig are relative to it, and impersonation is sent', () => {
  const config = `users:
  - name: u
    user:
      tokenFile: token
      as: me
      as-groups: [a, b]
      as-uid: "7"
      as-user-extra: {scopes: [x]}
      exec: {command: ./login, args: [1, two], env: [{name: A, value: b}], interactiveMode: Always, provideClusterInfo: true}
  - name: plain
`
  const [login, plain] = loginsOf(config, '/home/me/.kube/config')
  assert.equal(login?.tokenFile, '/home/me/.kube/token')
  assert.equal(login?.exec?.command, '/home/me/.kube/login')
  assert.deepEqual([login?.exec?.interactive, login?.exec?.clusterInfo, login?.exec?.env], [true, true, { A: 'b' }])
  assert.deepEqual(login?.headers, {
    'Impersonate-Group': ['a', 'b'],
    'Impersonate-Uid': '7',
    'Impersonate-Extra-scopes': ['x'],
  })
  assert.equal(plain?.exec, undefined)
})

test('proxies of the environment lead as Go has them', () => {
  const https = { HTTPS_PROXY: 'proxy:3128', HTTP_PROXY: 'http://plain' }
  assert.equal(proxyFor('https://api.example.com', https), 'http://proxy:3128')
  assert.equal(proxyFor('http://api.example.com', https), 'http://plain')
  assert.equal(proxyFor('https://api.example.com', { https_proxy: 'socks5://s:1080' }), 'socks5://s:1080')
  assert.equal(proxyFor('https://localhost:6443', https), undefined)
  assert.equal(proxyFor('https://127.0.0.1:6443', https), undefined)
  const without = (NO_PROXY: string, host = 'api.example.com') =>
    proxyFor(`https://${host}`, { ...https, NO_PROXY }) === undefined
  assert.deepEqual(
    ['*', 'example.com', '.example.com', 'other.com, api.example.com', 'api.example.com:443'].map(n => without(n)),
    [true, true, true, true, true],
  )
  assert.deepEqual(
    ['', 'ample.com', '.api.example.com', 'api.example.com:6443', '10.0.0.0/8'].map(n => without(n)),
    [false, false, false, false, false],
  )
  assert.deepEqual(
    [without('10.0.0.0/8', '10.1.2.3'), without('fd00::/8', '[fd12::1]'), without('10.1.2.3', '10.1.2.3')],
    [true, true, true],
  )
})

test('login ways that Kubernetes has removed are named with what is to be done', () => {
  const problem = (provider: string) => {
    const kubeconfig = file(kubeconfigFor('https://x', { 'auth-provider': { name: provider, config: {} } }))
    const loaded = loadKubeconfig({ kubeconfig, context: '', folders: [], trusted: true })
    return loaded.kind === 'config' ? '' : loaded.problem
  }
  assert.match(problem('gcp'), /auth-provider gcp, which Kubernetes no longer has: .*gke-gcloud-auth-plugin/)
  assert.match(problem('azure'), /auth-provider azure, .*kubelogin convert-kubeconfig/)
  assert.match(problem('openstack'), /use a login program \(exec\) instead/)
  assert.equal(problem('oidc'), '')
})

test('inside a cluster the service account is used', () => {
  file('t', 'token')
  const env = { ...process.env }
  Object.assign(process.env, { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' })
  const inside = loadInCluster(folder)
  process.env = env
  assert.equal(inside?.config.getCurrentCluster()?.server, 'https://[fd00::1]:443')
  assert.equal(inside?.login.tokenFile, join(folder, 'token'))
  assert.equal(loadInCluster(dirname(folder)), undefined)
})

test('a clock that jumps wakes what sleeps', async () => {
  const wake = createWake()
  const abort = new AbortController()
  let now = 0
  watchClock(wake, abort.signal, () => now, 5)
  const slept = sleep(1e9, abort.signal, wake)
  now = 3_600_000
  const keep = setInterval(() => {}, 1000)
  await slept
  clearInterval(keep)
  abort.abort()
})

test('times are of today, or have their date', () => {
  const noon = new Date(2026, 4, 6, 12, 0, 0)
  assert.equal(time(noon, new Date(2026, 4, 6, 13)), '12:00:00')
  assert.equal(time(noon, new Date(2026, 4, 7, 13)), '2026-05-06 12:00:00')
})

test('docs/cluster-role.yaml is what is read', () => {
  assert.equal(readFileSync(new URL('../../docs/cluster-role.yaml', import.meta.url), 'utf8'), clusterRole())
  assert.ok(!clusterRole().includes('secrets'))
})
