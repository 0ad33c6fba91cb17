// Anchors, aliases, tags and directives as Kubernetes' reader finds them in the text.

import { isBlank, isBreak, isGap, NotYaml, type Scanner, skipComment, skipLine, type Token } from './scanner.ts'

const NAME = /[-0-9A-Za-z_]*/y
const URI = /(?:[-0-9A-Za-z_;/?:@&=+$,.!~*'()[\]]|%[0-9a-fA-F]{2})*/y

function take(s: Scanner, pattern: RegExp): string {
  pattern.lastIndex = s.pos
  const found = pattern.exec(s.text)?.[0] ?? ''
  s.pos += found.length
  return found
}

/** `&name` or `*name`. */
export function scanAnchor(s: Scanner, kind: 'anchor' | 'alias'): Token {
  const start = s.pos++
  const value = take(s, NAME)
  const code = s.text.charCodeAt(s.pos)
  if (value === '' || !(isGap(code) || '?:,]}%@`'.includes(s.text[s.pos] ?? '')))
    throw new NotYaml(
      `${kind === 'anchor' ? 'an anchor' : 'an alias'} has a name of letters, digits, - and _: quote the value if it is none`,
      start,
      s.pos + 1,
    )
  return { kind, value, start, end: s.pos }
}

/** `!`, `!name!` or `!!`. */
function handle(s: Scanner): string {
  const start = s.pos
  s.pos++
  take(s, NAME)
  if (s.text[s.pos] === '!') s.pos++
  return s.text.slice(start, s.pos)
}

function uri(s: Scanner): string {
  const found = take(s, URI)
  if (s.text[s.pos] === '%') throw new NotYaml('a % in a tag must be followed by two hexadecimal digits', s.pos)
  return found
}

/** `!tag`, `!!str`, `!handle!tag` or `!<uri>`. */
export function scanTag(s: Scanner): Token {
  const start = s.pos
  let value = ''
  let suffix = ''
  if (s.text[s.pos + 1] === '<') {
    s.pos += 2
    suffix = uri(s)
    if (suffix === '' || s.text[s.pos] !== '>') throw new NotYaml('this tag is not closed by >: add it', start, s.pos)
    s.pos++
  } else {
    const found = handle(s)
    if (found.length > 1 && found.endsWith('!')) {
      value = found
      suffix = uri(s)
      if (suffix === '') throw new NotYaml('this tag has no name: write one or take the tag away', start, s.pos)
    } else {
      suffix = found.slice(1) + uri(s)
      value = '!'
      if (suffix === '') [value, suffix] = ['', '!']
    }
  }
  if (!isGap(s.text.charCodeAt(s.pos)))
    throw new NotYaml('a tag must be followed by a blank: add one, or quote the value', start, s.pos + 1)
  return { kind: 'tag', value, suffix, start, end: s.pos }
}

const blanks = (s: Scanner): void => {
  while (isBlank(s.text.charCodeAt(s.pos))) s.pos++
}

/** A line that begins with `%`; only `%YAML 1.1` and `%TAG` exist. */
export function scanDirective(s: Scanner): Token {
  const start = s.pos++
  const name = take(s, NAME)
  const found = name === 'YAML' ? version(s, start) : name === 'TAG' ? tagDirective(s, start) : undefined
  if (!found || (name !== 'YAML' && name !== 'TAG'))
    throw new NotYaml('Kubernetes knows no such directive: take the line away', start, s.pos)
  blanks(s)
  skipComment(s)
  const code = s.text.charCodeAt(s.pos)
  if (isBreak(code)) skipLine(s)
  else if (!Number.isNaN(code)) throw new NotYaml('nothing can follow a directive: take it away', s.pos)
  return found
}

function version(s: Scanner, start: number): Token {
  blanks(s)
  const value = take(s, /[0-9]{1,2}\.[0-9]{1,2}/y)
  if (value === '') throw new NotYaml('%YAML must be followed by 1.1: write it or take the line away', start, s.pos)
  return { kind: 'version', value: value.split('.').map(Number).join('.'), start, end: s.pos }
}

function tagDirective(s: Scanner, start: number): Token {
  blanks(s)
  const value = s.text[s.pos] === '!' ? handle(s) : ''
  const closed = value === '!' || (value.length > 1 && value.endsWith('!'))
  const gap = isBlank(s.text.charCodeAt(s.pos))
  blanks(s)
  const suffix = closed && gap ? uri(s) : ''
  if (suffix === '' || !isGap(s.text.charCodeAt(s.pos)))
    throw new NotYaml('%TAG needs a handle between ! and a prefix: write both or take the line away', start, s.pos)
  return { kind: 'tag-directive', value, suffix, start, end: s.pos }
}
