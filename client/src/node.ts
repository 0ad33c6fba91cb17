// Entry of the extension in desktop VS Code and remote servers: the language server is a process beside it.

import { join } from 'node:path'
import type { ExtensionContext } from 'vscode'
import { LanguageClient, type LanguageClientOptions, TransportKind } from 'vscode-languageclient/node'
import { start, stop } from './client.ts'

export async function activate(context: ExtensionContext): Promise<void> {
  const module = join(context.extensionPath, 'dist', 'server.js')
  const make = (options: LanguageClientOptions) =>
    new LanguageClient('ciliumPolicy', 'Cilium Policy', { module, transport: TransportKind.ipc }, options)
  await start(context, make)
}

export const deactivate = stop
