// Edits applied to the text of a file: for the command line's --fix and for tests.

import type { File } from './file.ts'
import type { Edit } from './problem.ts'

/** The file's text with those of the edits that are in its documents; undefined when two of them overlap. */
export function applyEdits(file: File, edits: readonly Edit[]): string | undefined {
  const changes: { start: number; end: number; text: string }[] = []
  for (const edit of edits) {
    if (edit.kind !== 'replace') continue
    const offset = file.starts[file.documents.indexOf(edit.place.document)]
    if (offset === undefined) continue
    changes.push({ start: edit.place.span.start + offset, end: edit.place.span.end + offset, text: edit.text })
  }
  changes.sort((a, b) => a.start - b.start || a.end - b.end)
  let out = ''
  let done = 0
  for (const c of changes) {
    if (c.start < done) return undefined
    out += file.text.slice(done, c.start) + c.text
    done = c.end
  }
  return out + file.text.slice(done)
}
