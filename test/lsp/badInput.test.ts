// Bad input: each is answered, everything else goes on working, and no request takes longer than 200 ms.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Diagnostics } from './peer.ts'
import { openWorkspace, policy, type Workspace } from './workspace.ts'

/** What issue 3 promises; slow machines may stretch it by this variable. */
const LIMIT = 200 * Number(process.env.SLOW_MACHINE ?? 1)

const HEAD = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: web
spec:
  endpointSelector: {}
`
const many = (n: number, of: (i: number) => string) => Array.from({ length: n }, (_, i) => of(i)).join('')

const INPUTS: Readonly<Record<string, string>> = {
  empty: '',
  binary: `${String.fromCharCode(...Array.from({ length: 4000 }, (_, i) => (i * 7919) % 256))}CiliumNetworkPolicy`,
  broken: `${HEAD}  ingress: [{\n  - }`,
  tabs: `${HEAD}\tingress:\n\t- {}\n`,
  'duplicate keys': `${HEAD}  egress: []\n  egress: []\n`,
  'half typed': `${HEAD}  ingress:\n    - fromEnt`,
  'deeply nested lists': `${HEAD}  ingress: ${'['.repeat(5000)}\n`,
  'deeply nested maps': `${HEAD}  ingress: ${'{a: '.repeat(3000)}\n`,
  'deeply nested block': `${HEAD}${many(500, i => `${' '.repeat(i + 2)}a:\n`)}`,
  'alias bomb': `${HEAD}  a: &a [x, x, x, x, x, x, x, x, x]\n${'bcdefghijk'
    .split('')
    .map((c, i) => `  ${c}: &${c} [${Array(9).fill(`*${'abcdefghij'[i]}`).join(', ')}]\n`)
    .join('')}`,
  'alias cycle': `${HEAD}  ingress: &a\n    - *a\n`,
  'merge cycle': `${HEAD}  ingress:\n    - &a\n      <<: *a\n`,
  'long matchName': `${HEAD}  egress:\n    - toFQDNs:\n        - matchName: ${'a'.repeat(300)}\n`,
  'tricky matchName': `${HEAD}  egress:\n    - toFQDNs:\n        - matchName: ${'a-'.repeat(150)}!\n        - matchPattern: ${'*'.repeat(300)}\n`,
  'tricky path': `${HEAD}  ingress:\n    - toPorts:\n        - ports: [{port: "80"}]\n          rules:\n            http:\n              - path: "${'(a+)+'.repeat(40)}$"\n`,
  template: `${HEAD}  ingress:\n    {{- if .Values.x }}\n    - fromEntities: [{{ .Values.entity }}]\n    {{- end }}\n    - fromEntities: ["\${ENTITY}"]\n`,
  'one long line': `${HEAD}  description: ${'x'.repeat(1_000_000)}\n`,
  'many brackets': `${HEAD}  ingress: ${'[]'.repeat(50_000)}\n`,
  '2 MB of policies': many(
    6000,
    i =>
      `---\n${policy('wrld', `p${i}`).replace('    - fromEntities', '    # a comment that takes room, as people write them for each other\n    - fromEntities')}`,
  ),
  '2 MB in one policy': `${HEAD}  ingress:\n${many(30_000, i => `    - fromEntities:\n        - wrld # ${i}, with a comment\n`)}`,
  '2 MB of something else': `kind: CiliumNetworkPolicy\n${many(60_000, i => `key${i}: a value that is long enough\n`)}`,
}

for (const [name, text] of Object.entries(INPUTS)) {
  test(name, async () => {
    const w = await openWorkspace({ 'good.yaml': policy('wrld', 'other') })
    await w.diagnostics('good.yaml', p => p.diagnostics.length === 1)
    w.open('bad.yaml', text)
    await askAll(w, text)
    w.change('bad.yaml', 2, `${text}\n# one more`)
    await askAll(w, text)
    await w.diagnostics('bad.yaml', p => p.version === 2)
    w.open('good.yaml', policy('world', 'other'))
    w.change('good.yaml', 9, policy('wrld', 'other'))
    const { diagnostics } = await w.diagnostics('good.yaml', (p: Diagnostics) => p.version === 9)
    assert.equal(diagnostics.length, 1)
  })
}

/** Asks everything about three places, one request after the other; each must be answered in time. */
async function askAll(w: Workspace, text: string): Promise<void> {
  const lines = text.split('\n')
  const last = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 }
  const textDocument = { uri: w.uri('bad.yaml') }
  const slow: string[] = []
  const ask = async (method: string, params: object) => {
    const start = performance.now()
    await w.peer.request(method, { textDocument, ...params })
    const took = performance.now() - start
    if (took > LIMIT) slow.push(`${method} took ${took.toFixed(0)} ms`)
  }
  for (const position of [{ line: 8, character: 12 }, last, { line: 1e6, character: 1e6 }]) {
    const range = { start: position, end: position }
    await ask('textDocument/completion', { position })
    await ask('textDocument/hover', { position })
    await ask('textDocument/definition', { position })
    await ask('textDocument/references', { position, context: { includeDeclaration: true } })
    await ask('textDocument/documentHighlight', { position })
    await ask('textDocument/codeAction', { range, context: { diagnostics: [] } })
  }
  const range = { start: { line: 0, character: 0 }, end: { line: 60, character: 0 } }
  await ask('textDocument/inlayHint', { range })
  await ask('textDocument/codeLens', {})
  await ask('textDocument/documentSymbol', {})
  assert.deepEqual(slow, [])
}
