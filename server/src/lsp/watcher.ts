// Asks the editor to tell of changed files: those of the workspace, and an inventory file elsewhere.

import type { Connection, Disposable, FileSystemWatcher } from 'vscode-languageserver'
import type { Abilities } from './client.ts'
import { attempt, type Log } from './handle.ts'
import { DidChangeConfigurationNotification, DidChangeWatchedFilesNotification, WatchKind } from './names.ts'
import { canonical } from './uri.ts'

export interface Watcher {
  /** Asks for everything that always counts. */
  start(abilities: Abilities): void
  /** Also watches this file; the one before no more. */
  inventory(uri: string | undefined): Promise<void>
}

/** A watcher; editors that cannot register are left alone. */
export function createWatcher(connection: Connection, log: Log): Watcher {
  let can = false
  let watched: string | undefined
  let watching: Disposable | undefined
  return {
    start: abilities => {
      can = abilities.watchFiles
      void attempt('client/registerCapability', log, async () => {
        if (abilities.watchConfiguration)
          await connection.client.register(DidChangeConfigurationNotification.type, { section: 'ciliumPolicy' })
        if (abilities.watchFiles)
          await register(
            connection,
            { globPattern: '**/*.{yaml,yml,json}' },
            { globPattern: '**', kind: WatchKind.Delete },
          )
      })
    },
    inventory: async uri => {
      if (uri === watched || !can) return
      watching?.dispose()
      watched = uri
      watching = uri?.startsWith('file:')
        ? await register(connection, { globPattern: canonical(uri).slice('file://'.length) })
        : undefined
    },
  }
}

/** Folders are told of when they go: what was in them is gone without a word. */
function register(connection: Connection, ...watchers: readonly FileSystemWatcher[]): Promise<Disposable> {
  return connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: [...watchers] })
}
