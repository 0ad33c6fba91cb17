// Templates and placeholders: what no value could make right is an error, everything else is not.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkText } from '../../server/src/rules/check.ts'
import { parseDocument, parseFile } from '../../server/src/syntax/parse.ts'
import { untemplate } from '../../server/src/syntax/template.ts'

/** The errors of a policy with this spec, as "line: the text there: rule". */
function errors(spec: string, kind = 'CiliumNetworkPolicy'): string[] {
  const text = `apiVersion: cilium.io/v2\nkind: ${kind}\nmetadata:\n  name: a\nspec:\n${spec}`
  return checkText(text, { version: '1.20' })
    .filter(p => p.severity === 'error')
    .map(({ span, code }) => `${text.slice(span.start, span.end)}: ${code}`)
}

/** The same for rules of a policy that selects everything. */
const inRules = (rules: string) => errors(`  endpointSelector: {}\n  egress:\n${rules}`)

test('values, quoted and bare, whole and in part', () => {
  const rules = `    - toCIDR:
        - {{ .cidr }}
        - "{{ .cidr }}/32"
        - '{{ .cidr | default "}}" }}'
        - {{ .a }}.{{ .b }}.0.0/16
        - {{ printf "%s/32"
             .c }}
      toPorts:
        - ports:
            - {port: "{{ .port }}", protocol: {{ .protocol }}}
            - port: {{ .port | quote }}
`
  assert.deepEqual(inRules(rules), [])
})

test('what stands beside a template is judged', () => {
  assert.deepEqual(inRules('    - toEntities: [{{ .e }}, wrld]\n'), ['wrld: unknown-entity'])
  assert.deepEqual(inRules('    {{- if .x }}\n    - toEntities:\n        - wrld\n    {{- end }}\n'), [
    'wrld: unknown-entity',
  ])
})

test('blocks printed after a key, a dash, or on lines of their own', () => {
  const cases = [
    '    {{- toYaml .rules | nindent 4 }}\n',
    '    - {{ include "rule" . | nindent 6 }}\n',
    '    - {{- include "rule" . | nindent 6 }}\n      toPorts: []\n',
    '    - toEndpoints: {{- toYaml .peers | nindent 8 }}\n        - {}\n',
    '    - toEndpoints:\n        - matchLabels: {{- include "l" . | nindent 12 }}\n            app: web\n',
    '    - toPorts:\n        {{- range .ports }}\n        - ports:\n            - port: {{ . | quote }}\n        {{- end }}\n',
    '    - toPorts: {{ if .x }}\n        - ports:\n            - port: "443"\n      {{ end }}\n',
  ]
  for (const rules of cases) assert.deepEqual(inRules(rules), [], rules)
})

test('a missing key may be printed', () => {
  assert.deepEqual(errors('  endpointSelector: {}\n  {{- include "rules" . | nindent 2 }}\n'), [])
  assert.deepEqual(errors('  {{- include "selector" . | nindent 2 }}\n  egress:\n    - {}\n'), [])
  assert.deepEqual(errors('  endpointSelector: {}\n  # why\n\n  {{ template "rules" . }}\n'), [])
  assert.deepEqual(errors('  endpointSelector: {}\n  {{ .direction }}:\n    - {}\n'), [])
  assert.deepEqual(errors('  endpointSelector: {}\n  {{- if .x }}\n  {{- end }}\n'), ['spec: missing-field'])
})

test('keys', () => {
  assert.deepEqual(inRules('    - {{ .peer }}: [world]\n'), [])
  assert.deepEqual(
    inRules(
      '    - toEndpoints:\n        - matchLabels:\n            {{ .k }}: {{ .v }}\n            app-{{ .x }}: b\n',
    ),
    [],
  )
  assert.deepEqual(inRules('    - {{ if .x }}toPorts{{ else }}icmps{{ end }}: []\n'), [])
})

test('conditions within a line', () => {
  assert.deepEqual(
    errors('  endpointSelector: {{ if .all }}{}{{ else }}{matchLabels: {a: b}}{{ end }}\n  egress: [{}]\n'),
    [],
  )
  assert.deepEqual(errors('  {{ if .x }}egress: [{}]{{ end }}\n  {{ if .y }}endpointSelector: {}{{ end }}\n'), [])
  assert.deepEqual(errors('  {{ if .x }}egress: [{}]{{ else }}ingress: [{}]{{ end }}\n  endpointSelector: {}\n'), [])
  assert.deepEqual(inRules('    - toEntities:\n        - wor{{ if .x }}ld{{ end }}\n'), [])
  assert.deepEqual(inRules('    - {{ if .x }}toEntities: [wrld]{{ end }}\n      toPorts: []\n'), [
    'wrld: unknown-entity',
  ])
})

test('alternatives do not exclude each other', () => {
  const either =
    '  {{- if .host }}\n  nodeSelector: {}\n  {{- else }}\n  endpointSelector: {}\n  {{- end }}\n  egress: [{}]\n'
  assert.deepEqual(errors(either, 'CiliumClusterwideNetworkPolicy'), [])
  const peers = (middle: string) =>
    `    - {{- if .a }}\n      toEntities: [world]\n      ${middle}\n      toEndpoints: [{}]\n      {{- end }}\n`
  assert.deepEqual(inRules(peers('{{- else if .b }}')), [])
  assert.deepEqual(inRules(peers('{{- end }}{{ if .b }}')), [])
  assert.deepEqual(inRules(peers('')), ['toEndpoints: combined-peers'])
  const twice =
    '    {{- range .x }}\n    - toCIDR: [10.0.0.0/8]\n      {{- if .y }}\n      toCIDR: []\n      {{- end }}\n    {{- end }}\n'
  assert.deepEqual(inRules(twice), ['toCIDR: yaml-duplicate-key'])
  const icmp =
    '    - {{ if .a }}\n      icmps: [{fields: [{type: 8}]}]\n      {{ else }}\n      toPorts: [{ports: [{port: "80"}]}]\n      {{ end }}\n'
  assert.deepEqual(inRules(icmp), [])
})

test('a whole policy under a condition, after an assignment, with comments', () => {
  const text = `{{- /* } }} over
lines */ -}}
{{- $name := "}}" -}}
{{ if .x }}apiVersion: cilium.io/v2{{ end }}
kind: CiliumNetworkPolicy
metadata:
  name: {{ $name }}-a
  {{- with .annotations }}
  annotations: {{- toYaml . | nindent 4 }}
  {{- end }}
spec: # {{ a comment }}
  endpointSelector: {}
  ingress: {{ toYaml .ingress | nindent 4 }}
{{- end }}
`
  assert.deepEqual(checkText(text, { version: '1.20' }), [])
  assert.equal(parseDocument(text).errors.length, 0)
})

test('a comment of a template holds documents that are none', () => {
  const policy = (name: string) =>
    `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: ${name} }\nspec: { endpointSelector: {}, ingress: [{}] }\n`
  const text = `{{- /*\nold:\n---\n${policy('a')}---\n*/ -}}\n${policy('b')}---\n{{/* one --- line */}}\n${policy('c')}---\n${policy('d')}`
  for (const written of [text, text.replaceAll('\n', '\r\n')]) {
    const file = parseFile('file:///a.yaml', undefined, written)
    assert.equal(file.documents.length, 3)
    for (const { text: piece } of file.documents) assert.deepEqual(checkText(piece, { version: '1.20' }), [])
    // While the comment's end is being typed, what stands in it is read; then it is as before.
    const open = written.replace('*/ -}}', '* -}}').replace('*/}}', '}}')
    const typed = parseFile('file:///a.yaml', undefined, open, file)
    assert.equal(typed.documents.length, 5)
    assert.deepEqual(parseFile('file:///a.yaml', undefined, written, typed).starts, file.starts)
  }
})

test('variables of Flux, nested, with defaults, in keys and anchors', () => {
  const rules = `    - toCIDRSet:
        - cidr: \${IP:=\${OTHER}}/32
          except: \${LIST}
    - toFQDNs: &names
        - matchName: s3.\${DOMAIN}
        - matchPattern: "*.\${DOMAIN:-x.org}"
      toPorts:
        - ports:
            - {port: "\${PORT}", protocol: "\${PROTOCOL}"}
            - port: \${PORT:=443}
    - toEntities: \${ENTITIES}
    - \${RULE}
    - toEndpoints:
        - matchLabels:
            \${KEY}: &v \${VALUE}
`
  assert.deepEqual(inRules(rules), [])
})

test('the length stays, and torn templates take no time', () => {
  const pieces = ['{{', '}}', '{{ if x }}', '{{ end }}', '{{/*', '*/', '"', '`', '\n', ' a: b', '- ', '{{- else -}}']
  for (const piece of pieces) {
    for (const other of pieces) {
      const text = (piece + other).repeat(3000)
      assert.equal(untemplate(text).text.length, text.length)
      if (piece === '{{/*') assert.equal(parseFile('file:///a.yaml', undefined, `${text}\n---\n`).starts[0], 0)
    }
  }
})
