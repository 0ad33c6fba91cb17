// Bad input: broken, huge and hostile texts, and every request about them.

import type { Peer } from './peer.ts'
import { policy } from './policy.ts'

const HEAD = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: web
spec:
  endpointSelector: {}
`
const many = (n: number, of: (i: number) => string) => Array.from({ length: n }, (_, i) => of(i)).join('')

/** The texts by name. */
export const INPUTS: Readonly<Record<string, string>> = {
  empty: '',
  binary: `${String.fromCharCode(...Array.from({ length: 4000 }, (_, i) => (i * 7919) % 256))}CiliumNetworkPolicy`,
  broken: `${HEAD}  ingress: [{\n  - }`,
  tabs: `${HEAD}\tingress:\n\t- {}\n`,
  'a byte order mark within': '---\n\uFEFFapiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\n',
  'no UTF-8': `${HEAD}  # caf\udce9\n`,
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

/** So many actions are resolved. */
const MOST = 10

/** Asks everything about three places of a file, one request after the other; how long each took, in milliseconds. */
export async function askAll(peer: Peer, uri: string, text: string): Promise<ReadonlyMap<string, number>> {
  const lines = text.split('\n')
  const last = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 }
  const textDocument = { uri }
  const took = new Map<string, number>()
  const ask = async (method: string, params: object) => {
    const start = performance.now()
    const answer = await peer.request(method, { textDocument, ...params })
    took.set(method, Math.max(took.get(method) ?? 0, performance.now() - start))
    return answer
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
  const actions = (await ask('textDocument/codeAction', { range, context: { diagnostics: [] } })) as object[] | null
  for (const action of (actions ?? []).slice(0, MOST)) await ask('codeAction/resolve', action)
  await ask('textDocument/inlayHint', { range })
  await ask('textDocument/codeLens', {})
  await ask('textDocument/documentSymbol', {})
  return took
}
