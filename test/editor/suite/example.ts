// The example workspace in VS Code, with a policy beside it that has a misspelt entity.

import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import { after, file, fix, hover, ID, problems, set, show, suggestions, until } from './editor.ts'
import { type Cases, runner } from './run.ts'

const TYPO = file('policies/shop/web.yaml')
const UI = file('policies/kube-system/hubble-ui.yaml')
const MISSPELT = ['11:11 unknown-entity: unknown entity "kube-apiservr": did you mean kube-apiserver?'] as const

const hasTypo = (found: readonly string[]) => found.length > 0
const none = (found: readonly string[]) => found.length === 0

const cases: Cases = {
  'policies are judged without being opened': async () => {
    assert.deepEqual(await problems(TYPO, hasTypo), MISSPELT)
    assert.equal(vscode.extensions.getExtension(ID)?.isActive, true)
  },
  'opening and closing a file changes nothing': async () => {
    await show(TYPO)
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor')
    assert.deepEqual(await problems(TYPO, hasTypo), MISSPELT)
  },
  'settings take effect at once': async () => {
    await set('rules', { 'unknown-entity': 'off' })
    await problems(TYPO, none)
    await set('rules', undefined)
    assert.deepEqual(await problems(TYPO, hasTypo), MISSPELT)
  },
  'the server is started anew by command': async () => {
    await vscode.commands.executeCommand('ciliumPolicy.restart')
    assert.deepEqual(await problems(TYPO, hasTypo), MISSPELT)
  },
  'a quick fix mends the word': async () => {
    const document = await show(TYPO)
    const before = document.getText()
    await fix(document, /kube-apiserver/)
    await problems(TYPO, none)
    assert.equal(document.getText(), before.replace('kube-apiservr', 'kube-apiserver'))
  },
  'what is unsaved is judged': async () => {
    const document = await show(TYPO)
    const edit = new vscode.WorkspaceEdit()
    const end = after(document, 'kube-apiserver')
    edit.insert(TYPO, end, 's')
    await vscode.workspace.applyEdit(edit)
    assert.match((await problems(TYPO, hasTypo)).join(), /unknown-entity: unknown entity "kube-apiservers"/)
    await vscode.commands.executeCommand('workbench.action.files.revert')
  },
  'entities and service accounts are suggested': async () => {
    const document = await show(UI)
    const entities = await suggestions(document, after(document, '- kube-apiserve'))
    assert.ok(entities.includes('kube-apiserver') && entities.includes('world'), entities.join())
    const accounts = await suggestions(document, after(document, 'serviceaccount: '))
    assert.ok(accounts.includes('coredns') && accounts.includes('hubble-relay'), accounts.join())
    assert.ok(!accounts.includes('local-path-provisioner-service-account'), 'an account of another namespace')
  },
  'hovers tell what is meant': async () => {
    const document = await show(UI)
    assert.match(await hover(document, after(document, '- kube-api')), /API server/)
  },
  'documents that are no files are left alone': async () => {
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(UI))
    const provider = vscode.workspace.registerTextDocumentContentProvider('elsewhere', {
      provideTextDocumentContent: () => text,
    })
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse('elsewhere:/policy.yaml'))
    assert.equal(document.languageId, 'yaml')
    assert.equal(await hover(document, after(document, '- kube-api')), '')
    provider.dispose()
  },
  "Red Hat's extension is told to leave policies alone": async () => {
    const redHat = vscode.extensions.getExtension('redhat.vscode-yaml')
    const [schemaOf] = await until('a contributor', () => redHat?.isActive && redHat.exports.contributors()[0])
    await show(UI)
    assert.equal(schemaOf(UI.toString()), 'cilium-policy-yaml:///anything')
    const inventory = await show(file('inventory.yaml'))
    assert.equal(schemaOf(inventory.uri.toString()), undefined)
  },
}

export const run = runner(cases)
