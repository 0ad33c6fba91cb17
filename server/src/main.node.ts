// The language server under Node: over stdio, IPC or a socket, as the command line says.

import { createConnection, ProposedFeatures } from 'vscode-languageserver/node'
import { nodeRuntime } from './host/runtime.ts'
import { startServer } from './lsp/server.ts'

const connection = createConnection(ProposedFeatures.all)
startServer(connection, nodeRuntime(connection))
