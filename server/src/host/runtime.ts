// The world around the server under Node: the disk and the event loop.

import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import type { Runtime } from '../lsp/runtime.ts'
import { childUri } from '../lsp/uri.ts'
import { listFiles, readText } from './files.ts'

/** A runtime that reads `file:` URIs from the disk; other URIs have no text. */
export function nodeRuntime(): Runtime {
  return {
    read: async uri => {
      const path = pathOf(uri)
      return path === undefined ? undefined : readText(path)
    },
    list: async function* (folder, skip) {
      const path = pathOf(folder)
      if (path === undefined) return
      for await (const batch of listFiles(path, skip)) yield batch.map(below => childUri(folder, below))
    },
    defer: run => void setImmediate(run),
    now: () => performance.now(),
    connect: async (options, listener) => (await import('../cluster/main.ts')).connectCluster(options, listener),
    contexts: async kubeconfig => {
      const { contexts, current, problem } = (await import('../cluster/main.ts')).contextsOf(kubeconfig)
      return { contexts, current, ...(problem === undefined ? {} : { problem }) }
    },
  }
}

function pathOf(uri: string): string | undefined {
  try {
    return fileURLToPath(uri)
  } catch {
    return undefined
  }
}
