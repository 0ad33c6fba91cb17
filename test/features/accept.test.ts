// Whatever is accepted from the suggest list leaves a document that is right: block and flow style, JSON, CRLF, lists at either depth.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { completion } from '../../server/src/features/completion.ts'
import { PLAIN_CLIENT } from '../../server/src/features/convert.ts'
import { checkText } from '../../server/src/rules/check.ts'
import { applied, marked } from './mark.ts'
import { SHOP } from './shop.ts'

const HEAD = 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: a, namespace: shop}\nspec:\n'
const BLOCK = `${HEAD}  endpointSelector:
    matchLabels:
      app: web
  ingress:
    - fromEndpoints:
        - matchLabels:
            app: cart
          matchExpressions:
            - key: tier
              operator: Exists
      toPorts:
        - ports:
            - port: "8080"
              protocol: TCP
          rules:
            http:
              - method: GET
  egress:
    - toEntities:
        - world
`
const FLAT = `${HEAD}  endpointSelector: {}
  egress:
  - toCIDRSet:
    - cidr: 10.0.0.0/8
      except:
      - 10.1.0.0/16
    toPorts:
    - ports:
      - port: "443"
  - icmps:
    - fields:
      - type: 8
`
const FLOW = `${HEAD}  endpointSelector: {matchLabels: {app: web}}
  ingress: [{fromEndpoints: [{matchLabels: {app: cart}}], toPorts: [{ports: [{port: "80"}]}]}]
  egress:
    - {toFQDNs: [{matchName: a.b}]}
    - toEntities: [world, host]
`
const JSON_TEXT = `{
  "apiVersion": "cilium.io/v2",
  "kind": "CiliumNetworkPolicy",
  "metadata": {"name": "a"},
  "spec": {
    "endpointSelector": {},
    "ingress": [
      {"fromEntities": ["world"]}
    ]
  }
}
`

/** What acceptance must not bring: the text is broken, or what was offered did not fit. */
const BROKEN = new Set([
  'yaml-syntax',
  'yaml-duplicate-key',
  'yaml-bad-key',
  'unknown-field',
  'combined-peers',
  'icmps-and-ports',
])

function broken(text: string): number {
  return checkText(text, { version: '1.20' }).filter(p => BROKEN.has(p.code)).length
}

/** Accepts every item at the `|`; what makes the document worse is named. */
function worse(text: string, uri = 'file:///w/policy.yaml'): string[] {
  const { snapshot, at } = marked(text, { 'cluster.yaml': SHOP }, {}, uri)
  const plain = text.replace('|', '')
  const before = broken(plain)
  const found: string[] = []
  for (const item of completion(snapshot, at, PLAIN_CLIENT).items) {
    // Half a label key by design.
    if (/^(?:k8s|any|reserved):$/.test(item.label)) continue
    assert.ok(item.textEdit && 'range' in item.textEdit)
    const after = applied(plain, [item.textEdit, ...(item.additionalTextEdits ?? [])])
    if (broken(after) > before)
      found.push(`${item.label} at ${JSON.stringify(text.slice(Math.max(0, text.indexOf('|') - 60)))}`)
  }
  return found
}

/** Positions on a new line below each line, as deep as it and one step deeper. */
function* below(text: string, eol = '\n'): Iterable<string> {
  const lines = text.trimEnd().split(eol)
  for (const [i, line] of lines.entries()) {
    const next = lines[i + 1] ?? ''
    const indent = line.search(/[^\s-]/)
    if (line.endsWith(':') || next.search(/[^\s-]/) > indent) continue
    yield [...lines.slice(0, i + 1), `${' '.repeat(indent)}|`, ...lines.slice(i + 1), ''].join(eol)
    const dash = line.indexOf('- ')
    if (dash !== -1) yield [...lines.slice(0, i + 1), `${' '.repeat(dash)}- |`, ...lines.slice(i + 1), ''].join(eol)
  }
}

/** Positions behind each opening bracket, comma and colon. */
function* behind(text: string): Iterable<string> {
  for (const { index } of text.matchAll(/[[{,]/g)) yield `${text.slice(0, index + 1)}|${text.slice(index + 1)}`
}

for (const [name, text] of Object.entries({ BLOCK, FLAT })) {
  test(`a new line in block style: ${name}`, () => {
    assert.deepEqual(
      [...below(text)].flatMap(t => worse(t)),
      [],
    )
  })
}

test('a new line with CRLF', () => {
  assert.deepEqual(
    [...below(FLAT.replaceAll('\n', '\r\n'), '\r\n')].flatMap(t => worse(t)),
    [],
  )
})

test('a new entry in flow style and JSON', () => {
  const flow = [...behind(FLOW)].filter(t => !/\{\|(?:from|to)/.test(t))
  assert.deepEqual(
    flow.flatMap(t => worse(t)),
    [],
  )
  assert.deepEqual(
    [...behind(JSON_TEXT)].flatMap(t => worse(t, 'file:///w/policy.json')),
    [],
  )
})

test('a key with its lines below gets its colon only', () => {
  const { snapshot, at } = marked(BLOCK.replace('endpointSelector:', 'endp|'), {}, {})
  const item = completion(snapshot, at, PLAIN_CLIENT).items.find(i => i.label === 'endpointSelector')
  assert.equal(item?.textEdit?.newText, 'endpointSelector:')
})

test('beside lines of another depth the depth of the lines is taken', () => {
  for (const column of [0, 2, 4, 7]) {
    const text = `${HEAD}${' '.repeat(column)}|\n    endpointSelector: {}\n    egress: [{}]\n`
    assert.deepEqual(worse(text), [], String(column))
  }
})
