// Settings over LSP: asked for or given, wrong ones named once, changes without a restart; the inventory file.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Status } from '../../server/src/protocol.ts'
import type { Diagnostics } from './peer.ts'
import { policy } from './policy.ts'
import { openWorkspace } from './workspace.ts'

const BAD = policy('wrld')
const clean = (p: Diagnostics) => p.diagnostics.length === 0
const dirty = (p: Diagnostics) => p.diagnostics.length > 0
const off = { enabled: 'off' }
const messages = (received: readonly { method: string; params: unknown }[]) =>
  received.filter(m => m.method === 'window/showMessage').map(m => (m.params as { message: string }).message)

test('settings come from the initialization options where the editor cannot be asked', async () => {
  const initializationOptions = { ciliumPolicy: { cluster: off, rules: { 'unknown-entity': 'warning' } } }
  const w = await openWorkspace({ 'a.yaml': BAD }, { initializationOptions })
  assert.equal((await w.diagnostics('a.yaml')).diagnostics[0]?.severity, 2)
})

test('an editor that can be asked is asked, and asked again when it says that settings have changed', async () => {
  let settings: unknown = { cluster: off, rules: { 'unknown-entity': 'off' } }
  const asked: unknown[] = []
  const w = await openWorkspace(
    { 'a.yaml': BAD },
    {
      capabilities: { workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true } } },
      answers: {
        'workspace/configuration': params => {
          asked.push(params)
          return [settings]
        },
      },
    },
  )
  await w.diagnostics('a.yaml', clean)
  assert.deepEqual(asked[0], { items: [{ section: 'ciliumPolicy' }] })
  await w.peer.until('client/registerCapability')
  settings = { cluster: off }
  w.peer.notify('workspace/didChangeConfiguration', { settings: null })
  await w.diagnostics('a.yaml', dirty)
})

test('settings that are pushed are taken', async () => {
  const w = await openWorkspace({ 'a.yaml': BAD })
  await w.diagnostics('a.yaml', dirty)
  w.peer.notify('workspace/didChangeConfiguration', {
    settings: { ciliumPolicy: { cluster: off, rules: { 'unknown-entity': 'off' } } },
  })
  await w.diagnostics('a.yaml', clean)
})

test('a wrong value is named once, with what is allowed', async () => {
  const wrong = { ciliumPolicy: { cluster: off, ciliumVersion: 7, rules: { 'unknown-entiti': 'off' } } }
  const w = await openWorkspace({ 'a.yaml': BAD }, { initializationOptions: wrong })
  await w.diagnostics('a.yaml', dirty)
  w.peer.notify('workspace/didChangeConfiguration', { settings: wrong })
  await w.peer.request('workspace/symbol', { query: '' })
  assert.deepEqual(messages(w.peer.received), [
    'ciliumPolicy.ciliumVersion is 7: allowed are auto, 1.16, 1.17, 1.18, 1.19, 1.20. The default is used.',
    'ciliumPolicy.rules: there is no rule "unknown-entiti": did you mean unknown-entity?',
  ])
})

test('excluded files are not judged, open or not', async () => {
  const initializationOptions = { ciliumPolicy: { cluster: off, files: { exclude: ['out/**'] } } }
  const w = await openWorkspace({ 'a.yaml': BAD, 'out/b.yaml': BAD }, { initializationOptions })
  await w.diagnostics('a.yaml', dirty)
  w.open('out/b.yaml', BAD)
  assert.ok(clean(await w.diagnostics('out/b.yaml')))
  const hover = await w.peer.request('textDocument/hover', {
    textDocument: { uri: w.uri('out/b.yaml') },
    position: { line: 8, character: 8 },
  })
  assert.ok(hover, 'but they can be asked about')
})

const INVENTORY = `apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: ServiceAccount
    metadata: { name: NAME, namespace: shop }
  - apiVersion: v1
    kind: Pod
    metadata: { name: p, namespace: shop }
    spec: { containers: [] }
`

test('the inventory file is read, and read again when it changes', async () => {
  const initializationOptions = { ciliumPolicy: { cluster: off, inventory: { file: 'inventory.yaml' } } }
  const text = policy('world').replace(
    'endpointSelector: {}',
    'endpointSelector:\n    matchLabels:\n      io.cilium.k8s.policy.serviceaccount: ',
  )
  const w = await openWorkspace({ 'a.yaml': text, 'inventory.yaml': INVENTORY }, { initializationOptions })
  w.open('a.yaml', text)
  await w.diagnostics('a.yaml')
  const position = { line: 8, character: (text.split('\n')[8] ?? '').length }
  const offered = async (name: string) => {
    for (let round = 0; round < 50; round++) {
      const list = await w.peer.request('textDocument/completion', { textDocument: { uri: w.uri('a.yaml') }, position })
      if (JSON.stringify(list).includes(`"${name}"`)) return true
      await new Promise(resolve => setTimeout(resolve, 20))
    }
    return false
  }
  assert.ok(await offered('NAME'))
  w.write('inventory.yaml', INVENTORY.replace('NAME', 'other'))
  w.touched('inventory.yaml', 2)
  assert.ok(await offered('other'))
})

test('the status says that an inventory file is used, and what is in it', async () => {
  const inventory = { file: 'known/inventory.yaml' }
  const files = { 'a.yaml': BAD, 'known/inventory.yaml': INVENTORY }
  const shown = async (cluster: object, state: string) => {
    const w = await openWorkspace(files, { initializationOptions: { ciliumPolicy: { cluster, inventory } } })
    const status = await w.peer.until<Status>(
      'ciliumPolicy/status',
      s => s.state === state && s.inventoryFile !== undefined,
    )
    return { w, status }
  }
  const { w, status } = await shown(off, 'off')
  assert.equal(status.text, 'inventory file inventory.yaml')
  const contents = '1 pod, 1 service account, 0 namespaces'
  assert.equal(
    status.tooltip,
    `The setting ciliumPolicy.cluster.enabled is off: no cluster is read. The inventory file inventory.yaml is used instead: ${contents}.`,
  )
  w.peer.notify('workspace/didChangeConfiguration', { settings: { ciliumPolicy: { cluster: off } } })
  const without = await w.peer.next<Status>('ciliumPolicy/status')
  assert.deepEqual([without.text, without.inventoryFile], ['no cluster', undefined])
  const failed = await shown({ kubeconfig: '/nowhere/config' }, 'failed')
  assert.equal(failed.status.text, 'no cluster')
  assert.match(
    failed.status.tooltip,
    /^There is no kubeconfig at .* The inventory file inventory\.yaml is used instead: /,
  )
})

test('an inventory file that is missing or none is said in one message', async () => {
  const told = async (file: string) => {
    const initializationOptions = { ciliumPolicy: { cluster: off, inventory: { file } } }
    const w = await openWorkspace(
      { 'a.yaml': BAD, 'no.yaml': 'a: 1\n', 'broken.yaml': 'a: [\n' },
      { initializationOptions },
    )
    await w.diagnostics('a.yaml', dirty)
    return messages(w.peer.received)
  }
  assert.match(
    (await told('nowhere.yaml')).join(),
    /^The inventory file nowhere\.yaml cannot be read: there is no such file\./,
  )
  assert.match((await told('no.yaml')).join(), /no\.yaml holds no Kubernetes objects/)
  assert.match((await told('broken.yaml')).join(), /broken\.yaml cannot be read as YAML or JSON/)
})
