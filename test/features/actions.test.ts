// Fixes as code actions: inline or resolved, tied to their diagnostic, and all at once.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CodeAction, TextEdit } from 'vscode-languageserver-types'
import { codeActions, resolveCodeAction } from '../../server/src/features/codeActions.ts'
import { type Client, PLAIN_CLIENT } from '../../server/src/features/convert.ts'
import { diagnostics } from '../../server/src/features/diagnostics.ts'
import { applied, marked } from './mark.ts'

const CLIENT: Client = { ...PLAIN_CLIENT, codeActionLiterals: true, documentChanges: true, related: true }
const WRONG = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: a, namespace: shop}
spec:
  endpointSelector: {}
  egress:
    - toEntities: [wor|l]
      toPorts:
        - ports:
            - port: 80
`

function ask(text: string, client: Client, only?: string[]): CodeAction[] {
  const { snapshot, at } = marked(text)
  const range = { start: at.position, end: at.position }
  return codeActions(snapshot, { uri: at.uri, range, diagnostics: [], ...(only ? { only } : {}) }, client)
}

function after(text: string, action: CodeAction | undefined): string {
  const changes = action?.edit?.documentChanges ?? []
  const edits = changes.flatMap(c => ('edits' in c ? (c.edits as TextEdit[]) : []))
  return applied(text.replace('|', ''), edits)
}

test('the quick fix at the cursor is tied to its diagnostic and carries its edit', () => {
  const [fix] = ask(WRONG, CLIENT)
  assert.equal(fix?.kind, 'quickfix')
  assert.equal(fix?.isPreferred, true)
  assert.equal(fix?.diagnostics?.[0]?.source, 'cilium')
  assert.ok(after(WRONG, fix).includes('toEntities: [world]'))
  assert.ok(after(WRONG, fix).includes('port: 80\n'))
})

test('a fix knows the version of the open file', () => {
  const [fix] = ask(WRONG, CLIENT)
  assert.deepEqual(
    fix?.edit?.documentChanges?.map(c => 'textDocument' in c && c.textDocument.version),
    [1],
  )
  const [plain] = ask(WRONG, { ...CLIENT, documentChanges: false })
  assert.deepEqual(Object.keys(plain?.edit?.changes ?? {}), ['file:///w/policy.yaml'])
})

test('a fix can get its edit later, and nothing that comes back is trusted', () => {
  const client = { ...CLIENT, resolveEdit: true }
  const [fix] = ask(WRONG, client)
  assert.ok(fix && !fix.edit)
  const { snapshot } = marked(WRONG)
  assert.ok(after(WRONG, resolveCodeAction(snapshot, fix, client)).includes('[world]'))
  for (const data of [undefined, 3, { uri: 'file:///etc/passwd', version: 1, rule: 'x', at: 0, fix: 0 }]) {
    assert.equal(resolveCodeAction(snapshot, { ...fix, data }, client).edit, undefined)
  }
  const stale = { ...(fix.data as object), version: 7 }
  assert.equal(resolveCodeAction(snapshot, { ...fix, data: stale }, client).edit, undefined)
})

test('all preferred fixes at once, only when asked for', () => {
  assert.ok(!ask(WRONG, CLIENT).some(a => a.kind?.startsWith('source')))
  const [all] = ask(WRONG, CLIENT, ['source.fixAll'])
  assert.equal(all?.kind, 'source.fixAll.ciliumPolicy')
  const text = after(WRONG, all)
  assert.ok(text.includes('[world]') && text.includes('port: "80"'), text)
  const { snapshot, at } = marked(text)
  assert.deepEqual(
    codeActions(
      snapshot,
      { uri: at.uri, range: { start: at.position, end: at.position }, only: ['source'], diagnostics: [] },
      CLIENT,
    ),
    [],
  )
})

test('kinds that were not asked for are left out', () => {
  assert.deepEqual(ask(WRONG, CLIENT, ['refactor.extract']), [])
  assert.ok(ask(WRONG, CLIENT, ['quickfix']).length > 0)
  assert.deepEqual(ask(WRONG, PLAIN_CLIENT), [])
})

test('a diagnostic has its rule, its page and its range', () => {
  const { snapshot, at } = marked(WRONG)
  const [first] = diagnostics(snapshot, at.uri, CLIENT)
  assert.deepEqual(first?.range, { start: { line: 6, character: 19 }, end: { line: 6, character: 23 } })
  assert.equal(first?.severity, 1)
  assert.ok(first?.codeDescription?.href.endsWith(`#${first.code}`))
  assert.deepEqual(diagnostics(snapshot, 'file:///unknown', CLIENT), [])
})

test('the fix of a rule that is off is a refactoring without a diagnostic', () => {
  for (const resolveEdit of [false, true]) {
    const client = { ...CLIENT, resolveEdit }
    const { snapshot, at } = marked(WRONG, {}, { rules: { 'unknown-entity': 'off' } })
    const range = { start: at.position, end: at.position }
    const found = codeActions(snapshot, { uri: at.uri, range, diagnostics: [] }, client)
    assert.deepEqual(
      found.map(a => [a.kind, a.diagnostics, a.isPreferred]),
      [['refactor.rewrite', undefined, undefined]],
    )
    const [action] = found
    assert.ok(action)
    assert.ok(after(WRONG, resolveCodeAction(snapshot, action, client)).includes('[world]'))
  }
})
