// Entry of the extension in a browser (vscode.dev): the language server is a worker, files are read by the client.

import { type ExtensionContext, Uri } from 'vscode'
import { start, stop } from './client.ts'

declare const Worker: new (url: string) => never

export function activate(context: ExtensionContext): void {
  const module = Uri.joinPath(context.extensionUri, 'dist', 'browser', 'server.js').toString(true)
  start(context, async options => {
    const { LanguageClient } = await import('vscode-languageclient/browser')
    return new LanguageClient('ciliumPolicy', 'Cilium Policy', new Worker(module), options)
  })
}

export const deactivate = stop
