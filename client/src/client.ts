// The VS Code client: starts the language server once there is a policy, and shows how things are with the cluster.

import { commands, type ExtensionContext, type TextDocument, workspace } from 'vscode'
import type { BaseLanguageClient, LanguageClientOptions } from 'vscode-languageclient'
import { type Options, STATUS, type Status, TRUSTED } from '../../server/src/protocol.ts'
import { COMPARE, registerCommands } from './commands.ts'
import { answerFileRequests, hasPolicies, MARK } from './files.ts'
import { REACH_COMMAND, registerReachPage } from './reach.ts'
import { quietRedHat } from './redHat.ts'
import { statusItem } from './status.ts'

/** Loads the language client, which is most of the extension, and makes one. */
export type Make = (options: LanguageClientOptions) => Promise<BaseLanguageClient>

const LANGUAGES = ['yaml', 'json', 'helm', 'helm-template']

let running: Promise<BaseLanguageClient> | undefined

/** Starts the server as soon as a policy is found in the workspace, opened or typed; until then nothing else happens. */
export function start(context: ExtensionContext, make: Make): void {
  const look = (document: TextDocument) => {
    if (LANGUAGES.includes(document.languageId) && document.getText().includes(MARK)) begin()
  }
  const listeners = [
    workspace.onDidOpenTextDocument(look),
    workspace.onDidChangeTextDocument(e => look(e.document)),
    workspace.onDidChangeWorkspaceFolders(() => void search()),
  ]
  context.subscriptions.push(...listeners)
  const begin = () => {
    if (running) return
    for (const listener of listeners) listener.dispose()
    running = startServer(context, make)
  }
  const search = async () => {
    if (!running && (await hasPolicies())) begin()
  }
  void search()
}

async function startServer(context: ExtensionContext, make: Make): Promise<BaseLanguageClient> {
  const options: Options = {
    trusted: workspace.isTrusted,
    suggestCommand: 'editor.action.triggerSuggest',
    compareCommand: COMPARE,
    reachCommand: REACH_COMMAND,
  }
  const client = await make({ documentSelector: documentSelector(), initializationOptions: options })
  const item = statusItem()
  client.onNotification(STATUS, (status: Status) => item.show(status))
  answerFileRequests(client)
  context.subscriptions.push(
    item,
    ...registerCommands(client),
    registerReachPage(),
    workspace.onDidGrantWorkspaceTrust(() => void client.sendNotification(TRUSTED)),
    quietRedHat(),
  )
  await client.start()
  await commands.executeCommand('setContext', 'ciliumPolicy.running', true)
  return client
}

/** Documents that can be files of the workspace: not the other side of a diff, nor what other extensions make up. */
function documentSelector(): { language: string; scheme: string }[] {
  const schemes = new Set(['file', 'untitled', ...(workspace.workspaceFolders ?? []).map(folder => folder.uri.scheme)])
  return LANGUAGES.flatMap(language => [...schemes].map(scheme => ({ language, scheme })))
}

/** Stops the server. */
export async function stop(): Promise<void> {
  const client = running
  running = undefined
  await (await client)?.stop()
}
