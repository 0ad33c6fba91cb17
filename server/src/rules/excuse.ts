// What is not judged although a rule minds it: what a tool replaces or completes before Cilium sees it.

import { policies } from '../model/lower.ts'
import type { Document } from '../syntax/file.ts'
import type { Problem } from '../syntax/problem.ts'
import { uriOf } from '../workspace/documents.ts'
import { namespaceOfFile } from '../workspace/namespace.ts'
import { isPatch } from '../workspace/patches.ts'
import type { Snapshot } from '../workspace/snapshot.ts'

/** What a part of an object, or one that can be read in part only, cannot be blamed for. */
export const NEEDS_WHOLE = new Set(['api-version', 'missing-field', 'empty-rule', 'node-selector-in-cnp'])

/** Whether the problem goes away on the file's way to the cluster. */
export function excused(snapshot: Snapshot, document: Document, problem: Problem): boolean {
  const uri = uriOf(snapshot, document)
  if (uri === undefined || !snapshot.files.has(uri)) return false
  if (isPatch(snapshot.files, uri)) return inPatch(document, problem)
  return problem.code === 'invalid-metadata' && isReplaced(snapshot, document, uri, problem)
}

function inPatch({ text }: Document, { code, severity, span, message }: Problem): boolean {
  if (severity !== 'error' || NEEDS_WHOLE.has(code)) return true
  if (code === 'invalid-metadata') return message.includes('has no name')
  return code === 'unknown-field' && /^["']?\$/.test(text.slice(span.start, span.end))
}

/** Whether it is about a namespace for which kustomize or Flux put another one. */
function isReplaced(snapshot: Snapshot, document: Document, uri: string, { span }: Problem): boolean {
  const written = policies(document).some(
    ({ namespace }) => namespace?.node.span.start === span.start && namespace.node.span.end === span.end,
  )
  return written && namespaceOfFile(snapshot.files, uri) !== undefined
}
