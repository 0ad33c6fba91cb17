// The world around the server in a browser: files come from the client, through the connection.

import type { Connection } from 'vscode-languageserver'
import type { Runtime } from '../lsp/runtime.ts'
import { pathBelow } from '../lsp/uri.ts'
import { LIST_FILES, READ_FILE } from '../protocol.ts'

const BATCH = 64

/** A runtime that asks the client for files. Where the client does not answer, there are none. */
export function browserRuntime(connection: Connection): Runtime {
  const { port1, port2 } = new MessageChannel()
  const waiting: (() => void)[] = []
  port1.onmessage = () => waiting.shift()?.()
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
    defer: run => {
      waiting.push(run)
      port2.postMessage(undefined)
    },
    now: () => performance.now(),
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
