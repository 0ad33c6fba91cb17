// Text synchronisation: every change makes a new snapshot, and its problems go out.

import * as documents from './documents.ts'
import { attempt, handle } from './handle.ts'
import { rereadFile } from './indexer.ts'
import type { Server } from './server.ts'

/** A function that goes on with a long text in later turns, one of its slices at a time. */
export function createReader(
  server: () => Pick<Server, 'session' | 'runtime' | 'publisher' | 'log'>,
): (uri: string) => void {
  const reading = new Set<string>()
  return uri => {
    const { session, runtime, publisher, log } = server()
    if (reading.has(uri)) return
    reading.add(uri)
    const next = handle(
      'reading',
      log,
      () => {
        if (documents.readOn(session, uri)) return runtime.defer(() => next(undefined))
        reading.delete(uri)
        publisher.edited(uri)
      },
      undefined,
    )
    runtime.defer(() => next(undefined))
  }
}

/** Follows the files that are open in the editor. */
export function syncDocuments({ connection, session, publisher, runtime, log }: Server): void {
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
    void attempt('didClose', log, async () => {
      documents.closed(session, uri)
      await rereadFile(session, runtime, uri)
      publisher.refresh()
    })
  })
}
