// A real kube-apiserver with etcd and Cilium's CRDs for tests: started, stopped, paused, compacted; users with RBAC of their own.
//
//   const skip = realServerMissing()
//   test('…', { skip }, async () => { const server = await startRealServer(); …; await server.stop() })
//
// The programs come from the folder KUBEBUILDER_ASSETS (as controller tests everywhere have it) or are built once with Go
// (test/conformance/go/apiserver); etcd is the one on the PATH.

import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import https from 'node:https'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { goMissing, goProgram } from '../conformance/goProgram.ts'

/** The answer to a request: the HTTP status and the body as JSON. */
export interface Answer {
  readonly status: number
  readonly body: Body
}

/** An object as the server answers it. */
export interface Body {
  readonly [key: string]: unknown
  readonly metadata?: { readonly name?: string; readonly resourceVersion?: string; readonly [key: string]: unknown }
}

export interface Pair {
  readonly cert: string
  readonly key: string
}

export interface RealServer {
  /** "https://127.0.0.1:port". */
  readonly url: string
  readonly port: number
  /** PEM of the authority that signed the server's certificate. */
  readonly ca: string
  /** The certificate with which the server itself answers. */
  readonly own: Pair
  /** A client certificate of the user `certified`, who is in the group `readers`. */
  readonly certified: Pair
  /** Everything that was asked: one JSON object of Kubernetes' audit log a line. */
  readonly auditLog: string
  /** A kubeconfig with the context `real` for that user; by default an administrator with a token. */
  kubeconfig(user?: object, cluster?: object): string
  /** Asks as the administrator. A text is sent as YAML, anything else as JSON. */
  ask(method: string, path: string, body?: unknown): Promise<Answer>
  /** Creates objects; throws when one is refused. */
  create(path: string, ...objects: readonly (object | string)[]): Promise<void>
  /** Ends the API server at once, as a crash does. */
  kill(): Promise<void>
  /** Starts it again at the same port and waits until it is ready. */
  start(): Promise<void>
  pauseEtcd(): void
  resumeEtcd(): void
  /** Makes the server forget all history: a watch or a page from before is answered with 410. */
  compact(): Promise<void>
  stop(): Promise<void>
}

/** The administrator's token. */
export const ADMIN = 'administrator-token-5f3a'
/** Tokens of users without any permission of their own, by name: give them roles. */
export const USERS = {
  reader: 'reader-token-77c1',
  limited: 'limited-token-90be',
  nobody: 'nobody-token-13d2',
} as const

const READY = 60_000

/** Why there can be no real server here, in one line; false when there can. */
export function realServerMissing(): string | false {
  const go = goMissing()
  if (go !== undefined) return `no real API server: ${go}`
  if (etcdProgram() === undefined) return 'no real API server: etcd is not installed (apt-get install etcd-server)'
  return false
}

function asset(name: string): string | undefined {
  const folder = process.env.KUBEBUILDER_ASSETS
  const path = folder === undefined ? undefined : join(folder, name)
  return path !== undefined && existsSync(path) ? path : undefined
}

function etcdProgram(): string | undefined {
  const found = asset('etcd')
  if (found !== undefined) return found
  return spawnSync('etcd', ['--version']).status === 0 ? 'etcd' : undefined
}

let definitions: Promise<readonly Body[]> | undefined

/** Cilium's CRDs of the newest version, as its own Go code prints them. */
export function ciliumDefinitions(): Promise<readonly Body[]> {
  definitions ??= goProgram('crds').then(program => JSON.parse(execFileSync(program, { encoding: 'utf8' })))
  return definitions
}

/** Starts a server of its own on free ports. `definitions`: the CRDs that are posted, by default Cilium's. */
export async function startRealServer(crds?: readonly object[]): Promise<RealServer> {
  const program = asset('kube-apiserver') ?? (await goProgram('apiserver'))
  const certs = await certificates()
  const folder = mkdtempSync(join(tmpdir(), 'cilium-policy-apiserver-'))
  const [port, etcdPort, peerPort] = [await freePort(), await freePort(), await freePort()]
  const etcdUrl = `http://127.0.0.1:${etcdPort}`
  const etcd = launch(etcdProgram() ?? 'etcd', etcdFlags(folder, etcdUrl, peerPort), join(folder, 'etcd.log'))
  writeFiles(folder, certs)
  const url = `https://127.0.0.1:${port}`
  const ask = (method: string, path: string, body?: unknown) => request(`${url}${path}`, certs.ca, method, body)
  let api: ChildProcess | undefined
  const start = async () => {
    api = launch(program, apiFlags(folder, etcdUrl, port), join(folder, 'apiserver.log'))
    await until(async () => (await ask('GET', '/readyz')).status === 200, join(folder, 'apiserver.log'), api)
  }
  const create = async (path: string, ...objects: readonly (object | string)[]) => {
    for (const object of objects) {
      const { status, body } = await ask('POST', path, object)
      if (status >= 300) throw new Error(`create in ${path}: ${status} ${JSON.stringify(body.message)}`)
    }
  }
  const stop = async () => {
    await end(api, 'SIGKILL')
    await end(etcd, 'SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await start()
    await define(ask, create, crds ?? (await ciliumDefinitions()))
  } catch (error) {
    await stop()
    throw error
  }
  return {
    url,
    port,
    ca: certs.ca,
    own: certs.server,
    certified: certs.users.certified,
    auditLog: join(folder, 'audit.log'),
    kubeconfig: (user = { token: ADMIN }, cluster = { 'certificate-authority-data': base64(certs.ca) }) =>
      kubeconfigText({ server: url, ...cluster }, user),
    ask,
    create,
    kill: () => end(api, 'SIGKILL'),
    start,
    pauseEtcd: () => void etcd.kill('SIGSTOP'),
    resumeEtcd: () => void etcd.kill('SIGCONT'),
    compact: () => compact(etcdUrl),
    stop,
  }
}

/** A kubeconfig with the one context `real`. */
export function kubeconfigText(cluster: object, user: object): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'real',
    contexts: [{ name: 'real', context: { cluster: 'real', user: 'me' } }],
    clusters: [{ name: 'real', cluster }],
    users: [{ name: 'me', user }],
  })
}

export const base64 = (text: string): string => Buffer.from(text).toString('base64')

interface Certificates {
  readonly ca: string
  readonly server: Pair
  readonly users: { readonly certified: Pair }
}

async function certificates(): Promise<Certificates> {
  return JSON.parse(execFileSync(await goProgram('certs'), ['certified:readers'], { encoding: 'utf8' }))
}

function etcdFlags(folder: string, url: string, peerPort: number): readonly string[] {
  const peer = `http://127.0.0.1:${peerPort}`
  return [
    ...['--data-dir', join(folder, 'etcd'), '--listen-client-urls', url, '--advertise-client-urls', url],
    ...['--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer, '--initial-cluster', `default=${peer}`],
    '--unsafe-no-fsync',
  ]
}

const AUDIT =
  'apiVersion: audit.k8s.io/v1\nkind: Policy\nomitStages: [ResponseStarted, ResponseComplete]\nrules: [{ level: Metadata }]\n'

function writeFiles(folder: string, certs: Certificates): void {
  const users = Object.entries(USERS).map(([name, token]) => `${token},${name},${name}`)
  const files = {
    'ca.crt': certs.ca,
    'server.crt': certs.server.cert,
    'server.key': certs.server.key,
    'tokens.csv': [`${ADMIN},admin,admin,"system:masters"`, ...users, ''].join('\n'),
    'audit.yaml': AUDIT,
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text, { mode: 0o600 })
}

function apiFlags(folder: string, etcdUrl: string, port: number): readonly string[] {
  const file = (name: string) => join(folder, name)
  const flags = {
    'etcd-servers': etcdUrl,
    'secure-port': String(port),
    'bind-address': '127.0.0.1',
    'cert-dir': folder,
    'tls-cert-file': file('server.crt'),
    'tls-private-key-file': file('server.key'),
    'client-ca-file': file('ca.crt'),
    'token-auth-file': file('tokens.csv'),
    'authorization-mode': 'RBAC',
    'service-cluster-ip-range': '10.0.0.0/24',
    'service-account-key-file': file('server.crt'),
    'service-account-signing-key-file': file('server.key'),
    'service-account-issuer': 'https://kubernetes.test',
    'disable-admission-plugins': 'ServiceAccount',
    'audit-policy-file': file('audit.yaml'),
    'audit-log-path': file('audit.log'),
    'endpoint-reconciler-type': 'none',
  }
  return Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, value])
}

/** Programs that are ended when the tests' own process ends, whatever happens. */
const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(1))

function launch(program: string, flags: readonly string[], log: string): ChildProcess {
  const out = openSync(log, 'a')
  const child = spawn(program, flags, { stdio: ['ignore', out, out] })
  child.unref()
  running.add(child)
  child.on('exit', () => running.delete(child))
  return child
}

async function end(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()))
  child.ref()
  child.kill('SIGCONT')
  child.kill(signal)
  await ended
}

async function until(holds: () => Promise<boolean>, log: string, child?: ChildProcess): Promise<void> {
  const end = Date.now() + READY
  while (!(await holds().catch(() => false))) {
    const dead = child && child.exitCode !== null
    if (dead || Date.now() > end) throw new Error(`not ready: ${readFileSync(log, 'utf8').slice(-2000)}`)
    await setTimeout(100)
  }
}

type Ask = RealServer['ask']

async function define(ask: Ask, create: RealServer['create'], crds: readonly object[]): Promise<void> {
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
  await create(path, ...crds)
  const served = async () => {
    const { body } = await ask('GET', path)
    const items: readonly unknown[] = Array.isArray(body.items) ? body.items : []
    const text = items.map(item => JSON.stringify(item))
    return (
      text.length === crds.length &&
      text.every(t => /"type":"Established","status":"True"|"status":"True"[^}]*"type":"Established"/.test(t))
    )
  }
  await until(served, '/dev/null')
  for (const crd of crds as readonly Definition[]) {
    const { group, names, versions } = crd.spec
    const version = versions.find(v => v.served)?.name
    await until(async () => (await ask('GET', `/apis/${group}/${version}/${names.plural}`)).status === 200, '/dev/null')
  }
}

interface Definition {
  readonly spec: {
    readonly group: string
    readonly names: { readonly plural: string }
    readonly versions: readonly { readonly name: string; readonly served: boolean }[]
  }
}

function request(url: string, ca: string, method: string, body: unknown): Promise<Answer> {
  const type =
    method === 'PATCH'
      ? 'application/merge-patch+json'
      : typeof body === 'string'
        ? 'application/yaml'
        : 'application/json'
  const headers = { Authorization: `Bearer ${ADMIN}`, 'Content-Type': type }
  return new Promise((resolve, reject) => {
    const sent = https.request(url, { ca, method, headers, timeout: 30_000 }, response => {
      const chunks: Buffer[] = []
      response.on('data', chunk => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        resolve({ status: response.statusCode ?? 0, body: text.startsWith('{') ? JSON.parse(text) : { text } })
      })
    })
    sent.on('error', reject)
    sent.on('timeout', () => sent.destroy(new Error(`no answer: ${method} ${url}`)))
    sent.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body))
  })
}

/** Compacts etcd's history up to now, through its JSON gateway (api/v3/kv). */
async function compact(etcdUrl: string): Promise<void> {
  const post = async (path: string, body: object): Promise<Body> =>
    (await (await fetch(`${etcdUrl}/v3/kv/${path}`, { method: 'POST', body: JSON.stringify(body) })).json()) as Body
  const read = await post('range', { key: base64('\0'), limit: 1 })
  const revision = (read.header as { revision?: string } | undefined)?.revision
  await post('compaction', { revision, physical: true })
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()))
  const address = server.address()
  await new Promise<void>(resolve => server.close(() => resolve()))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
