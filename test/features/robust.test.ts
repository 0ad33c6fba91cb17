// No text and no position makes a feature throw, and none takes long.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeActions } from '../../server/src/features/codeActions.ts'
import { codeLenses } from '../../server/src/features/codeLens.ts'
import { completion } from '../../server/src/features/completion.ts'
import { type Client, PLAIN_CLIENT, positionAt } from '../../server/src/features/convert.ts'
import { hover } from '../../server/src/features/hover.ts'
import { inlayHints } from '../../server/src/features/inlayHints.ts'
import { highlights, references } from '../../server/src/features/navigation.ts'
import { documentSymbols } from '../../server/src/features/symbols.ts'
import { parseFile } from '../../server/src/syntax/parse.ts'
import fc from '../property.ts'
import { applied, marked } from './mark.ts'
import { SHOP } from './shop.ts'

const CLIENT: Client = { ...PLAIN_CLIENT, codeActionLiterals: true, hierarchicalSymbols: true, markdown: true }

const POLICY = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: a, namespace: shop}
spec:
  endpointSelector:
    matchLabels: {"k8s:app": web}
  egress:
  - toEndpoints:
    - matchExpressions:
      - {key: app, operator: In, values: [cart, *x]}
    toPorts:
    - ports: [{port: "9090", protocol: TCP}]
      rules: {http: [{path: '/a"b', method: GET}]}
  - toFQDNs: [{matchPattern: "*.x.io"}]
  - toCIDRSet: [{cidr: 10.0.0.0/8, except: [10.1.0.0/16]}, {cidrGroupRef: partners}]
  - toEntities:
      - &x host
      - \${WORLD}
`

const TEMPLATE = `{{- if .Values.on }}
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: {{ include "x" . }}
  labels: {{- toYaml .l | nindent 4 }}
    a: b
spec:
  endpointSelector: {{ if .all }}{}{{ else }}{matchLabels: {a: b}}{{ end }}
  {{ .direction }}:
  {{- range .cidrs }}
    - toCIDR: [{{ . }}, "{{ . }}/32"]
      toPorts:
        - ports:
            - {port: "{{ .p }}", protocol: {{ .q | default "TCP" }}}
  {{- else }}
    - toEntities: [\${E:=\${F}}]
  {{- end }}
{{- end }}
`

/** No position lies between the two characters of a line break. */
const beside = (text: string, offset: number): number =>
  text[offset - 1] === '\r' && text[offset] === '\n' ? offset - 1 : offset

function everything(text: string, offset: number): void {
  const { snapshot, at } = marked(text.replaceAll('|', '!'), { 'cluster.yaml': SHOP })
  const file = snapshot.files.get(at.uri)
  assert.ok(file)
  const position = positionAt(file, beside(file.text, Math.min(offset, file.text.length)))
  const here = { uri: at.uri, position }
  const all = { start: { line: 0, character: 0 }, end: position }
  for (const item of completion(snapshot, here, CLIENT).items) {
    assert.ok(item.textEdit && 'range' in item.textEdit)
    const { start, end } = item.textEdit.range
    assert.equal(start.line, position.line)
    assert.equal(end.line, position.line)
    assert.ok(start.character <= position.character && position.character <= end.character)
    applied(file.text, [item.textEdit, ...(item.additionalTextEdits ?? [])])
  }
  hover(snapshot, here, CLIENT)
  const errors = file.documents.flatMap(d => d.errors).length
  for (const { title, edit } of codeActions(snapshot, { uri: at.uri, range: all, diagnostics: [] }, CLIENT)) {
    const edits = edit?.changes?.[at.uri]
    if (!edits || errors > 0) continue
    const fixed = parseFile(at.uri, 2, applied(file.text, edits))
    assert.deepEqual(
      fixed.documents.flatMap(d => d.errors),
      [],
      `${title} breaks ${JSON.stringify(text)}`,
    )
  }
  references(snapshot, here, true)
  highlights(snapshot, here)
  codeLenses(snapshot, at.uri)
  inlayHints(snapshot, at.uri, all)
  documentSymbols(snapshot, at.uri, CLIENT)
}

const PIECES = [
  '',
  ' ',
  '\n',
  '  - ',
  ': ',
  '"',
  '[',
  '{',
  '\t',
  '---\n',
  '#',
  '\r\n',
  '&a *a',
  '{{',
  '}}',
  '{{ end }}',
]

test('any piece of a policy torn out and put elsewhere', () => {
  const place = fc.nat({ max: POLICY.length })
  const base = fc.constantFrom(POLICY, TEMPLATE)
  const run = fc.property(base, place, place, place, fc.constantFrom(...PIECES), (whole, a, b, offset, piece) => {
    const [from, to] = [Math.min(a, b), Math.max(a, b)]
    everything(whole.slice(0, from) + piece + whole.slice(to), offset)
  })
  fc.assert(run, { numRuns: 200 })
})

test('any text at all', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.nat({ max: 60 }), (text, offset) =>
      everything(text, offset),
    ),
    { numRuns: 100 },
  )
})

test('long lines and deep nesting are answered in time', () => {
  const head = 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: a}\nspec:\n'
  for (const body of [
    '['.repeat(3000),
    `  a: ${': '.repeat(20_000)}`,
    `  b: ${"'".repeat(20_001)}`,
    ' '.repeat(50_000),
    `  ${'- '.repeat(5000)}`,
  ]) {
    const text = head + body
    const start = performance.now()
    everything(text, text.length)
    assert.ok(performance.now() - start < 30_000, `hangs on ${body.slice(0, 20)}`)
  }
})

test('brackets that are never closed end with the text', () => {
  for (const text of ['[ : ', '{ : ', '[{a: b, : ', 'a: [b, "c": {', '- [ {', '[?', '{a: [? :'])
    everything(text, text.length)
})
