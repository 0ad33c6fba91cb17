// Two objects in one document because a `---` is missing between them.

import type { Document } from '../syntax/file.ts'
import { lineStart, styleOf } from '../syntax/layout.ts'
import type { MapEntry } from '../syntax/node.ts'
import type { Finding } from './rule.ts'

/** The places at which another object begins in the document: where `apiVersion` and `kind` come again at the top. */
export function missingSeparators(document: Document): readonly MapEntry[] {
  const { root } = document
  if (root?.kind !== 'map' || root.flow) return []
  const again = root.duplicates.filter(e => e.name === 'apiVersion' || e.name === 'kind')
  const [first, more] = again
  if (!more) return []
  const kinds = new Set(again.map(e => e.name))
  return first && kinds.size === 2 ? again.filter(e => e.name === first.name) : []
}

/** What is said of them, in place of a finding for each key that is there twice. */
export function* separatorFindings(document: Document): Iterable<Finding> {
  for (const e of missingSeparators(document)) {
    const start = lineStart(document.text, e.key.span.start)
    yield {
      span: e.key.span,
      message:
        'another object begins here without `---` before it: add the line, else nothing of this document is taken',
      fixes: [
        {
          title: 'Add --- before it',
          preferred: true,
          edits: () => [
            { kind: 'replace', place: { document, span: { start, end: start } }, text: `---${styleOf(document).eol}` },
          ],
        },
      ],
    }
  }
}

/** Whether an error is about a key of another object that `separatorFindings` speaks of. */
export function isOfOther(document: Document, offset: number): boolean {
  const first = missingSeparators(document)[0]
  return (
    first !== undefined &&
    document.root?.kind === 'map' &&
    document.root.duplicates.some(e => e.key.span.start === offset)
  )
}
