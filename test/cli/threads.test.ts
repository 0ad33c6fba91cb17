// A check on several threads says the same as on one, whatever happens to the threads.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { MessageChannel } from 'node:worker_threads'
import { cleanIn, hasFree, judgeFree, newBoard } from '../../server/src/cli/board.ts'
import { formatJson } from '../../server/src/cli/formats/json.ts'
import { loadWorld, type World } from '../../server/src/cli/load.ts'
import { CannotRun, type WorldValues } from '../../server/src/cli/options.ts'
import { makeReport, type Report } from '../../server/src/cli/report.ts'
import { newSheets, readFor, readWith } from '../../server/src/cli/sheets.ts'
import { startHelpers } from '../../server/src/cli/threads.ts'
import { checkAlone, knowClean, lensOf } from '../../server/src/rules/check.ts'
import type { File } from '../../server/src/syntax/file.ts'
import { parseFile } from '../../server/src/syntax/parse.ts'
import { inventory, policy, repository } from '../bench/corpus.ts'
import { folderOf } from './command.ts'

const rule = (name: string, from: string, port = '8080') => `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: ${name}, namespace: shop }
spec:
  endpointSelector: { matchLabels: { app: cart } }
  ingress:
    - fromEndpoints: [{ matchLabels: { app: ${from} } }]
      toPorts: [{ ports: [{ port: "${port}", protocol: TCP }] }]
`
const pods = (app: string) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${app}, namespace: shop }
spec:
  selector: { matchLabels: { app: ${app} } }
  template:
    metadata: { labels: { app: ${app} } }
    spec: { containers: [{ name: a, image: a, ports: [{ name: http, containerPort: 8080 }] }] }
`

/** A policy that would be the other half is refused; others are delivered elsewhere, patched, broken or there twice. */
const special: Readonly<Record<string, string>> = {
  'shop/pods.yaml': [pods('web'), pods('cart')].join('---\n'),
  'shop/web.yaml': rule('web', 'x')
    .replace('app: cart', 'app: web')
    .replace('ingress', 'egress')
    .replace('fromE', 'toE')
    .replace('app: x', 'app: cart'),
  'shop/cart.yaml': [rule('cart', 'other'), rule('refused', 'web', '808080')].join('---\n'),
  'a/kustomization.yaml': 'namespace: elsewhere\nresources: [p.yaml]\npatches: [{ path: patch.yaml }]\n',
  'a/p.yaml': `${policy(3, 1)}---\n${policy(49, 1)}`,
  'a/patch.yaml':
    'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: orders-0-3 }\nspec: { egressDeny: [] }\n',
  'flux.yaml': `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: a, namespace: flux-system }
spec: { path: ./team-1, targetNamespace: other, prune: true }
`,
  'broken.yaml': 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: [\n',
  'twice.yaml': [rule('one', 'a'), rule('one', 'b')].join('---\n'),
  'crlf.yaml': `# cilium-policy-ignore empty-section here\n${policy(1, 2)}`.replaceAll('\n', '\r\n'),
  'inventory.yaml': [inventory(40, 4), rule('only-there', 'web', '99999999')].join('---\n'),
}

const folder = folderOf({ ...Object.fromEntries(repository(300)), ...special }).path
const broken = (code: string) => new URL(`data:text/javascript,${encodeURIComponent(code)}`)

/** The report as this thread makes it alone, or with as many others. */
async function report(values: WorldValues, threads: number, entry?: URL): Promise<Report> {
  const helpers = startHelpers({ threads, many: 0, ...(entry ? { entry } : {}) })
  return reportOf(await loadWorld([folder], values, helpers))
}

const reportOf = (world: World): Report => makeReport(world, { fixed: 0, failOn: 'error' })

const one = await report({}, 0)

test('the repository has all that may differ', () => {
  const { problems } = one
  assert.ok(problems.some(p => p.severity === 'error') && problems.some(p => p.severity === 'warning'))
  assert.ok(problems.some(p => p.related.some(r => r.message.includes('Cilium refuses refused'))))
  assert.ok(problems.some(p => p.fixes.some(f => f.preferred)))
})

test('what others have judged makes the same', async () => {
  const { snapshot, names, read } = await loadWorld([folder], {}, startHelpers({ threads: 0 }))
  const lens = lensOf(snapshot)
  const files = [...snapshot.files.values()]
  const board = newBoard(files.map(f => f.text))
  for (const [i, { uri, text }] of files.entries())
    if (i % 3 > 0) judgeFree(board, i, { file: parseFile(uri, undefined, text), lens })
  for (const i of files.keys()) assert.equal(hasFree(board, i), i % 3 === 0)
  const clean = files.flatMap((file, i) => cleanIn(board, i, file))
  assert.ok(clean.length > 100)
  for (const document of clean) {
    assert.deepEqual(checkAlone(document, lens), [])
    knowClean(document, lens)
  }
  assert.deepEqual(reportOf({ snapshot, names, read }), one)
})

test('what others have read makes the same', async () => {
  const { snapshot, names, read } = await loadWorld([folder], {}, startHelpers({ threads: 0 }))
  const files = [...snapshot.files.values()].map(({ uri, text }) => ({ uri, text }))
  const texts = files.map(f => f.text)
  const sheets = newSheets(texts, 5000)
  const count = sheets.states.length
  assert.ok(count > 20)
  const { port1, port2 } = new MessageChannel()
  // Every third is here in time, every third is taken by somebody who does not give it, and the others are free.
  for (const i of sheets.states.keys()) sheets.states[i] = i % 3 === 0 ? 0 : 1
  const given = readFor(port2, sheets, { texts, share: 0.5 })
  assert.ok(given.size > files.length / 4 && given.size < files.length / 2)
  for (const i of sheets.states.keys()) sheets.states[i] = i % 3 === 1 ? 0 : 1
  const got = readWith([port1], sheets, new Map(files.entries()))
  port1.close()
  const read2 = new Map(files.map(({ uri }, i) => [uri, got.get(i) as File]))
  for (const [uri, file] of read2) assert.equal(file.uri, uri)
  assert.deepEqual(reportOf({ snapshot: { ...snapshot, files: read2 }, names, read }), one)
})

for (const threads of [1, 2, 4]) {
  test(`with ${threads} more the same is said`, async () => {
    assert.deepEqual(await report({}, threads), one)
  })
}

test('with an inventory and settings as well', async () => {
  const values = {
    inventory: join(folder, 'inventory.yaml'),
    'cilium-version': '1.17',
    enforcement: 'always',
    config: ['enable-host-firewall=true'],
    namespace: 'shop',
  }
  const alone = await report(values, 0)
  assert.notDeepEqual(alone, one)
  assert.deepEqual(await report(values, 2), alone)
})

const DYING = {
  'dies at once': 'process.exit(1)',
  throws: 'throw new Error("no")',
  'dies with everything in hand': `import { parentPort } from 'node:worker_threads'
parentPort.on('message', ({ sheets, board }) => { (sheets ?? board).states.fill(1); if (board) throw new Error('no') })`,
  'never ends': `import { parentPort } from 'node:worker_threads'
parentPort.on('message', ({ sheets, board }) => { (sheets ?? board).states.fill(1); if (board) for (;;); })`,
  'never ends reading': `import { parentPort } from 'node:worker_threads'
parentPort.on('message', ({ sheets }) => { sheets.states.fill(1); for (;;); })`,
}

for (const [how, code] of Object.entries(DYING)) {
  test(`a thread that ${how} is survived`, async () => {
    assert.deepEqual(await report({}, 1, broken(code)), one)
  })
}

test('a thread that cannot be started is survived', async () => {
  assert.deepEqual(await report({}, 1, new URL('file:///nowhere/main.ts')), one)
  assert.deepEqual(await report({}, 1, new URL('https://example.com/')), one)
})

test('what cannot be read ends the threads and is said', async () => {
  const paths = [folder, join(folder, 'none')]
  await assert.rejects(loadWorld(paths, {}, startHelpers({ threads: 1, many: 0 })), CannotRun)
})

test('a configuration that stands beside a policy is the one that counts', async () => {
  const config =
    'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: cilium-config, namespace: kube-system }\ndata: { enable-policy: always }\n'
  const mixed = folderOf({ 'all.yaml': [...Array.from({ length: 40 }, (_, i) => policy(i, 1)), config].join('---\n') })
  const said = async (threads: number) =>
    reportOf(await loadWorld([mixed.path], {}, startHelpers({ threads, many: 0 })))
  assert.deepEqual(await said(1), await said(0))
})

test('as a process with much to do', async () => {
  const padding = `# ${'x'.repeat(20_000)}\n`
  const big = folderOf(Object.fromEntries([...repository(400)].map(([path, text]) => [path, text + padding])))
  const expected = reportOf(await loadWorld([big.path], {}, startHelpers({ threads: 0 })))
  const { code, out, err } = await big.run('check', '--format', 'json', big.path)
  assert.deepEqual([code, err], [1, ''])
  assert.equal(out, formatJson(expected))
})
