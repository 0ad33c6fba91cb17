// The language server in a browser's worker: files come from the client, there is no cluster.

import { BrowserMessageReader, BrowserMessageWriter, createConnection } from 'vscode-languageserver/browser'
import { browserRuntime } from './host/browser.ts'
import { startServer } from './lsp/server.ts'

declare const self: DedicatedWorkerGlobalScope

const connection = createConnection(new BrowserMessageReader(self), new BrowserMessageWriter(self))
startServer(connection, browserRuntime(connection))
