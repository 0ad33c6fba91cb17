// The world around the server under Node: the disk, the event loop, and the client for what is on no disk (virtual workspaces).

import { fileURLToPath } from 'node:url'
import type { Connection } from 'vscode-languageserver'
import type { Runtime } from '../lsp/runtime.ts'
import { childUri } from '../lsp/uri.ts'
import { type ClientFiles, clientFiles } from './clientFiles.ts'
import { listFiles, readText } from './files.ts'
import { relaxing } from './memory.ts'

/** A runtime that reads `file:` URIs from the disk, and asks the client for others. */
export function nodeRuntime(connection: Connection): Runtime {
  const client: ClientFiles = clientFiles(connection)
  const relax = relaxing()
  return {
    read: async uri => {
      const path = pathOf(uri)
      return path === undefined ? client.read(uri) : readText(path)
    },
    list: async function* (folder, skip) {
      const path = pathOf(folder)
      if (path === undefined) return yield* client.list(folder, skip)
      for await (const batch of listFiles(path, skip)) yield batch.map(below => childUri(folder, below))
    },
    defer: run => afterTurns(TURNS, run),
    rest: (milliseconds, run) => void setTimeout(run, milliseconds),
    ...(relax ? { relax } : {}),
    // `performance` would be loaded for it.
    now: () => process.uptime() * 1000,
    connect: async (options, listener) => (await import('../cluster/main.ts')).connectCluster(options, listener),
    contexts: async kubeconfig => {
      const { contexts, current, problem } = (await import('../cluster/main.ts')).contextsOf(kubeconfig)
      return { contexts, current, ...(problem === undefined ? {} : { problem }) }
    },
  }
}

/** The connection takes a turn to read a request, one to have it answered and one to write the answer: they come before more work. */
const TURNS = 4

function afterTurns(turns: number, run: () => void): void {
  setImmediate(() => (turns > 1 ? afterTurns(turns - 1, run) : run()))
}

function pathOf(uri: string): string | undefined {
  try {
    return fileURLToPath(uri)
  } catch {
    return undefined
  }
}
