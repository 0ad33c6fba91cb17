// Whether Go's regexp package compiles a pattern: re2js is RE2 too, and here is made to agree with Go 1.26 where the two differ.

import { RE2JS } from 're2js'
import { memoText } from '../memo.ts'

/** As most are: words, and dots with one quantifier at most. Nothing can be wrong with them, and re2js reads tables when it is first asked. */
const SIMPLE = /^(?:[A-Za-z0-9/_-]|\.[*+?]?)*$/

/** Why Go refuses the pattern; undefined when it compiles. Remembered, as the same ones (`GET`, `/[a-z]+`) stand in many policies. */
export const goComplaint: (pattern: string) => string | undefined = memoText(pattern => {
  if (SIMPLE.test(pattern) || complaint(likeGo(pattern)) === undefined) return undefined
  return complaint(pattern) ?? 'a character class that it does not know'
})

function complaint(pattern: string): string | undefined {
  try {
    RE2JS.compile(pattern)
    return undefined
  } catch (e) {
    return e instanceof Error ? e.message.replace(/^error parsing regexp: /, '') : 'it does not compile'
  }
}

/**
 * A pattern that re2js compiles exactly when Go compiles the original: groups have names of their own, as Go lets a name be used
 * twice, and Unicode classes are looked up as Go does (regexp/syntax/parse.go unicodeTable).
 */
function likeGo(pattern: string): string {
  let out = ''
  let groups = 0
  let inClass = false
  for (let i = 0; i < pattern.length; ) {
    const piece = nextPiece(pattern, i, inClass)
    i += piece.length
    if (!inClass && piece.startsWith('[')) inClass = true
    else if (piece === ']') inClass = false
    const unicode = /^\\[pP](?:\{\^?(.*)\}|(.))$/su.exec(piece)
    if (unicode) out += isClassName(unicode[1] ?? unicode[2] ?? '') ? '\\pL' : piece.replace(/\{.*|.$/su, '{!}')
    else if (/^\(\?P?<[A-Za-z0-9_]+>$/.test(piece)) out += `(?P<g${groups++}>`
    else out += piece
  }
  return out
}

/** What stands together: quoted text, an escape, a Unicode class, the head of a named group, a POSIX class, else a character. */
function nextPiece(pattern: string, at: number, inClass: boolean): string {
  const sticky = inClass
    ? /\\[pP]\{[^}]*\}|\\[\s\S]|\[:\^?[a-z]+:\]|[\s\S]/uy
    : /\\Q[\s\S]*?(?:\\E|$)|\\[pP]\{[^}]*\}|\\[pP][^{]|\\[\s\S]|\(\?P?<[A-Za-z0-9_]+>|\[\^?\]?|[\s\S]/uy
  sticky.lastIndex = at
  const piece = sticky.exec(pattern)?.[0] ?? pattern.slice(at, at + 1)
  return piece
}

const ALIASES = new Set(
  `Other Control Cntrl Format Unassigned Privateuse Surrogate Letter Casedletter Lowercaseletter Modifierletter Otherletter
  Titlecaseletter Uppercaseletter Mark Combiningmark Spacingmark Enclosingmark Nonspacingmark Number Decimalnumber Digit
  Letternumber Othernumber Punctuation Punct Connectorpunctuation Dashpunctuation Closepunctuation Finalpunctuation
  Initialpunctuation Otherpunctuation Openpunctuation Symbol Currencysymbol Modifiersymbol Mathsymbol Othersymbol Separator
  Lineseparator Paragraphseparator Spaceseparator Any Assigned Ascii Lc Cn`.split(/\s+/),
)

/** Whether Go knows a category or script of that name; it ignores case, blanks, `_` and `-`, and so misses scripts of two words. */
function isClassName(written: string): boolean {
  const letters = written.replace(/[-_ ]/g, '')
  const name = letters.charAt(0).toUpperCase() + letters.slice(1).toLowerCase()
  if (ALIASES.has(name)) return true
  if (!/^[A-Za-z]+$/.test(name)) return false
  try {
    RE2JS.compile(`\\p{${name}}`)
    return true
  } catch {
    return false
  }
}
