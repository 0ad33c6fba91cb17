// Merge conflicts that git left in a text: the markers and the other side are blanked, so that one side can be read.

import type { Span } from './node.ts'

/** The text with one side of each conflict only, lengths kept, and the first marker of each. */
export interface Unconflicted {
  readonly text: string
  readonly conflicts: readonly Span[]
}

const MARKER = /^(?:<{7}|\|{7}|={7}|>{7})(?: .*)?$/

/** Keeps "ours". A conflict may begin or end in another document of the file. */
export function unconflict(text: string): Unconflicted {
  if (!/^(?:<{7}|>{7}) /m.test(text)) return { text, conflicts: [] }
  const conflicts: Span[] = []
  let out = ''
  let side: 'none' | 'ours' | 'theirs' = text.search(/^<{7} /m) === -1 ? 'theirs' : 'none'
  let offset = 0
  for (const line of text.split(/(?<=\n)/)) {
    const bare = line.replace(/[\r\n]+$/, '')
    const marker = MARKER.test(bare) && !(side === 'none' && bare.startsWith('=')) ? bare[0] : undefined
    if (marker === '<' || (marker === '>' && conflicts.length === 0)) {
      conflicts.push({ start: offset, end: offset + bare.length })
    }
    if (marker === '<') side = 'ours'
    if (marker === '=' || marker === '|') side = 'theirs'
    out += marker !== undefined || side === 'theirs' ? line.replace(/[^\r\n]/g, ' ') : line
    if (marker === '>') side = 'none'
    offset += line.length
  }
  return { text: out, conflicts }
}
