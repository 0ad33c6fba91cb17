// Every request that the server announces is answered over LSP, in the shape that editors expect.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startPeer } from './peer.ts'
import { policy } from './policy.ts'
import { openWorkspace, type Workspace } from './workspace.ts'

const TEXT = policy('wrld')
const position = { line: 9, character: 11 }

/** An editor that can do what VS Code can. */
const capabilities = {
  workspace: { workspaceEdit: { documentChanges: true, resourceOperations: ['create'] } },
  textDocument: {
    codeAction: {
      dataSupport: true,
      resolveSupport: { properties: ['edit'] },
      codeActionLiteralSupport: { codeActionKind: { valueSet: [] } },
    },
    hover: { contentFormat: ['markdown'] },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    publishDiagnostics: { relatedInformation: true },
  },
}

async function started(client: Readonly<Record<string, unknown>> = capabilities): Promise<Workspace> {
  const w = await openWorkspace({ 'a.yaml': TEXT }, { capabilities: client })
  w.open('a.yaml', TEXT)
  await w.diagnostics('a.yaml', p => p.version === 1)
  return w
}

async function ask<T>(w: Workspace, method: string, params: object = {}): Promise<T> {
  return (await w.peer.request(method, { textDocument: { uri: w.uri('a.yaml') }, ...params })) as T
}

interface Action {
  readonly title: string
  readonly kind: string
  readonly isPreferred?: boolean
  readonly diagnostics?: readonly { readonly code: string }[]
  readonly edit?: { readonly documentChanges: readonly { readonly edits: readonly { readonly newText: string }[] }[] }
}

test('completion, hover and inlay hints', async () => {
  const w = await started()
  const list = await ask<{ items: { label: string }[]; isIncomplete: boolean }>(w, 'textDocument/completion', {
    position,
  })
  assert.ok(list.items.some(i => i.label === 'world'))
  assert.equal(list.isIncomplete, false)
  const hover = await ask<{ contents: { kind: string; value: string } }>(w, 'textDocument/hover', {
    position: { line: 8, character: 8 },
  })
  assert.equal(hover.contents.kind, 'markdown')
  const range = { start: { line: 0, character: 0 }, end: { line: 20, character: 0 } }
  assert.ok(Array.isArray(await ask(w, 'textDocument/inlayHint', { range })))
})

test('a quick fix is tied to its diagnostic, preferred, and resolved to its edit', async () => {
  const w = await started()
  const range = { start: position, end: position }
  const actions = await ask<Action[]>(w, 'textDocument/codeAction', { range, context: { diagnostics: [] } })
  const fix = actions.find(a => a.kind === 'quickfix')
  assert.equal(fix?.isPreferred, true)
  assert.equal(fix?.diagnostics?.[0]?.code, 'unknown-entity')
  const resolved = (await w.peer.request('codeAction/resolve', fix)) as Action
  assert.equal(resolved.edit?.documentChanges[0]?.edits[0]?.newText, 'world')
})

test('an editor that cannot resolve gets the edit at once', async () => {
  const w = await started({
    textDocument: { codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } } },
  })
  const range = { start: position, end: position }
  const actions = await ask<{ edit?: { changes: object } }[]>(w, 'textDocument/codeAction', {
    range,
    context: { diagnostics: [], only: ['quickfix'] },
  })
  assert.ok(actions[0]?.edit?.changes)
})

test('an editor that knows commands only is sent the edit when it runs one', async () => {
  const w = await started({})
  const range = { start: position, end: position }
  const [fix] = await ask<{ title: string; command: string; arguments: unknown[] }[]>(w, 'textDocument/codeAction', {
    range,
    context: { diagnostics: [] },
  })
  assert.equal(fix?.title, 'Change to world')
  assert.equal(typeof fix.command, 'string')
  await w.peer.request('workspace/executeCommand', { command: fix.command, arguments: fix.arguments })
  const { edit } = await w.peer.until<{ edit: { changes: Record<string, { newText: string }[]> } }>(
    'workspace/applyEdit',
  )
  assert.equal(edit.changes[w.uri('a.yaml')]?.[0]?.newText, 'world')
  assert.equal(await w.peer.request('workspace/executeCommand', { command: 'other' }), null)
})

test('source.fixAll.ciliumPolicy applies all preferred fixes', async () => {
  const w = await started()
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }
  const context = { diagnostics: [], only: ['source.fixAll'] }
  const [action] = await ask<Action[]>(w, 'textDocument/codeAction', { range, context })
  assert.equal(action?.kind, 'source.fixAll.ciliumPolicy')
  assert.ok(action.edit)
})

test('symbols, lenses, definitions, references and highlights', async () => {
  const w = await started()
  const symbols = await ask<{ name: string; children: unknown[] }[]>(w, 'textDocument/documentSymbol')
  assert.match(symbols[0]?.name ?? '', /web/)
  const found = (await w.peer.request('workspace/symbol', { query: 'web' })) as { name: string }[]
  assert.match(found[0]?.name ?? '', /web/)
  assert.ok(Array.isArray(await ask(w, 'textDocument/codeLens')))
  const name = { line: 3, character: 9 }
  assert.ok(Array.isArray(await ask(w, 'textDocument/definition', { position: name })))
  const context = { includeDeclaration: true }
  assert.equal((await ask<unknown[]>(w, 'textDocument/references', { position: name, context })).length, 1)
  assert.ok(Array.isArray(await ask(w, 'textDocument/documentHighlight', { position: name })))
})

test('files that nobody knows have empty answers', async () => {
  const w = await started()
  const textDocument = { uri: 'file:///nowhere/at/all.yaml' }
  for (const method of ['completion', 'hover', 'definition', 'documentHighlight', 'documentSymbol', 'codeLens'])
    await w.peer.request(`textDocument/${method}`, { textDocument, position })
})

test('shutdown and exit end the process with 0', async () => {
  const peer = await startPeer()
  await peer.request('shutdown', null)
  const ended = new Promise<number | null>(resolve => peer.process.once('exit', resolve))
  peer.notify('exit', null)
  assert.equal(await ended, 0)
})
