// `port:"53"`: YAML wants a space after the colon of a key, else the two are one word.

import { inFlow } from '../syntax/edit.ts'
import type { Document } from '../syntax/file.ts'
import { column, lineStart, styleOf } from '../syntax/layout.ts'
import { entry, isNull, type MapEntry, type MapNode, type Node, same } from '../syntax/node.ts'
import { printFlow, printKey, printString } from '../syntax/print.ts'
import type { Edit, Fix } from '../syntax/problem.ts'
import { type SchemaNode, schemaAt } from './catalog.ts'
import { formats } from './formats.ts'
import type { Objection } from './validate.ts'

/** What is said of such a word, and the way out of it. */
interface Apart {
  readonly advice: string
  readonly fixes: readonly Fix[]
}

/** A word in place of a map: `- port:"53"`, and `app:web` under `matchLabels`. */
export function gluedMap(o: Objection): Apart | undefined {
  const { node, holder } = o.found
  if (node.kind !== 'scalar' || node.alias || node.anchor || node.unknown) return undefined
  const pair = pairIn(o, node.text)
  return pair && apart(pair, () => [inPlace(o.document, { node, holder }, pair)])
}

/** A key without a value in brackets: `{port:"53"}`. */
export function gluedKey(o: Objection, map: MapNode, e: MapEntry): Apart | undefined {
  const pair = isNull(e.value) ? pairIn(o, e.key.text) : undefined
  if (!pair || entry(map, pair.name)) return undefined
  const { document } = o
  return apart(pair, () => [
    { kind: 'replace', place: { document, span: e.span }, text: written(document, e.key, pair) },
  ])
}

interface Pair {
  readonly name: string
  readonly value: string
}

/** The key and the value that a word stands for, where the value is surely what the key takes. */
function pairIn({ found, version }: Objection, word: string): Pair | undefined {
  const [, name = '', value = ''] = /^([\w./-]+):([^\s:"']\S*|"[^"\\]*"|'[^']*')$/.exec(word) ?? []
  const wanted = schemaAt(version, found.path)
  const schema = wanted?.properties.get(name) ?? (SOURCES.has(name) ? undefined : wanted?.additional)
  const bare = /^["']/.test(value) ? value.slice(1, -1) : value
  return name !== '' && schema && !bare.includes(':') && takes(schema, bare) ? { name, value: bare } : undefined
}

const apart = ({ name }: Pair, edits: Fix['edits']): Apart => ({
  advice: `a space is missing after \`${name}:\`, add it`,
  fixes: [{ title: `Add a space after ${name}:`, preferred: true, edits }],
})

/** The pair in a word's place; a map begins on a line of its own. */
function inPlace(document: Document, { node, holder }: { node: Node; holder: Node | undefined }, pair: Pair): Edit {
  const { text } = document
  const style = styleOf(document)
  const { start, end } = node.span
  if (inFlow(node)) {
    const put = printFlow({ [pair.name]: pair.value }, style)
    return { kind: 'replace', place: { document, span: { start, end } }, text: put }
  }
  const put = written(document, node, pair)
  const e = holder?.kind === 'map' ? holder.entries.find(x => same(x.value, node)) : undefined
  if (!e || lineStart(text, start) !== lineStart(text, e.key.span.start))
    return { kind: 'replace', place: { document, span: { start, end } }, text: put }
  const pad = ' '.repeat(column(text, e.key.span.start) + (style.indent ?? 2))
  const from = text.indexOf(':', e.key.span.end) + 1
  return { kind: 'replace', place: { document, span: { start: from, end } }, text: style.eol + pad + put }
}

/** `port: "53"`, the value in quotes where it would be read as something else. */
function written(document: Document, at: Node, { name, value }: Pair): string {
  const style = styleOf(document)
  const flow = inFlow(at)
  return `${printKey(name, style, flow)}: ${flow ? printFlow(value, style) : printString(value, style.quote)}`
}

/** `k8s:app` is one key: what stands before the colon is where a label is from. */
const SOURCES = new Set(['any', 'k8s', 'reserved', 'cidr', 'cidrgroup', 'container', 'fqdn', 'node', 'unspec', 'io'])

/** Whether the text is surely what the field wants. */
function takes(schema: SchemaNode, text: string): boolean {
  if (schema.type !== 'string') return false
  if (schema.enum.length > 0 && !schema.enum.includes(text)) return false
  // The schema's pattern for ports lets nearly everything pass; the agent does not.
  if (schema.format === 'port') return /^[0-9]{1,5}$/.test(text) ? Number(text) <= 65535 : /^[a-z]{1,15}$/.test(text)
  return schema.format === undefined || formats[schema.format]?.(text) === true
}
