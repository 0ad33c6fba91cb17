// A label selector from its tree: requirements with the source of each key split off.

import { stamped, trimmed } from '../memo.ts'
import { get, isNull, items, type Node, str } from '../syntax/node.ts'
import type { Requirement, Selector } from './policy.ts'

const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist'] as const

/** Splits `source:key` at its first colon; "any" when no source is written (pkg/labels `ParseSelectLabel`). */
export function splitKey(written: string): { readonly source: string; readonly key: string } {
  const colon = written.indexOf(':')
  return colon === -1
    ? { source: 'any', key: written }
    : { source: written.slice(0, colon) || 'any', key: written.slice(colon + 1) }
}

/** Lowers a selector; what cannot be read makes it `unknown`. Done once for a node that many aliases may stand for. */
export const lowerSelector = (node: Node): Selector => (node.isSame ? read(node) : known(node))

const known = stamped(read)

function read(node: Node): Selector {
  const requirements: Requirement[] = []
  let unknown = node.kind !== 'map' || node.open === true
  const labels = get(node, 'matchLabels')
  if (labels?.kind === 'map') {
    if (labels.open) unknown = true
    for (const e of labels.entries) {
      if (e.key.unknown || (e.value?.kind === 'scalar' && e.value.unknown)) unknown = true
      if (isNull(e.value)) continue
      const value = str(e.value)
      if (value === undefined || e.key.unknown) unknown = true
      else requirements.push(requirement(e.name, 'In', { values: [value], keyNode: e.key, node: e.value ?? e.key }))
    }
  } else if (!isNull(labels)) unknown = true
  const expressions = get(node, 'matchExpressions')
  if (!isNull(expressions) && expressions?.kind !== 'seq') unknown = true
  if (expressions?.kind === 'seq' && expressions.open) unknown = true
  for (const item of items(expressions)) {
    const lowered = lowerExpression(item)
    if (lowered) requirements.push(lowered)
    else unknown = true
  }
  return { node, requirements: trimmed(requirements), unknown }
}

function lowerExpression(item: Node): Requirement | undefined {
  const keyNode = get(item, 'key')
  const written = str(keyNode)
  const operator = OPERATORS.find(o => o === str(get(item, 'operator')))
  if (!keyNode || written === undefined || !operator) return undefined
  const values: string[] = []
  for (const v of items(get(item, 'values'))) {
    const value = str(v)
    if (value === undefined) return undefined
    values.push(value)
  }
  return requirement(written, operator, { values: trimmed(values), keyNode, node: item })
}

/** What requirements ask is the same again and again: it is kept once. */
const asked = new Map<string, Asked>()
const MOST = 10_000

type Asked = Pick<Requirement, 'source' | 'key' | 'operator' | 'values' | 'written'>

function requirement(
  written: string,
  operator: Requirement['operator'],
  { values, keyNode, node }: Pick<Requirement, 'values' | 'keyNode' | 'node'>,
): Requirement {
  const name = `${operator}\n${written}\n${values.join('\n')}`
  let one = asked.get(name)
  if (!one) {
    if (asked.size >= MOST) asked.clear()
    one = { ...splitKey(written), operator, values, written }
    asked.set(name, one)
  }
  // Spread, its last two properties would lie in an object of their own.
  const { source, key } = one
  return { source, key, operator, values: one.values, written, keyNode, node }
}
