// Which rules have something to say of a document at all: those whose keys are in its text.

import { latest } from '../memo.ts'
import type { Document } from '../syntax/file.ts'
import { documentRules, workspaceRules } from './index.ts'
import type { About } from './rule.ts'

const keys = new Set([...documentRules, ...workspaceRules].flatMap(rule => rule.about ?? []))
/** Longer keys first, as some are the beginning of others. */
const pattern = new RegExp([...keys].sort((a, b) => b.length - a.length).join('|'), 'g')

/** The keys that stand somewhere in the text; undefined where they may be written with escapes. */
const keysIn = latest(({ text }: Document): ReadonlySet<string> | undefined =>
  text.includes('\\') ? undefined : new Set(text.match(pattern)),
)

/** Whether some key that the rule is about may be in the document. */
export function concerns({ about }: About, document: Document): boolean {
  if (!about) return true
  const found = keysIn(document)
  return found === undefined || about.some(key => found.has(key))
}
