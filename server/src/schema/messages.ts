// Messages and fixes for each kind of objection of the schema, but unknown fields.

import {
  addEntry,
  isShared,
  quoteScalar,
  removeEntry,
  removeItem,
  renameKey,
  replacePlain,
  replaceValue,
  wrapInSeq,
} from '../syntax/edit.ts'
import type { Document } from '../syntax/file.ts'
import { entry, isNull, type MapNode, type Node, type Span } from '../syntax/node.ts'
import type { Fix } from '../syntax/problem.ts'
import { together } from '../syntax/rendering.ts'
import { suggest } from '../syntax/suggest.ts'
import { schemaAt, versionsOf } from './catalog.ts'
import { isDashed, spaceAfterDash } from './dashes.ts'
import { formats } from './formats.ts'
import { mapWanted } from './mapWanted.ts'
import { isWord } from './overlay.ts'
import type { Found } from './plain.ts'
import type { Objection, SchemaFinding } from './validate.ts'

/** The smallest span that names a found place: a scalar's own, else its key, else its first character. */
export function wordOf({ node, entry: e }: Found): Span {
  if (node.kind === 'scalar' || node.alias) return node.span
  return e && !e.merged ? e.key.span : { start: node.span.start, end: Math.min(node.span.end, node.span.start + 1) }
}

const text = (node: Node): string => (node.kind === 'scalar' ? node.text : '')
const nameOf = (found: Found): string => {
  const named = [...found.path].reverse().find(step => typeof step === 'string')
  return typeof named === 'string' ? named : 'this'
}
const code = (name: string) => `\`${name}\``

/** A required key is not there. */
export function missing(o: Objection): SchemaFinding {
  const key: string = o.error.params.missingProperty
  const { node } = o.found
  const where = o.found.path.length ? ` in ${code(nameOf(o.found))}` : ''
  const fixes: Fix[] = []
  const initial: Readonly<Record<string, string>> = { port: '80', operator: 'In', mode: 'required' }
  const value = initial[key]
  if (node.kind === 'map' && value !== undefined && entry(node, key) === undefined) {
    fixes.push({
      title: `Add ${key}: ${key === 'port' ? '"80"' : value}`,
      edits: () => addEntry(o.document, node, key, value),
    })
  }
  return { code: 'missing-field', message: `${code(key)} is missing${where}: add it`, span: wordOf(o.found), fixes }
}

const TYPES: Readonly<Record<string, string>> = {
  object: 'a map',
  array: 'a list',
  string: 'a string',
  integer: 'a whole number',
  boolean: 'true or false',
  'number or name': 'a number or a name',
}

function kindOf(node: Node): string {
  if (node.kind === 'map') return 'a map'
  if (node.kind === 'seq') return 'a list'
  if (node.value === null) return 'nothing (null)'
  if (typeof node.value === 'boolean') return `the boolean ${node.value}`
  if (typeof node.value === 'number') return `the number ${node.value}`
  return `the string ${JSON.stringify(node.value)}`
}

/** Whether a value could be the one item of the list that is wanted. */
function isLikeItem({ version, found: { node, path } }: Objection): boolean {
  if (node.kind !== 'map' || node.entries.length === 0) return true
  const known = schemaAt(version, [...path, 0])
  return node.entries.some(e => known?.properties.has(e.name) || known?.additional !== undefined)
}

/** The value is of another type than the field. */
export function wrongType(o: Objection, type: string): SchemaFinding {
  const { node, entry: e, path } = o.found
  const field = nameOf(o.found)
  const named = typeof path.at(-1) === 'number' ? `an item of ${code(field)}` : code(field)
  const seen =
    node.kind === 'scalar' && node.text !== '' && String(node.value) !== node.text && node.style === 'plain'
      ? ` (${node.text} is read so)`
      : ''
  const fixes: Fix[] = []
  let advice = `write ${TYPES[type] ?? type}`
  if (type === 'string' && node.kind === 'scalar' && node.value !== null) {
    // Cilium reads a port with a zero in front as octal, or not at all: the zero goes.
    const quoted = field === 'port' && /^0[0-9]+$/.test(node.text) ? String(Number(node.text)) : node.text
    advice = `put it in quotes, "${quoted}"`
    fixes.push({ title: `Quote: "${quoted}"`, preferred: true, edits: () => quoteScalar(o.document, node, quoted) })
  } else if (type === 'array' && isDashed(node)) {
    advice = 'a space is missing after the dash, add it'
    fixes.push(...spaceAfterDash(o.document, node))
  } else if (type === 'array' && e && !e.merged && !node.alias) {
    advice = 'make it a list'
    fixes.push({ title: 'Make it a list', preferred: isLikeItem(o), edits: () => wrapInSeq(o.document, e) })
  } else if (type === 'integer' && node.kind === 'scalar' && /^[0-9]{1,6}$/.test(node.text)) {
    advice = `take the quotes away, ${node.text}`
    fixes.push({
      title: `Take the quotes away: ${node.text}`,
      preferred: true,
      edits: () => replacePlain(o.document, node, String(Number(node.text))),
    })
  }
  if (type === 'object') {
    const way = mapWanted(o)
    advice = way.advice
    fixes.push(...way.fixes)
  }
  const isPort = field === 'port' && path.includes('ports')
  return {
    code: isPort ? 'port-not-a-string' : 'wrong-type',
    message: `${named} must be ${TYPES[type] ?? type}, but this is ${kindOf(node)}${seen}: ${advice}`,
    span: wordOf(o.found),
    fixes,
  }
}

const NOUNS: Readonly<Record<string, readonly [string, string]>> = {
  fromEntities: ['unknown-entity', 'entity'],
  toEntities: ['unknown-entity', 'entity'],
  protocol: ['unknown-protocol', 'protocol'],
  operator: ['unknown-operator', 'operator'],
}

/** The value is none of those allowed. */
export function enumeration(o: Objection): SchemaFinding {
  const { node, path } = o.found
  const allowed: readonly string[] = o.error.params.allowedValues
  const [id, noun] = NOUNS[nameOf(o.found)] ?? ['unknown-value', nameOf(o.found)]
  const word = text(node)
  const near = suggest(word, allowed)
  const later = versionsOfValue(path, word)
  const extra = noun === 'protocol' && /^icmp/i.test(word) ? 'use `icmps` instead of `toPorts` for ICMP' : undefined
  const advice = later
    ? `it exists in Cilium ${later} (this is ${o.version})`
    : (extra ?? (near ? `did you mean ${near}?` : `use one of ${allowed.join(', ')}`))
  const fixes: Fix[] =
    near && !later && !extra && node.kind === 'scalar'
      ? [{ title: `Change to ${near}`, preferred: true, edits: () => replaceValue(o.document, node, near) }]
      : []
  return { code: id, message: `unknown ${noun} ${JSON.stringify(word)}: ${advice}`, span: wordOf(o.found), fixes }
}

function versionsOfValue(path: readonly (string | number)[], word: string): string | undefined {
  if (!isWord(word)) return undefined
  const has = versionsOf(path).filter(v => schemaAt(v, path)?.enum.includes(word))
  return has.length ? (has.at(-1) === '1.20' ? `${has[0]} and later` : `${has[0]} to ${has.at(-1)}`) : undefined
}

/** None or several of keys that exclude each other. */
export function combination(o: Objection): SchemaFinding | undefined {
  const { node, path } = o.found
  const schema = schemaAt(o.version, path)
  if (node.kind !== 'map' || !schema) return undefined
  const keys = o.error.keyword === 'oneOf' ? schema.oneOf : schema.anyOf
  // The API server drops what has no value before it looks.
  const written = node.entries.filter(e => keys.includes(e.name) && !isNull(e.value))
  const present = written.filter(e => written.every(other => together(o.document, e.key.span, other.key.span)))
  if (present.length < Math.min(written.length, 2)) return undefined
  if (present.length === 0) return none(o, node, keys)
  const [, second] = present
  if (!second) return undefined
  const fixes: Fix[] = present
    .filter(e => !e.merged)
    .map(e => ({ title: `Remove ${e.name}`, edits: () => removeEntry(o.document, node, e.name) }))
  const message = `${present.map(e => code(e.name)).join(' and ')} exclude each other: keep one of them`
  return { code: 'conflicting-fields', message, span: second.merged ? wordOf(o.found) : second.key.span, fixes }
}

function none(o: Objection, node: MapNode, keys: readonly string[]): SchemaFinding {
  const { path, holder, entry: e } = o.found
  const all = keys
    .map(code)
    .join(', ')
    .replace(/, ([^,]*)$/, ' or $1')
  const fixes: Fix[] = []
  const isRule = path[0] === 'spec' ? path.length === 1 : path[0] === 'specs' && path.length === 2
  if (isRule && o.error.keyword === 'oneOf' && !entry(node, 'endpointSelector')) {
    fixes.push({
      title: 'Add endpointSelector: {} (every pod in scope)',
      edits: () => addEntry(o.document, node, 'endpointSelector', {}, 'start'),
    })
  }
  if (path.at(-1) === 'rules' && node.entries.length === 0 && holder?.kind === 'map' && e && !e.merged)
    fixes.push({ title: 'Remove rules', preferred: true, edits: () => removeEntry(o.document, holder, 'rules') })
  const valueless = node.entries.find(x => keys.includes(x.name) && !x.merged)
  const who = `${typeof path.at(-1) === 'number' && !isRule ? 'an item of ' : ''}${code(nameOf(o.found))}`
  const needs =
    path.length === 0
      ? 'this policy has no rule'
      : `${who} needs ${o.error.keyword === 'oneOf' ? 'one' : 'at least one'} of ${all}`
  const what = valueless ? `${code(valueless.name)} has no value, and ${needs}` : needs
  const advice = path.length === 0 && !valueless ? `add ${all}` : valueless ? 'write it' : 'add it'
  return {
    code: 'missing-field',
    message: `${what}: ${advice}`,
    span: valueless ? valueless.key.span : wordOf(o.found),
    fixes,
  }
}

/** Minimum, maximum, lengths, uniqueness. */
export function limit(o: Objection): SchemaFinding {
  const { keyword, params } = o.error
  const field = code(nameOf(o.found))
  const words: Readonly<Record<string, string>> = {
    maxItems:
      params.limit === 0
        ? `${field} must be empty: Cilium 1.19 dropped it, put its labels into each selector of the endpoints that may connect`
        : `${field} can hold at most ${params.limit} items: split the rule`,
    minItems: `${field} must hold at least ${params.limit} item: add one or take the key away`,
    maxLength: `${field} can have at most ${params.limit} characters: shorten it`,
    minLength: `${field} must not be empty: write a value`,
    minimum: `${field} must be at least ${params.limit}: write a number from ${params.limit} on`,
    maximum: `${field} must be at most ${params.limit}: write a smaller number`,
    uniqueItems: `${field} lists the same value twice: take one away`,
  }
  return {
    code: 'out-of-bounds',
    message: words[keyword] ?? `${field}: ${keyword}`,
    span: limitSpan(o),
    fixes: limitFixes(o),
  }
}

function limitSpan(o: Objection): Span {
  const { node } = o.found
  const item =
    o.error.keyword === 'uniqueItems' && node.kind === 'seq'
      ? node.items[Math.max(o.error.params.i, o.error.params.j)]
      : undefined
  return item ? item.span : wordOf(o.found)
}

function limitFixes(o: Objection): Fix[] {
  const { holder, entry: e, node } = o.found
  const { keyword, params } = o.error
  if (keyword === 'uniqueItems' && node.kind === 'seq' && !isShared(node)) {
    const index = Math.max(params.i, params.j)
    return [{ title: 'Remove the second one', preferred: true, edits: () => removeItem(o.document, node, index) }]
  }
  const useless = (keyword === 'maxItems' && params.limit === 0) || (keyword === 'minItems' && node.kind === 'seq')
  if (!useless || holder?.kind !== 'map' || !e || e.merged) return []
  return [
    {
      title: `Remove ${e.name}`,
      preferred: keyword === 'minItems',
      edits: () => removeEntry(o.document, holder, e.name),
    },
  ]
}

/** The text does not have the form that the field wants. */
export function format(o: Objection): SchemaFinding {
  const value = JSON.stringify(text(o.found.node))
  const field = nameOf(o.found)
  switch (o.error.params.format) {
    case 'cidr':
      return cidr(o)
    case 'port':
      return {
        code: 'invalid-port',
        message: `${value} is no port: write a number from 0 to 65535 in quotes, or a port name`,
        span: wordOf(o.found),
        fixes: trimmed(o, text => formats.port?.(text) === true),
      }
    case 'fqdn-name':
    case 'fqdn-pattern':
      return fqdn(o)
    case 'label-value':
      return {
        code: 'invalid-label',
        message: `${value} is no label value: use at most 63 letters, digits, - _ and ., with a letter or digit at both ends`,
        span: wordOf(o.found),
        fixes: [],
      }
    default:
      return {
        code: 'wrong-format',
        message: `${value} is not a valid ${code(field)}: ${ADVICE[o.error.params.format] ?? 'write it differently'}`,
        span: wordOf(o.found),
        fixes: [],
      }
  }
}

/** The value without the blanks around it, when that is right. */
function trimmed({ document, found: { node } }: Objection, isRight: (text: string) => boolean): Fix[] {
  const better = text(node).trim()
  if (better === text(node) || better === '' || !isRight(better)) return []
  return [{ title: `Change to ${better}`, preferred: true, edits: () => replaceValue(document, node, better) }]
}

const ADVICE: Readonly<Record<string, string>> = {
  'server-name': 'use letters, digits, - _ . and *',
  'server-name-119': 'use letters, digits, - _ and ., with *. or **. at the beginning only',
  'dns-subdomain-crd': 'use lower-case letters, digits, - and ., with a letter or digit at both ends',
  printable: 'take the control characters away',
  timestamp: 'the server writes it, take it away',
}

function cidr(o: Objection): SchemaFinding {
  const { node } = o.found
  const written = text(node)
  const length = written.includes(':') ? '128' : '32'
  const bare = !written.includes('/') && schemaCidr(`${written}/${length}`)
  const fixes: Fix[] =
    bare && node.kind === 'scalar'
      ? [
          {
            title: `Change to ${written}/${length}`,
            preferred: true,
            edits: () => replaceValue(o.document, node, `${written}/${length}`),
          },
        ]
      : []
  const advice = bare
    ? `a single address needs a length, write ${written}/${length}`
    : 'write an address and a length, such as 10.0.0.0/8'
  return {
    code: 'invalid-cidr',
    message: `${JSON.stringify(written)} is no network: ${advice}`,
    span: wordOf(o.found),
    fixes,
  }
}

function schemaCidr(written: string): boolean {
  const [address = ''] = written.split('/')
  if (address.includes(':')) return /^[0-9a-fA-F:.]{2,45}$/.test(address)
  return address.split('.').length === 4 && address.split('.').every(p => /^[0-9]{1,3}$/.test(p) && Number(p) <= 255)
}

function fqdn(o: Objection): SchemaFinding {
  const { node, entry: e, holder } = o.found
  const written = text(node)
  const field = nameOf(o.found)
  const fixes: Fix[] = []
  const host = written.replace(/^[a-z]{1,10}:\/\//i, '').split(/[/:?#]/, 1)[0] ?? ''
  const name = field === 'matchName'
  const star = name && /^[-\w*.]+$/.test(written) && written.includes('*')
  const isName = (text: string) => formats[name ? 'fqdn-name' : 'fqdn-pattern']?.(text) === true
  let advice = name
    ? 'use letters, digits, - _ and . only'
    : 'use letters, digits, - _ . and * only; it is no regular expression'
  if (star && e && holder?.kind === 'map') {
    advice = 'a name with * is a pattern, use `matchPattern`'
    fixes.push({
      title: 'Change to matchPattern',
      preferred: true,
      edits: () => renameKey(o.document as Document, e, 'matchPattern'),
    })
  } else if (host !== written && node.kind === 'scalar' && /^[-\w]+(?:\.[-\w]+)*$/.test(host)) {
    advice = `a DNS name has no scheme, port or path, write ${host}`
    fixes.push({ title: `Change to ${host}`, preferred: true, edits: () => replaceValue(o.document, node, host) })
  } else if (trimmed(o, isName).length > 0) {
    advice = 'take the blanks away'
    fixes.push(...trimmed(o, isName))
  } else if (/^\.|\.\./.test(written)) advice = 'it begins with a dot or has two in a row, take it away'
  return {
    code: 'invalid-fqdn',
    message: `${JSON.stringify(written)} is no DNS ${name ? 'name' : 'pattern'}: ${advice}`,
    span: wordOf(o.found),
    fixes,
  }
}
