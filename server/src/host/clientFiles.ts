// Files that only the client can read: those of a browser's workspace, and of virtual workspaces.

import type { Connection } from 'vscode-languageserver'
import type { Runtime } from '../lsp/runtime.ts'
import { pathBelow } from '../lsp/uri.ts'
import { LIST_FILES, READ_FILE } from '../protocol.ts'

const BATCH = 64

export type ClientFiles = Pick<Runtime, 'read' | 'list'>

/** Asks the client for files. Where it does not answer, there are none. */
export function clientFiles(connection: Connection): ClientFiles {
  return {
    read: async uri => {
      const answer: unknown = await connection.sendRequest(READ_FILE, { uri }).catch(() => undefined)
      const text = isRecord(answer) ? answer.text : undefined
      return typeof text === 'string' ? text : undefined
    },
    list: async function* (folder, skip) {
      const answer: unknown = await connection.sendRequest(LIST_FILES, { folder }).catch(() => undefined)
      const listed: readonly unknown[] = isRecord(answer) && Array.isArray(answer.uris) ? answer.uris : []
      const uris = listed.filter(uri => typeof uri === 'string').filter(uri => !skip(pathBelow(folder, uri) ?? ''))
      for (let i = 0; i < uris.length; i += BATCH) yield uris.slice(i, i + BATCH)
    },
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
