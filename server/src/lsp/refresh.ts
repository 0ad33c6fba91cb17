// Has the editor ask again for what it shows of a document by itself: code lenses and inlay hints.

import type { Connection } from 'vscode-languageserver'
import type { Abilities } from './client.ts'
import { attempt, type Log } from './handle.ts'
import { CodeLensRefreshRequest, InlayHintRefreshRequest } from './names.ts'

/** Milliseconds between two refreshes: people read these, they do not watch them. */
const PAUSE = 2_000

/** A function to be called when answers may be others than before; it asks the editor at once, and then only now and then. */
export function createRefresher(connection: Connection, abilities: () => Abilities, log: Log): () => void {
  let wanted = false
  let timer: NodeJS.Timeout | ReturnType<typeof setTimeout> | undefined
  const ask = () => {
    const { refreshLenses, refreshHints } = abilities()
    if (refreshLenses) void attempt('codeLens/refresh', log, () => connection.sendRequest(CodeLensRefreshRequest.type))
    if (refreshHints) void attempt('inlayHint/refresh', log, () => connection.sendRequest(InlayHintRefreshRequest.type))
  }
  return () => {
    wanted = true
    if (timer !== undefined) return
    ask()
    wanted = false
    timer = setTimeout(() => {
      timer = undefined
      if (wanted) ask()
      wanted = false
    }, PAUSE)
    if (typeof timer === 'object' && 'unref' in timer) timer.unref()
  }
}
