// Edits and diagnostics as the protocol has them, for able and for plain clients.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Client, PLAIN_CLIENT, toDiagnostic, toWorkspaceEdit } from '../../server/src/features/convert.ts'
import type { Edit, Problem } from '../../server/src/syntax/problem.ts'
import { marked } from './mark.ts'

const ABLE: Client = { ...PLAIN_CLIENT, documentChanges: true, create: true, annotations: true, related: true }
const { snapshot } = marked('a: b\n---\nc: d\n', { 'other.yaml': 'e: f\n' })

function document(name: string, index: number) {
  const found = snapshot.files.get(`file:///w/${name}`)?.documents[index]
  assert.ok(found)
  return found
}

const here: Edit = {
  kind: 'replace',
  place: { document: document('policy.yaml', 1), span: { start: 7, end: 8 } },
  text: 'X',
}
const there: Edit = {
  kind: 'replace',
  place: { document: document('other.yaml', 0), span: { start: 0, end: 0 } },
  text: 'Y',
}
const fresh: Edit = { kind: 'create', uri: 'file:///w/new.yaml', text: 'new\n' }

test('an edit in a second document has the line of the file and the version of the open file', () => {
  const range = { start: { line: 2, character: 3 }, end: { line: 2, character: 4 } }
  assert.deepEqual(toWorkspaceEdit(snapshot, [here], ABLE), {
    documentChanges: [{ textDocument: { uri: 'file:///w/policy.yaml', version: 1 }, edits: [{ range, newText: 'X' }] }],
  })
})

test('edits of several files carry an annotation; files that are not open have no version', () => {
  const edit = toWorkspaceEdit(snapshot, [here, there], ABLE, 'Open both sides')
  assert.deepEqual(Object.values(edit.changeAnnotations ?? {}), [
    { label: 'Open both sides', needsConfirmation: false },
  ])
  const [, second] = edit.documentChanges ?? []
  assert.ok(second && 'textDocument' in second)
  assert.equal(second.textDocument.version, null)
  assert.ok(second.edits.every(e => 'annotationId' in e))
})

test('a new file is a create operation where the client can do it', () => {
  const [create, fill] = toWorkspaceEdit(snapshot, [fresh], ABLE).documentChanges ?? []
  assert.deepEqual(create, {
    kind: 'create',
    uri: 'file:///w/new.yaml',
    options: { overwrite: false, ignoreIfExists: true },
  })
  assert.ok(fill && 'edits' in fill)
  assert.equal(fill.edits.length, 1)
  const plain = toWorkspaceEdit(snapshot, [fresh, here], PLAIN_CLIENT)
  assert.deepEqual(Object.keys(plain.changes ?? {}).sort(), ['file:///w/new.yaml', 'file:///w/policy.yaml'])
})

test('a diagnostic points at related places of other files', () => {
  const problem: Problem = {
    code: 'some-rule',
    severity: 'warning',
    message: 'so it is: do this',
    span: { start: 4, end: 5 },
    fixes: [],
    related: [
      { place: { document: document('other.yaml', 0), span: { start: 3, end: 4 } }, message: 'because of this' },
    ],
  }
  const file = snapshot.files.get('file:///w/policy.yaml')
  assert.ok(file)
  const found = { document: document('policy.yaml', 1), problem }
  const diagnostic = toDiagnostic(snapshot, file, found, ABLE)
  assert.deepEqual([diagnostic.severity, diagnostic.source, diagnostic.code], [2, 'cilium', 'some-rule'])
  assert.equal(diagnostic.relatedInformation?.[0]?.location.uri, 'file:///w/other.yaml')
  assert.equal(toDiagnostic(snapshot, file, found, PLAIN_CLIENT).relatedInformation, undefined)
})
