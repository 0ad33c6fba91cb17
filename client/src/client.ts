// The VS Code client: starts the language server once there is a policy, and shows how things are with the cluster.

import { commands, type ExtensionContext, workspace } from 'vscode'
import type { BaseLanguageClient, LanguageClientOptions } from 'vscode-languageclient'
import { CONTEXTS, type Options, STATUS, type Status, TRUSTED } from '../../server/src/protocol.ts'
import { registerCommands } from './commands.ts'
import { answerFileRequests, hasPolicies } from './files.ts'
import { statusItem } from './status.ts'

type Make = (options: LanguageClientOptions) => BaseLanguageClient

let running: BaseLanguageClient | undefined

/** Starts the server now, or when the first policy is opened or saved. */
export async function start(context: ExtensionContext, make: Make): Promise<void> {
  const begin = () => startServer(context, make)
  if (await hasPolicies()) return begin()
  const listeners = [
    workspace.onDidOpenTextDocument(d => void look(d.getText())),
    workspace.onDidChangeTextDocument(e => void look(e.document.getText())),
  ]
  context.subscriptions.push(...listeners)
  async function look(text: string): Promise<void> {
    if (running || !text.includes('cilium.io/v2')) return
    for (const l of listeners) l.dispose()
    await begin()
  }
}

async function startServer(context: ExtensionContext, make: Make): Promise<void> {
  if (running) return
  const options: Options & { ciliumPolicy: unknown } = {
    trusted: workspace.isTrusted,
    suggestCommand: 'editor.action.triggerSuggest',
    ciliumPolicy: workspace.getConfiguration('ciliumPolicy'),
  }
  const client = make({
    documentSelector: ['yaml', 'json', 'helm', 'helm-template'].map(language => ({ language })),
    initializationOptions: options,
    synchronize: { configurationSection: 'ciliumPolicy' },
  })
  running = client
  const item = statusItem()
  context.subscriptions.push(item)
  client.onNotification(STATUS, (status: Status) => item.show(status))
  answerFileRequests(client)
  registerCommands(context, client)
  context.subscriptions.push(workspace.onDidGrantWorkspaceTrust(() => void client.sendNotification(TRUSTED)))
  await client.start()
  await commands.executeCommand('setContext', 'ciliumPolicy.running', true)
}

/** Stops the server. */
export async function stop(): Promise<void> {
  const client = running
  running = undefined
  await client?.stop()
}

export { CONTEXTS }
