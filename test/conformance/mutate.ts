// Changes the shape of a policy in one place: a field gone, doubled, renamed, moved, of another type, too many items.
import type { Random } from './random.ts'
import { POLICY, type Shape } from './shapes.ts'
import { SWAPS } from './swaps.ts'
import { type Dict, type Entry, type List, raw, text, type Y } from './yaml.ts'

/** Every field name that a policy may have, and some that it may not. */
const NAMES = [...new Set(names(POLICY))].concat(
  ...[
    'fromEndpoint',
    'toEndpoint',
    'toPort',
    'podSelector',
    'namespaceSelector',
    'port',
    'Ports',
    'foo',
    'status',
    'x-a',
    'toGroup',
  ],
)

function names(shape: Shape): string[] {
  if ('items' in shape) return names(shape.items)
  if (!('fields' in shape)) return []
  return Object.entries(shape.fields).flatMap(([key, child]) => [key, ...names(child)])
}

/** A map or a list of the document, and the values below it. */
function containers(at: Y, depth = 0): (Dict | List)[] {
  if (at.t === 'dict') return [at, ...at.entries.flatMap(e => containers(e.value, depth + 1))]
  if (at.t === 'list') return [at, ...at.items.flatMap(item => containers(item, depth + 1))]
  return []
}

type Change = (root: Dict, random: Random) => boolean
const dicts = (root: Dict): Dict[] => containers(root).filter((c): c is Dict => c.t === 'dict' && c.entries.length > 0)
const lists = (root: Dict): List[] => containers(root).filter((c): c is List => c.t === 'list' && c.items.length > 0)
const fixed = (e: Entry): boolean => ['apiVersion', 'kind'].includes(e.key.text)

/** Runs `change` on one entry of one map, but not on `kind` and `apiVersion`. */
function onEntry(change: (dict: Dict, index: number, random: Random, root: Dict) => void): Change {
  return (root, random) => {
    const choices = dicts(root).flatMap(d => d.entries.flatMap((e, i) => (fixed(e) ? [] : [[d, i] as const])))
    if (choices.length === 0) return false
    const [d, i] = random.pick(choices)
    change(d, i, random, root)
    return true
  }
}
const onItem =
  (change: (list: List, index: number, random: Random) => void): Change =>
  (root, random) => {
    const all = lists(root)
    if (all.length === 0) return false
    const l = random.pick(all)
    change(l, random.below(l.items.length), random)
    return true
  }
const set = (d: Dict, index: number, value: Y): void => {
  const e = d.entries[index]
  if (e) e.value = value
}

function misspelt(name: string, random: Random): string {
  return random.pick([
    name.toUpperCase(),
    name.charAt(0).toUpperCase() + name.slice(1),
    name.toLowerCase(),
    `${name}s`,
    name.slice(0, -1),
    `${name} `,
    `_${name}`,
  ])
}

const CHANGES: readonly Change[] = [
  onEntry((d, i) => d.entries.splice(i, 1)),
  onEntry((d, i) => d.entries.splice(i, 1)),
  onEntry((d, i) => set(d, i, raw('null'))),
  onEntry((d, i) => set(d, i, raw(''))),
  onEntry((d, i) => set(d, i, { t: 'list', items: [] })),
  onEntry((d, i) => set(d, i, { t: 'dict', entries: [] })),
  onEntry((d, i, random) => set(d, i, random.pick(SWAPS))),
  onEntry((d, i, random) => set(d, i, random.pick(SWAPS))),
  onEntry((d, i, random) => set(d, i, random.pick(SWAPS))),
  onEntry((d, i) => set(d, i, { t: 'list', items: [d.entries[i]?.value ?? raw('null')] })),
  onEntry((d, i) => {
    const value = d.entries[i]?.value
    if (value?.t === 'list' && value.items[0]) set(d, i, value.items[0])
  }),
  onEntry((d, i, random) => {
    const e = d.entries[i]
    if (e) e.key = text(misspelt(e.key.text, random))
  }),
  onEntry((d, i, random) => {
    const e = d.entries[i]
    if (e)
      d.entries.splice(random.below(d.entries.length + 1), 0, {
        key: e.key,
        value: random.chance(0.5) ? e.value : random.pick(SWAPS),
      })
  }),
  onEntry((d, _i, random) => d.entries.push({ key: text(random.pick(NAMES)), value: random.pick(SWAPS) })),
  onEntry((d, _i, random) => d.entries.push({ key: text(random.pick(NAMES)), value: { t: 'dict', entries: [] } })),
  onEntry((d, _i, random) =>
    d.entries.push({ key: text(random.pick(NAMES)), value: raw(random.pick(['null', '[]'])) }),
  ),
  onEntry((d, _i, random) => d.entries.push({ key: random.pick(SWAPS.filter(s => s.t === 'raw')), value: text('a') })),
  onEntry((d, i, random, root) => {
    const [e] = d.entries.splice(i, 1)
    if (e) random.pick(dicts(root).concat(root)).entries.push(e)
  }),
  onEntry((d, i, random, root) => {
    const e = d.entries[i]
    if (e) random.pick(dicts(root).concat(root)).entries.push(structuredClone(e))
  }),
  onItem((l, i) => l.items.splice(i, 1)),
  onItem((l, i) => l.items.splice(i, 0, structuredClone(l.items[i] ?? raw('null')))),
  onItem((l, i, random) => {
    l.items[i] = random.pick(SWAPS)
  }),
  onItem((l, i, random) =>
    l.items.splice(
      i,
      0,
      random.pick([raw('null'), raw(''), { t: 'dict', entries: [] }, { t: 'list', items: [] }, text('')]),
    ),
  ),
  (root, random) => crowd(root, random),
  (root, random) => crowd(root, random),
]

/** Makes a list of ports, ICMP fields or names as long as may be, or longer by one. */
function crowd(root: Dict, random: Random): boolean {
  const choices = dicts(root).flatMap(d =>
    d.entries.flatMap(e =>
      e.value.t === 'list' &&
      e.value.items.length > 0 &&
      ['ports', 'fields', 'serverNames', 'fromCIDR', 'toCIDR'].includes(e.key.text)
        ? [e.value]
        : [],
    ),
  )
  if (choices.length === 0) return false
  const l = random.pick(choices)
  const length = random.pick([40, 40, 41, 41, 80])
  while (l.items.length < length) l.items.push(structuredClone(l.items[0] ?? raw('null')))
  return true
}

/** Changes the document in one place. */
export function mutate(root: Dict, random: Random): void {
  for (let i = 0; i < 5; i++) if (random.pick(CHANGES)(root, random)) return
}
