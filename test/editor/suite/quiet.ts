// A folder without a policy: the extension does nothing until one is typed.

import assert from 'node:assert/strict'
import * as vscode from 'vscode'
import { file, ID, problems, show, until } from './editor.ts'
import { type Cases, runner } from './run.ts'

async function hasCommands(): Promise<boolean> {
  return (await vscode.commands.getCommands()).includes('ciliumPolicy.restart')
}

const cases: Cases = {
  'nothing runs where nothing is a policy': async () => {
    await vscode.extensions.getExtension(ID)?.activate()
    await show(file('values.yaml'))
    assert.equal(await hasCommands(), false)
  },
  'the server starts with the first policy that is typed': async () => {
    const document = await vscode.workspace.openTextDocument({
      language: 'yaml',
      content: 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: a\nspec: {}\n',
    })
    assert.match((await problems(document.uri, found => found.length > 0)).join(), /spec/)
    await until('the commands', hasCommands)
  },
}

export const run = runner(cases)
