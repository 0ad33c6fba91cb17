// The world around the server in a browser: files come from the client, through the connection.

import type { Connection } from 'vscode-languageserver'
import type { Runtime } from '../lsp/runtime.ts'
import { clientFiles } from './clientFiles.ts'

/** A runtime that asks the client for files. */
export function browserRuntime(connection: Connection): Runtime {
  const { port1, port2 } = new MessageChannel()
  const waiting: (() => void)[] = []
  port1.onmessage = () => waiting.shift()?.()
  return {
    ...clientFiles(connection),
    rest: (milliseconds, run) => void setTimeout(run, milliseconds),
    defer: run => {
      waiting.push(run)
      port2.postMessage(undefined)
    },
    now: () => performance.now(),
  }
}
