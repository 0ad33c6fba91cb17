// The problems of a file as diagnostics.

import type { Diagnostic } from 'vscode-languageserver-types'
import { check } from '../rules/check.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import { type Client, toDiagnostic } from './convert.ts'

/** What is wrong in all documents of a file, as `judge` finds it. */
export function diagnostics(snapshot: Snapshot, uri: string, client: Client, judge = check): Diagnostic[] {
  const file = snapshot.files.get(uri)
  if (!file) return []
  return file.documents.flatMap(document =>
    judge(snapshot, document).map(problem => toDiagnostic(snapshot, file, { document, problem }, client)),
  )
}
