// The language server: what it announces, and the life of a connection.

import type { Connection, InitializeParams, InitializeResult } from 'vscode-languageserver'
import { type Client, PLAIN_CLIENT } from '../features/convert.ts'
import { onFailure } from '../rules/check.ts'
import { type Abilities, abilitiesOf, clientOf } from './client.ts'
import { type ClusterFollower, createClusterFollower } from './cluster.ts'
import { CLUSTER_TEXTS } from './clusterTexts.ts'
import { attempt, type Log } from './handle.ts'
import { MessageType, ShowMessageNotification, TextDocumentSyncKind } from './names.ts'
import { createPublisher, type Publisher } from './publisher.ts'
import { answerRequests, CAPABILITIES, COMMANDS } from './requests.ts'
import type { Runtime } from './runtime.ts'
import { createSession, type Session } from './session.ts'
import { createSettingsReader, type SettingsReader } from './settings.ts'
import { createReader, syncDocuments } from './sync.ts'
import { createWatcher, type Watcher } from './watcher.ts'
import { readAll, watchFolders, watchWorkspace } from './workspace.ts'

/** What the parts of a running server share. What `initialize` brings is filled in then. */
export interface Server {
  readonly connection: Connection
  readonly runtime: Runtime
  readonly session: Session
  readonly publisher: Publisher
  readonly cluster: ClusterFollower
  readonly watcher: Watcher
  readonly log: Log
  /** Shows sentences to the user as warnings, each one once. */
  readonly tell: (...sentences: readonly string[]) => void
  client: Client
  abilities: Abilities
  settings: SettingsReader
}

/** Serves a connection until it ends. */
export function startServer(connection: Connection, runtime: Runtime): void {
  const session = createSession()
  const log: Log = text => connection.console.error(text)
  const client = () => server.client
  const send = (params: Parameters<Connection['sendDiagnostics']>[0]) => void connection.sendDiagnostics(params)
  const tell = teller(connection)
  const publisher = createPublisher({ session, runtime, client, send, readOn: createReader(() => server), log })
  const server: Server = {
    connection,
    runtime,
    session,
    publisher,
    cluster: createClusterFollower({ connection, runtime, session, publisher, log, abilities: () => server.abilities }),
    watcher: createWatcher(connection, log),
    log,
    tell,
    client: PLAIN_CLIENT,
    abilities: abilitiesOf({}),
    settings: createSettingsReader(connection, undefined, false, tell),
  }
  onFailure.report = (rule, error) => log(`rule ${rule}: ${error instanceof Error ? error.stack : error}`)
  connection.onInitialize(params => initialize(server, params))
  connection.onInitialized(() => void attempt('initialized', log, () => initialized(server)))
  syncDocuments(server)
  watchWorkspace(server)
  answerRequests(connection, session, client, log)
  connection.listen()
}

function initialize(server: Server, params: InitializeParams): InitializeResult {
  const options: unknown = params.initializationOptions
  server.client = { ...clientOf(params.capabilities), ...commandsOf(options) }
  server.abilities = abilitiesOf(params.capabilities)
  server.cluster.trust(!(isRecord(options) && options.trusted === false))
  const { configuration, folders, serverTexts } = server.abilities
  server.settings = createSettingsReader(server.connection, options, configuration, server.tell)
  const given = params.workspaceFolders?.map(folder => folder.uri) ?? (params.rootUri ? [params.rootUri] : [])
  server.session.update(state => ({ ...state, folders: given }))
  watchFolders(server)
  return {
    serverInfo: { name: 'cilium-policy' },
    capabilities: {
      ...CAPABILITIES,
      ...(server.client.codeActionLiterals ? {} : COMMANDS),
      positionEncoding: 'utf-16',
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
      workspace: {
        ...(folders ? { workspaceFolders: { supported: true, changeNotifications: true } } : {}),
        ...(serverTexts ? CLUSTER_TEXTS : {}),
      },
    },
  }
}

/** The editor's own commands, which only its client can name. */
function commandsOf(options: unknown): Pick<Client, 'suggestCommand' | 'compareCommand' | 'reachCommand'> {
  const given = isRecord(options) ? options : {}
  return {
    ...(typeof given.suggestCommand === 'string' ? { suggestCommand: given.suggestCommand } : {}),
    ...(typeof given.compareCommand === 'string' ? { compareCommand: given.compareCommand } : {}),
    ...(typeof given.reachCommand === 'string' ? { reachCommand: given.reachCommand } : {}),
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

async function initialized(server: Server): Promise<void> {
  const asked = server.settings.read()
  server.watcher.start(server.abilities)
  await readAll(server, await asked)
}

function teller(connection: Connection): Server['tell'] {
  const said = new Set<string>()
  return (...sentences) => {
    for (const sentence of sentences) {
      if (said.has(sentence)) continue
      said.add(sentence)
      void connection.sendNotification(ShowMessageNotification.type, { type: MessageType.Warning, message: sentence })
    }
  }
}
