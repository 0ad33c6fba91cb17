// Entry of the extension in desktop VS Code and remote servers: the language server is a process beside it.

import { join } from 'node:path'
import type { ExtensionContext } from 'vscode'
import { SERVER_FLAGS } from '../../server/src/protocol.ts'
import { start, stop } from './client.ts'

export function activate(context: ExtensionContext): void {
  const module = join(context.extensionPath, 'dist', 'server.js')
  start(context, async options => {
    const { LanguageClient, TransportKind } = await import('vscode-languageclient/node')
    const server = { module, transport: TransportKind.ipc, options: { execArgv: [...SERVER_FLAGS] } }
    return new LanguageClient('ciliumPolicy', 'Cilium Policy', server, options)
  })
}

export const deactivate = stop
