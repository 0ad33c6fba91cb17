// Entry of the extension in a browser (vscode.dev): the language server is a worker, files are read by the client.

import { type ExtensionContext, Uri } from 'vscode'
import { LanguageClient, type LanguageClientOptions } from 'vscode-languageclient/browser'
import { start, stop } from './client.ts'

declare const Worker: new (url: string) => never

export async function activate(context: ExtensionContext): Promise<void> {
  const module = Uri.joinPath(context.extensionUri, 'dist', 'browser', 'server.js').toString(true)
  await start(
    context,
    (options: LanguageClientOptions) =>
      new LanguageClient('ciliumPolicy', 'Cilium Policy', new Worker(module), options),
  )
}

export const deactivate = stop
