// The language server: capabilities, the life of the connection, and who is told of what.

import {
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  type InitializeResult,
  TextDocumentSyncKind,
} from 'vscode-languageserver'
import { type Client, PLAIN_CLIENT } from '../features/convert.ts'
import type { Settings } from '../workspace/settings.ts'
import { type Abilities, abilitiesOf, clientOf } from './client.ts'
import * as documents from './documents.ts'
import { attempt, handle, type Log } from './handle.ts'
import { indexWorkspace, rereadFile } from './indexer.ts'
import { createPublisher, type Publisher } from './publisher.ts'
import type { Runtime } from './runtime.ts'
import { createSession, type Session } from './session.ts'
import { createSettingsReader, type SettingsReader } from './settings.ts'

/** What the parts of a running server share. */
interface Server {
  readonly connection: Connection
  readonly runtime: Runtime
  readonly session: Session
  readonly publisher: Publisher
  readonly log: Log
  /** Set by `initialize`. */
  client: Client
  abilities: Abilities
  settings: SettingsReader
}

/** Serves a connection until it ends. */
export function startServer(connection: Connection, runtime: Runtime): void {
  const session = createSession()
  const log: Log = text => connection.console.error(text)
  const publisher = createPublisher({
    session,
    runtime,
    client: () => server.client,
    send: params => void connection.sendDiagnostics(params),
    log,
  })
  const server: Server = {
    connection,
    runtime,
    session,
    publisher,
    log,
    client: PLAIN_CLIENT,
    abilities: abilitiesOf({}),
    settings: createSettingsReader(connection, undefined, false),
  }
  connection.onInitialize(params => initialize(server, params))
  connection.onInitialized(() => void attempt('initialized', log, () => initialized(server)))
  syncDocuments(server)
  watch(server)
  connection.listen()
}

function initialize(server: Server, params: InitializeParams): InitializeResult {
  server.client = clientOf(params.capabilities)
  server.abilities = abilitiesOf(params.capabilities)
  const { configuration, folders } = server.abilities
  server.settings = createSettingsReader(server.connection, params.initializationOptions, configuration)
  const given = params.workspaceFolders?.map(folder => folder.uri) ?? (params.rootUri ? [params.rootUri] : [])
  server.session.update(state => ({ ...state, folders: given }))
  return {
    serverInfo: { name: 'cilium-policy' },
    capabilities: {
      positionEncoding: 'utf-16',
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
      ...(folders ? { workspace: { workspaceFolders: { supported: true, changeNotifications: true } } } : {}),
    },
  }
}

async function initialized(server: Server): Promise<void> {
  const { connection, abilities } = server
  if (abilities.watchConfiguration)
    await connection.client.register(DidChangeConfigurationNotification.type, { section: 'ciliumPolicy' })
  if (abilities.watchFiles)
    await connection.client.register(DidChangeWatchedFilesNotification.type, {
      watchers: [{ globPattern: '**/*.{yaml,yml,json}' }],
    })
  applySettings(server, await server.settings.read())
  await index(server)
}

function applySettings(server: Server, settings: Settings): void {
  server.session.update(state => ({ ...state, snapshot: { ...state.snapshot, settings } }))
}

async function index(server: Server): Promise<void> {
  await indexWorkspace(server.session, server.runtime, () => {})
  server.publisher.refresh()
}

function syncDocuments({ connection, session, publisher, runtime, log }: Server): void {
  connection.onDidOpenTextDocument(
    handle(
      'didOpen',
      log,
      ({ textDocument: { uri, version, text } }) => {
        documents.opened(session, uri, version, text)
        publisher.edited(uri)
      },
      undefined,
    ),
  )
  connection.onDidChangeTextDocument(
    handle(
      'didChange',
      log,
      ({ textDocument: { uri, version }, contentChanges }) => {
        documents.changed(session, uri, version, contentChanges)
        publisher.edited(uri)
      },
      undefined,
    ),
  )
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    documents.closed(session, uri)
    void attempt('didClose', log, async () => {
      await rereadFile(session, runtime, uri)
      publisher.refresh()
    })
  })
}

function watch(server: Server): void {
  const { connection, session, runtime, publisher, log } = server
  connection.onDidChangeWatchedFiles(({ changes }) => {
    void attempt('didChangeWatchedFiles', log, async () => {
      await Promise.all(changes.map(({ uri }) => rereadFile(session, runtime, session.keyOf(uri))))
      publisher.refresh()
    })
  })
  connection.onDidChangeConfiguration(({ settings }) => {
    void attempt('didChangeConfiguration', log, async () => {
      applySettings(server, await server.settings.read(settings))
      await index(server)
    })
  })
}
