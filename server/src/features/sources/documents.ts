// Whole policies in an empty document, and whole items of a rule list.

import { hasBody, type Place, present } from '../place.ts'
import { DOCUMENTS, ITEMS } from '../snippets.ts'
import { KIND, type Suggestion } from '../suggestion.ts'

/** Snippets where nothing is written yet. */
export function* documents(place: Place): Iterable<Suggestion> {
  if (place.as !== 'key' || place.form.flow || place.cursor.token.colon || present(place).size > 0) return
  if (place.cursor.token.word !== '' && hasBody(place)) return
  const { path } = place
  const shared = { kind: KIND.snippet, snippet: true }
  if (path.length === 0) {
    for (const { label, detail, words, lines } of DOCUMENTS) {
      yield { ...shared, label, detail, words, lines, group: 0 }
    }
  }
  if (typeof path.at(-1) !== 'number') return
  for (const { label, detail, words, lines } of ITEMS[String(path.at(-2))] ?? []) {
    yield { ...shared, label, detail, words, lines: lines.map(line => line.slice(2)), group: 3 }
  }
}
