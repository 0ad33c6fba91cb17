// What the YAML library minds, in words for people; what Kubernetes' own reader accepts is no error.

import type { SyntaxProblem } from './file.ts'

const WORDS: Readonly<Record<string, string>> = {
  ALIAS_PROPS: 'an alias can have no tag and no anchor of its own: take them away',
  BAD_ALIAS: 'this alias has no name: write the name of an anchor after *',
  BAD_DQ_ESCAPE: 'this backslash escape does not exist in YAML: write \\\\ for a backslash, or use single quotes',
  BAD_INDENT: 'this line is indented differently from its neighbours: line it up with them',
  BAD_PROP_ORDER: 'anchors and tags go before the indicator of what they describe: move them',
  BAD_SCALAR_START: 'a value cannot begin with this character: quote it',
  BLOCK_AS_IMPLICIT_KEY:
    'a map cannot begin here: put it on the next line, indented, or quote the value if it holds ": "',
  BLOCK_IN_FLOW: 'block style cannot stand inside { } or [ ]: write it in flow style',
  KEY_OVER_1024_CHARS: 'this key is too long: there may be a quote or a colon missing',
  MISSING_CHAR: 'something is missing here',
  MULTILINE_IMPLICIT_KEY: 'a key must be on one line and be followed by ":": add the colon',
  MULTIPLE_ANCHORS: 'a value can have one anchor only: take one away',
  MULTIPLE_TAGS: 'a value can have one tag only: take one away',
  TAB_AS_INDENT: 'tabs cannot indent YAML: use spaces',
  UNEXPECTED_TOKEN: 'this cannot stand here: check quotes, brackets and indentation',
}

/** The problem for an error of the library; undefined for what Kubernetes accepts. */
export function explain(
  code: string,
  message: string,
  pos: readonly [number, number],
  text: string,
): SyntaxProblem | undefined {
  if (
    code === 'TAG_RESOLVE_FAILED' ||
    code === 'DUPLICATE_KEY' ||
    code === 'NON_STRING_KEY' ||
    code === 'BAD_DIRECTIVE'
  )
    return undefined
  const start = Math.min(pos[0], text.length)
  const lineEnd = endOfLine(text, start)
  const end = Math.max(start, Math.min(pos[1], lineEnd))
  const words = ['MISSING_CHAR', 'UNEXPECTED_TOKEN', 'BAD_INDENT'].includes(code) ? reword(code, message) : WORDS[code]
  return { code: 'yaml-syntax', message: words ?? message, span: { start, end } }
}

function reword(code: string, message: string): string {
  if (message.includes('closing "quote')) return 'the closing double quote is missing: add it'
  if (message.includes("closing 'quote")) return 'the closing single quote is missing: add it'
  if (message.includes('Implicit map keys need to be followed by map values'))
    return 'a key must be followed by ":": add the colon'
  if (message.includes('Flow') || message.includes('flow'))
    return 'this list or map in brackets is not closed rightly: check commas, brackets and indentation'
  return WORDS[code] ?? message
}

function endOfLine(text: string, from: number): number {
  for (let i = from; i < text.length; i++) if (text[i] === '\n' || text[i] === '\r') return i
  return text.length
}
