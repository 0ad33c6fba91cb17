// A word or list where a map belongs: which map was meant, and how to write it.

import { inFlow, renameKey } from '../syntax/edit.ts'
import { styleOf } from '../syntax/layout.ts'
import { entry, items, type ScalarNode } from '../syntax/node.ts'
import { printEntry, printFlow } from '../syntax/print.ts'
import type { Edit, Fix } from '../syntax/problem.ts'
import { schemaAt } from './catalog.ts'
import { gluedMap } from './glued.ts'
import type { Objection } from './validate.ts'

/** What to do about a value that should be a map. */
export interface Way {
  readonly advice: string
  readonly fixes: readonly Fix[]
}

/** The ways out for the place of an objection whose schema wants a map. */
export function mapWanted(o: Objection): Way {
  return rules(o) ?? gluedMap(o) ?? entities(o) ?? word(o) ?? { advice: keys(o), fixes: [] }
}

/** "write a map with `matchLabels` or `matchExpressions`". */
function keys({ version, found }: Objection): string {
  const known = [...(schemaAt(version, found.path)?.properties.keys() ?? [])].slice(0, 3).map(key => `\`${key}\``)
  const key = found.node.kind === 'scalar' && /^[\w./-]{1,100}$/.test(found.node.text) ? found.node.text : undefined
  if (known.length === 0) return key ? `write its value after a colon, \`${key}: …\`` : 'write a map of keys and values'
  return `write a map with ${known.join(', ').replace(/, ([^,]*)$/, ' or $1')}`
}

/** A list under `spec` is what `specs` takes. */
function rules({ document, found }: Objection): Way | undefined {
  const { node, entry: e, holder } = found
  if (found.path.join() !== 'spec' || node.kind !== 'seq' || !e || e.merged || entry(holder, 'specs')) return undefined
  const fix: Fix = { title: 'Change to specs', preferred: true, edits: () => renameKey(document, e, 'specs') }
  return { advice: 'a list of rules is called `specs`', fixes: [fix] }
}

/** Entities have a member of their own beside endpoints. */
function entities({ document, version, found }: Objection): Way | undefined {
  const { node, holder, path } = found
  const name = /^(from|to)Endpoints$/.exec(String(path.at(-2)))
  if (!name || node.kind !== 'scalar' || holder?.kind !== 'seq' || holder.parent?.kind !== 'map') return undefined
  const meant = `${name[1]}Entities`
  const known = schemaAt(version, [...path.slice(0, -2), meant, 0])?.enum ?? []
  if (!known.includes(node.text)) return undefined
  const e = entry(holder.parent, String(path.at(-2)))
  const alone = !entry(holder.parent, meant) && items(holder).every(i => i.kind === 'scalar' && known.includes(i.text))
  const fixes: Fix[] =
    e && alone && !e.merged
      ? [{ title: `Change to ${meant}`, preferred: true, edits: () => renameKey(document, e, meant) }]
      : []
  return { advice: `${node.text} is an entity, name it under \`${meant}\``, fixes }
}

/** The key that a bare word in these lists most likely stands for. */
const MEANT: Readonly<Record<string, string>> = {
  ports: 'port',
  toFQDNs: 'matchName',
  toCIDRSet: 'cidr',
  fromCIDRSet: 'cidr',
  dns: 'matchName',
}

function word({ document, found }: Objection): Way | undefined {
  const { node, path } = found
  const list = String(path.at(-2))
  const usual = typeof path.at(-1) === 'number' ? MEANT[list] : undefined
  if (!usual || node.kind !== 'scalar' || node.alias || node.value === null) return undefined
  const key = usual === 'matchName' && node.text.includes('*') ? 'matchPattern' : usual
  return {
    advice: `name its \`${key}\``,
    fixes: [{ title: `Change to ${key}: ${node.text}`, preferred: true, edits: () => [named(document, node, key)] }],
  }
}

function named(document: Objection['document'], node: ScalarNode, key: string): Edit {
  const style = styleOf(document)
  const value = { [key]: node.text }
  const text = inFlow(node) ? printFlow(value, style) : (printEntry(key, node.text, style)[0] ?? '')
  return { kind: 'replace', place: { document, span: node.span }, text }
}
