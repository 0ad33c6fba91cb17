// Compares what we say of documents with what Cilium says: an error exactly when it refuses.

import { policyRoots } from '../../server/src/model/kinds.ts'
import { VERSIONS, type Version } from '../../server/src/model/version.ts'
import { checkAlone, lensFor } from '../../server/src/rules/check.ts'
import type { Document } from '../../server/src/syntax/file.ts'
import { parseFile } from '../../server/src/syntax/parse.ts'
import type { Problem } from '../../server/src/syntax/problem.ts'
import { defaultConfig } from '../../server/src/workspace/config.ts'
import { type Answer, answers } from './accept.ts'
import { excused } from './excused.ts'

/** A document on which we and Cilium differ. */
export interface Disagreement {
  readonly version: Version
  readonly text: string
  readonly answer: Answer
  /** Our errors: none when we missed the refusal. */
  readonly errors: readonly Problem[]
}

/** The first document of a text: what the server would read of it. */
export function first(text: string): Document {
  const [document] = parseFile('untitled:', undefined, text).documents
  if (!document) throw new Error('a text has at least one document')
  return document
}

/** Our errors in a document, with an agent's default flags. */
export function errorsOf(document: Document, version: Version): readonly Problem[] {
  return checkAlone(document, lensFor(version, defaultConfig(version))).filter(p => p.severity === 'error')
}

/** Whether we say the same. A text that is no policy is nobody's business, unless we take it for one. */
export function agrees(document: Document, version: Version, answer: Answer): boolean {
  if (answer.layer === 'kind' && policyRoots(document).length === 0) return true
  return errorsOf(document, version).length > 0 === (answer.layer !== '') || excused(document.text, version, answer)
}

/** The texts on which we differ from one of the versions, which are asked at the same time. */
export async function compare(
  texts: readonly string[],
  versions: readonly Version[] = VERSIONS,
): Promise<readonly Disagreement[]> {
  const documents = texts.map(first)
  const plain = documents.map(d => d.text)
  const found: Disagreement[] = []
  for (const asked of versions.map(version => ({ version, all: answers(version, plain) }))) {
    for (const [i, answer] of (await asked.all).entries()) {
      const document = documents[i]
      if (!document || agrees(document, asked.version, answer)) continue
      const errors = errorsOf(document, asked.version)
      found.push({ version: asked.version, text: document.text, answer, errors })
    }
  }
  return found
}

/** What disagreements of one cause have in common. */
export function cause({ answer, errors }: Disagreement): string {
  if (errors.length > 0) return `only we refuse it: ${[...new Set(errors.map(e => e.code))].sort().join(', ')}`
  const words = String(answer.errors?.[0]).replace(/"[^"]*"|'[^']*'|[0-9]+/g, '…')
  return `only Cilium refuses it: ${answer.layer}, ${words.slice(0, 160)}`
}
