// All preferred fixes of a file at once: applied in rounds, as one fix may make room for the next.

import type { TextEdit } from 'vscode-languageserver-types'
import { check } from '../rules/check.ts'
import { applyEdits } from '../syntax/apply.ts'
import type { File } from '../syntax/file.ts'
import { parseFile } from '../syntax/parse.ts'
import type { Edit } from '../syntax/problem.ts'
import { type Snapshot, withFile } from '../workspace/snapshot.ts'
import { fileRange } from './convert.ts'

const ROUNDS = 10

/** What all preferred fixes of a file do to it; fixes that reach into other files are left to their own actions. */
export function fixAll(snapshot: Snapshot, uri: string): TextEdit[] {
  const file = snapshot.files.get(uri)
  if (!file) return []
  let world = snapshot
  for (let round = 0; round < ROUNDS; round++) {
    const current = world.files.get(uri)
    const text = current && fixedOnce(world, current)
    if (!current || text === undefined || text === current.text) break
    world = withFile(world, uri, parseFile(uri, current.version, text, current))
  }
  const text = world.files.get(uri)?.text ?? file.text
  return text === file.text ? [] : [difference(file, text)]
}

/** The text after the fixes that do not get into each other's way. */
function fixedOnce(snapshot: Snapshot, file: File): string | undefined {
  const taken: Edit[] = []
  for (const document of file.documents) {
    for (const problem of check(snapshot, document)) {
      const edits = problem.fixes.find(f => f.preferred)?.edits() ?? []
      if (edits.length === 0 || !edits.every(e => inFile(file, e) && !taken.some(t => clash(t, e)))) continue
      taken.push(...edits)
    }
  }
  return taken.length === 0 ? undefined : applyEdits(file, taken)
}

function inFile(file: File, edit: Edit): boolean {
  return edit.kind === 'replace' && file.documents.includes(edit.place.document)
}

function clash(a: Edit, b: Edit): boolean {
  if (a.kind !== 'replace' || b.kind !== 'replace' || a.place.document !== b.place.document) return false
  const [x, y] = [a.place.span, b.place.span]
  return x.start <= y.end && y.start <= x.end
}

/** One edit from the first to the last difference. */
function difference(file: File, text: string): TextEdit {
  const before = file.text
  const most = Math.min(before.length, text.length)
  let head = 0
  while (head < most && before[head] === text[head]) head++
  let tail = 0
  while (tail < most - head && before.at(-1 - tail) === text.at(-1 - tail)) tail++
  return {
    range: fileRange(file, head, before.length - tail),
    newText: text.slice(head, text.length - tail),
  }
}
