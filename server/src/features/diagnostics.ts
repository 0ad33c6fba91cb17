// The problems of a file as LSP diagnostics.

import type { Diagnostic } from 'vscode-languageserver-types'
import { policyRoots } from '../model/kinds.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import { type Client, toDiagnostic } from './convert.ts'

/** All problems of all documents of a file; none for a file that is not known. */
export function diagnostics(snapshot: Snapshot, uri: string, client: Client): Diagnostic[] {
  const file = snapshot.files.get(uri)
  if (!file) return []
  return file.documents.flatMap(document =>
    policyRoots(document).length === 0
      ? []
      : document.errors.map(error => {
          const problem = { ...error, severity: 'error' as const, fixes: [], related: [] }
          return toDiagnostic(snapshot, file, { document, problem }, client)
        }),
  )
}
