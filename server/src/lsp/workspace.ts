// The workspace: its settings, folders, files on disk, inventory file and cluster, read at the start and whenever they change.

import type { FileEvent, WorkspaceFoldersChangeEvent } from 'vscode-languageserver'
import { rules } from '../rules/index.ts'
import { suggest } from '../syntax/suggest.ts'
import type { Settings } from '../workspace/settings.ts'
import { attempt } from './handle.ts'
import { indexWorkspace, rereadFile } from './indexer.ts'
import { readInventory } from './inventory.ts'
import { FileChangeType } from './names.ts'
import type { Server } from './server.ts'
import { canonical, pathBelow } from './uri.ts'

/** Found files from which on the editor shows progress. */
const MANY = 200

/** Makes the settings count and reads everything that they name. */
export async function readAll(server: Server, settings: Settings): Promise<void> {
  const { session, publisher } = server
  session.update(state => ({
    ...state,
    phase: state.phase === 'starting' ? 'reading' : state.phase,
    snapshot: { ...state.snapshot, settings },
  }))
  if (session.get().phase === 'ready') publisher.refresh()
  else for (const uri of session.get().open.keys()) publisher.edited(uri)
  server.tell(...unknownRules(settings))
  server.cluster.follow()
  await readInventoryFile(server)
  await readFolders(server)
}

async function readInventoryFile(server: Server): Promise<void> {
  const problem = await readInventory(server.session, server.runtime)
  server.cluster.inventoryChanged()
  if (problem !== undefined) server.tell(problem)
  await server.watcher.inventory(server.session.get().inventoryFile)
}

/** Reads all files of the folders; one reading at a time, and another one when something has changed in the meantime. */
async function readFolders(server: Server): Promise<void> {
  const { session, runtime, publisher, connection, abilities } = server
  const progress = abilities.progress ? await connection.window.createWorkDoneProgress() : undefined
  let shown = false
  await indexWorkspace(session, runtime, read => {
    if (read < MANY) return
    if (!shown) progress?.begin('Reading policies')
    shown = true
    progress?.report(`${read} files`)
  })
  progress?.done()
  publisher.refresh()
}

/** Follows what the editor says of files and settings. */
export function watchWorkspace(server: Server): void {
  const { connection, log } = server
  connection.onDidChangeWatchedFiles(({ changes }) => {
    void attempt('didChangeWatchedFiles', log, () => reread(server, changes))
  })
  connection.onDidChangeConfiguration(({ settings }) => {
    void attempt('didChangeConfiguration', log, async () => readAll(server, await server.settings.read(settings)))
  })
}

/** Follows the workspace's folders. To be called in the answer to `initialize`: the library has its own handler before that. */
export function watchFolders(server: Server): void {
  const { connection, log, session, publisher } = server
  connection.onNotification(
    'workspace/didChangeWorkspaceFolders',
    ({ event }: { event: WorkspaceFoldersChangeEvent }) => {
      void attempt('didChangeWorkspaceFolders', log, async () => {
        const removed = new Set(event.removed.map(folder => folder.uri))
        const added = event.added.map(folder => folder.uri)
        session.update(state => ({ ...state, folders: [...state.folders.filter(f => !removed.has(f)), ...added] }))
        publisher.refresh()
        await readInventoryFile(server)
        await readFolders(server)
      })
    },
  )
}

async function reread(server: Server, changes: readonly FileEvent[]): Promise<void> {
  const { session, runtime, publisher } = server
  const { inventoryFile } = session.get()
  const isInventory = (uri: string) => inventoryFile !== undefined && canonical(uri) === canonical(inventoryFile)
  if (changes.some(({ uri }) => isInventory(uri))) await readInventoryFile(server)
  const gone = changes.filter(({ type }) => type === FileChangeType.Deleted)
  const below = [...session.get().snapshot.files.keys()].filter(known =>
    gone.some(({ uri }) => pathBelow(uri, known) !== undefined),
  )
  const touched = new Set([...changes.map(({ uri }) => session.keyOf(uri)), ...below])
  await Promise.all([...touched].map(uri => rereadFile(session, runtime, uri)))
  publisher.refresh()
}

/** Rule ids of the settings that no rule has. */
function unknownRules(settings: Settings): string[] {
  const ids = rules.map(rule => rule.id)
  return Object.keys(settings.rules).flatMap(id => {
    if (ids.includes(id)) return []
    const meant = suggest(id, ids)
    return [`ciliumPolicy.rules: there is no rule ${JSON.stringify(id)}${meant ? `: did you mean ${meant}?` : '.'}`]
  })
}
