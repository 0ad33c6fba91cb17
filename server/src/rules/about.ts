// Which rules have something to say of a document at all: those whose words are among its keys and values.

import { memo, stamped } from '../memo.ts'
import { type Document, mayHideWords } from '../syntax/file.ts'
import { type Known, treeOf } from '../syntax/flat.ts'
import { documentRules, workspaceRules } from './index.ts'
import type { About } from './rule.ts'

const about = [...documentRules, ...workspaceRules].flatMap(rule => rule.about ?? [])
/** Each key by itself. */
const keys = new Map(about.map(key => [key, key]))
/** Longer keys first, as some are the beginning of others. */
const pattern = new RegExp(
  [...keys.keys()]
    .sort((a, b) => b.length - a.length)
    .join('|')
    .replaceAll('.', '\\.'),
  'g',
)

const MOST = 1000

/** One set for all documents with the same keys. */
const sets = new Map<string, ReadonlySet<string>>()
/** Of two sets, both together. */
let unions = new WeakMap<ReadonlySet<string>, WeakMap<ReadonlySet<string>, ReadonlySet<string>>>()

function shared(found: ReadonlySet<string>): ReadonlySet<string> {
  const name = [...found].sort().join()
  const known = sets.get(name)
  if (known) return known
  if (sets.size >= MOST) {
    sets.clear()
    unions = new WeakMap()
  }
  sets.set(name, found)
  return found
}

const wordsIn = (text: string): ReadonlySet<string> | undefined => {
  const found = text.match(pattern)
  // The keys themselves: what was found are slices, which would keep the text.
  return found ? shared(new Set(found.flatMap(word => keys.get(word) ?? []))) : undefined
}

/** The keys in a scalar; undefined where there is none. */
const keysOf = memo((known: Known) => wordsIn(known.text))

/** Both together, remembered. */
function union(found: ReadonlySet<string>, more: ReadonlySet<string>): ReadonlySet<string> {
  const before = unions.get(found)?.get(more)
  if (before) return before
  const both = shared(new Set([...found, ...more]))
  const known = unions.get(found) ?? new WeakMap()
  unions.set(found, known.set(more, both))
  return both
}

const NOTHING: ReadonlySet<string> = new Set()

/** The keys that stand somewhere in the text, of comments perhaps; undefined where there may be others. */
const keysIn = stamped((document: Document): ReadonlySet<string> | undefined => {
  if (mayHideWords(document)) return undefined
  const scalars = treeOf(document.root)?.known
  if (!scalars) return wordsIn(document.text) ?? NOTHING
  let found = NOTHING
  // By number: there are a hundred in each of thousands of documents.
  for (let i = 0; i < scalars.length; i++) {
    const more = keysOf(scalars[i] as Known)
    if (more && more !== found) found = union(found, more)
  }
  return found
})

/** Whether some key that the rule is about may be in the document. */
export function concerns({ about }: About, document: Document): boolean {
  return about === undefined || isAmong(about, keysIn(document))
}

const isAmong = (about: readonly string[], found: ReadonlySet<string> | undefined): boolean =>
  found === undefined || about.some(key => found.has(key))

/** For each list of rules: of each set of keys, the rules that it concerns. */
const byKeys = memo((_rules: readonly About[]) => new WeakMap<ReadonlySet<string>, readonly About[]>())

/** Those of the rules that `concerns` is true of; the list of rules stays the same from one document to the next. */
export function concerning<R extends About>(rules: readonly R[], document: Document): readonly R[] {
  const found = keysIn(document)
  if (found === undefined) return rules
  const known = byKeys(rules) as WeakMap<ReadonlySet<string>, readonly R[]>
  const before = known.get(found)
  if (before) return before
  const concerned = rules.filter(({ about }) => about === undefined || isAmong(about, found))
  known.set(found, concerned)
  return concerned
}
