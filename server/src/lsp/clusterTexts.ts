// Texts of policies that are only in the cluster: answered when the editor opens one, and announced when they change.

import type { Connection } from 'vscode-languageserver'
import { CLUSTER_SCHEME, clusterText } from '../features/applied.ts'
import { attempt, type Log } from './handle.ts'
import type { Session } from './session.ts'
import { canonical } from './uri.ts'

/** What `initialize` announces to an editor that can open such texts (LSP 3.18, workspace/textDocumentContent). */
export const CLUSTER_TEXTS = { textDocumentContent: { schemes: [CLUSTER_SCHEME] } }

/** Answers for texts of the cluster; the function returned is to be called when the cluster's picture has changed. */
export function answerClusterTexts(connection: Connection, session: Session, log: Log): () => void {
  const shown = new Map<string, string>()
  const textOf = (uri: string) =>
    clusterText(session.get().snapshot, uri, (a, b) => canonical(a) === canonical(b)) ??
    '# This policy is not in the cluster (any more).\n'
  connection.workspace.textDocumentContent.on(({ uri }) => {
    const text = textOf(uri)
    shown.set(uri, text)
    return { text }
  })
  return () => {
    for (const [uri, text] of shown) {
      if (textOf(uri) === text) continue
      shown.delete(uri)
      void attempt('textDocumentContent/refresh', log, () => connection.workspace.textDocumentContent.refresh(uri))
    }
  }
}
