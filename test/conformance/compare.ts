// Compares what we say of documents with what Cilium says: an error exactly when it refuses.

import { policyRoots } from '../../server/src/model/kinds.ts'
import type { Version } from '../../server/src/model/version.ts'
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
export function first(text: string): Document | undefined {
  return parseFile('untitled:', undefined, text).documents[0]
}

/** Our errors in a document, with an agent's default flags. */
export function errorsOf(document: Document, version: Version): readonly Problem[] {
  return checkAlone(document, lensFor(version, defaultConfig(version))).filter(p => p.severity === 'error')
}

/** Whether an answer says that a policy is refused; undefined when the text is no policy at all. */
export function refused(answer: Answer): boolean | undefined {
  return answer.layer === 'kind' ? undefined : answer.layer !== ''
}

/** Whether we say the same. A text that is no policy is nobody's business, unless we take it for one. */
export function agrees(document: Document, version: Version, answer: Answer): boolean {
  const theirs = refused(answer)
  if (theirs === undefined && policyRoots(document).length === 0) return true
  return errorsOf(document, version).length > 0 === (theirs ?? true) || excused(document.text, version, answer)
}

/** The texts on which we differ from that version. */
export async function compare(version: Version, texts: readonly string[]): Promise<readonly Disagreement[]> {
  const documents = texts.flatMap(text => first(text) ?? [])
  const theirs = await answers(
    version,
    documents.map(d => d.text),
  )
  return documents.flatMap((document, i) => {
    const answer = theirs[i]
    if (!answer) throw new Error('compare: no answer')
    if (agrees(document, version, answer)) return []
    return [{ version, text: document.text, answer, errors: errorsOf(document, version) }]
  })
}

/** What disagreements of one cause have in common. */
export function cause({ answer, errors }: Disagreement): string {
  if (errors.length > 0) return `only we refuse it: ${[...new Set(errors.map(e => e.code))].sort().join(', ')}`
  const words = String(answer.errors?.[0]).replace(/"[^"]*"|'[^']*'|[0-9]+/g, '…')
  return `only Cilium refuses it: ${answer.layer}, ${words.slice(0, 160)}`
}
