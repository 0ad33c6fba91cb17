// The live cluster as an editor sees it: statuses, completion of what was made a moment ago, lenses, texts, snapshots, other contexts.

import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import type { SnapshotText, Status } from '../../server/src/protocol.ts'
import { type Peer, startPeer } from '../lsp/peer.ts'
import { type ApiServer, kubeconfigFor, pod, startApiServer } from './apiServer.ts'
import { atEnd, file, folder } from './followed.ts'
import { webTo } from './objects.ts'

const ACCOUNTS = '/api/v1/serviceaccounts'
const POLICIES = '/apis/cilium.io/v2/ciliumnetworkpolicies'

const WEB = webTo('io.cilium.k8s.policy.serviceaccount: ')
/** Behind `serviceaccount: `. */
const ACCOUNT = { line: 12, character: 49 }

interface Editor {
  readonly api: ApiServer
  readonly peer: Peer
  readonly uri: string
  status(state: string, fits?: (status: Status) => boolean): Promise<Status>
}

let workspaces = 0

async function editor(prepare: (api: ApiServer) => void = () => {}): Promise<Editor> {
  const api = await startApiServer()
  atEnd(() => api.stop())
  api.put('/api/v1/namespaces', { metadata: { name: 'shop' } })
  api.put('/api/v1/pods', pod('shop', 'web', { app: 'web' }))
  prepare(api)
  const root = join(folder, `workspace-${workspaces++}`)
  mkdirSync(root)
  writeFileSync(join(root, 'web.yaml'), WEB)
  const kubeconfig = file(api.kubeconfig)
  const peer = await startPeer({
    folders: [pathToFileURL(root).href],
    capabilities: { workspace: { codeLens: { refreshSupport: true }, textDocumentContent: {} } },
    initializationOptions: { ciliumPolicy: { cluster: { kubeconfig } }, compareCommand: 'compare' },
  })
  atEnd(() => peer.stop())
  const uri = pathToFileURL(join(root, 'web.yaml')).href
  peer.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text: WEB } })
  const status = (state: string, fits: (s: Status) => boolean = () => true) =>
    peer.until<Status>('ciliumPolicy/status', s => s.state === state && fits(s))
  return { api, peer, uri, status }
}

async function accounts({ peer, uri }: Editor): Promise<string[]> {
  const answer = await peer.request('textDocument/completion', { textDocument: { uri }, position: ACCOUNT })
  const items = Array.isArray(answer) ? answer : ((answer as { items?: { label: string }[] } | null)?.items ?? [])
  return items.map((item: { label: string }) => item.label)
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 60_000
  while (!(await holds())) {
    assert.ok(Date.now() < end, 'it never came')
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

test('an account that was made a moment ago is completed, one that was removed is not', async () => {
  const made = await editor()
  await made.status('live')
  made.api.put(ACCOUNTS, { metadata: { name: 'fresh', namespace: 'shop' } })
  await until(async () => (await accounts(made)).includes('fresh'))
  made.api.remove(ACCOUNTS, 'fresh', 'shop')
  await until(async () => !(await accounts(made)).includes('fresh'))
})

test('lenses say what is applied, are asked for again, and lead to the text in the cluster', async () => {
  const made = await editor()
  await made.status('live')
  const titles = async () => {
    const lenses = await made.peer.request('textDocument/codeLens', { textDocument: { uri: made.uri } })
    return (lenses as { command: { title: string; arguments?: unknown[] } }[]).map(l => l.command)
  }
  await until(async () => (await titles()).some(c => c.title === 'not applied in cluster test'))
  const spec = { endpointSelector: { matchLabels: { app: 'web' } }, egress: [{ toEntities: ['world'] }] }
  const refreshed = made.peer.next('workspace/codeLens/refresh')
  made.api.put(POLICIES, { metadata: { name: 'web', namespace: 'shop' }, spec })
  await refreshed
  await until(async () => (await titles()).some(c => c.title.startsWith('differs')))
  const command = (await titles()).find(c => c.title.startsWith('differs'))
  const [theirs, ours] = command?.arguments ?? []
  const text = async (uri: unknown) =>
    ((await made.peer.request('workspace/textDocumentContent', { uri })) as { text: string }).text
  assert.match(await text(theirs), /toEntities:\n {4}- world|toEntities: \[world\]|- world/)
  assert.match(await text(ours), /toEndpoints:/)
  assert.match(await text('cilium-policy-cluster:/test/shop/CiliumNetworkPolicy/gone.yaml'), /not in the cluster/)
  const again = made.peer.next('workspace/textDocumentContent/refresh')
  made.api.put(POLICIES, { metadata: { name: 'web', namespace: 'shop' }, spec: { ...spec, egress: [] } })
  await again
})

test('a lost cluster makes no problem appear, and its picture is used and marked', async () => {
  const made = await editor(api => {
    api.put('/api/v1/pods', pod('shop', 'cart', { app: 'cart' }))
  })
  await made.status('live')
  await until(async () => (await accounts(made)).includes('cart'))
  const problems = () => JSON.stringify(made.peer.last(made.uri)?.diagnostics.map(d => [d.code, d.range]))
  await until(async () => problems() !== undefined)
  const before = problems()
  await made.api.stop()
  const { tooltip } = await made.status('stale')
  assert.match(tooltip, /Lost since/)
  assert.ok((await accounts(made)).includes('cart'))
  assert.equal(problems(), before)
  await made.api.start()
  await made.peer.next<Status>('ciliumPolicy/status', s => s.state === 'live')
})

test('another context counts without a restart, and off is off', async () => {
  const made = await editor()
  await made.status('live')
  const other = await startApiServer()
  atEnd(() => other.stop())
  other.put(ACCOUNTS, { metadata: { name: 'elsewhere', namespace: 'shop' } })
  const settings = (cluster: object) =>
    made.peer.notify('workspace/didChangeConfiguration', { settings: { ciliumPolicy: { cluster } } })
  settings({ kubeconfig: file(kubeconfigFor(other.url).replaceAll('"test"', '"other"')) })
  await made.status('live', s => s.context === 'other')
  await until(async () => (await accounts(made)).includes('elsewhere'))
  assert.ok(!(await accounts(made)).includes('web'))
  settings({ enabled: 'off' })
  const off = await made.peer.next<Status>('ciliumPolicy/status')
  assert.deepEqual([off.state, off.text], ['off', 'no cluster'])
  await until(async () => !(await accounts(made)).includes('elsewhere'))
  const { text, problem } = (await made.peer.request('ciliumPolicy/snapshot', null)) as SnapshotText
  assert.equal(text, null)
  assert.match(problem ?? '', /no cluster to take a snapshot of\. The setting ciliumPolicy\.cluster\.enabled is off/)
})

test('a snapshot is written for the editor, and nothing that was sent holds a secret', async () => {
  const made = await editor()
  await made.status('live')
  const { text } = (await made.peer.request('ciliumPolicy/snapshot', null)) as SnapshotText
  assert.match(text ?? '', /kind: List/)
  assert.match(text ?? '', /name: web/)
  const sent = JSON.stringify([text, made.peer.received])
  for (const secret of ['a-secret-token', 'secret-env', 'secret-annotation', 'secret-uid', 'secret-manager'])
    assert.ok(!sent.includes(secret), secret)
})
