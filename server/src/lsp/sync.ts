// Text synchronisation: every change makes a new snapshot, and its problems go out.

import * as documents from './documents.ts'
import { attempt, handle } from './handle.ts'
import { rereadFile } from './indexer.ts'
import type { Server } from './server.ts'

/** Follows the files that are open in the editor. */
export function syncDocuments({ connection, session, publisher, runtime, log }: Server): void {
  const reading = new Set<string>()
  /** Goes on with a long text in later turns, one of its slices at a time. */
  const readOn = (uri: string) => {
    if (!session.get().reading.has(uri) || reading.has(uri)) return
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
  connection.onDidOpenTextDocument(
    handle(
      'didOpen',
      log,
      ({ textDocument: { uri, version, text } }) => {
        documents.opened(session, uri, version, text)
        readOn(uri)
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
        readOn(uri)
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
