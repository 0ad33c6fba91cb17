// Grows a policy that Cilium accepts (mostly), with one forced path in it when that is asked for.
import type { Random } from './random.ts'
import { type Context, type Fields, type Labels, POLICY, type Shape } from './shapes.ts'
import { type Kind, POOLS, usual } from './values.ts'
import { type Dict, dict, entry, text, type Y } from './yaml.ts'

export interface Wish {
  readonly clusterwide: boolean
  /** Fields that do not go together may come together. */
  readonly loose: boolean
  /** What must be there: keys, and `[]` for a first item. */
  readonly path: readonly string[]
}

/** A whole document. */
export function grow(random: Random, wish: Wish): Dict {
  const clusterwide = wish.clusterwide || wish.path.includes('nodeSelector')
  const context: Context = {
    clusterwide,
    loose: wish.loose,
    egress: false,
    deny: false,
    host: false,
    l7: '',
    operator: '',
  }
  const head = [
    entry('apiVersion', text('cilium.io/v2')),
    entry('kind', text(clusterwide ? 'CiliumClusterwideNetworkPolicy' : 'CiliumNetworkPolicy')),
  ]
  return { t: 'dict', entries: [...head, ...growFields(POLICY, random, context, wish.path).entries] }
}

function growShape(shape: Shape, random: Random, context: Context, path: readonly string[]): Y {
  if ('leaf' in shape) return growLeaf(shape.leaf, random, shape.fixed?.(context))
  if ('labels' in shape) return growLabels(shape, random, context)
  if ('fields' in shape) return growFields(shape, random, context, path)
  if (context.loose && path.length === 0 && random.chance(0.08)) return { t: 'list', items: [] }
  const length = 1 + (random.chance(0.25) ? random.below(shape.most ?? 2) : 0)
  return {
    t: 'list',
    items: Array.from({ length }, (_, i) => growShape(shape.items, random, context, i === 0 ? path.slice(1) : [])),
  }
}

function growLeaf(kind: Kind, random: Random, fixed: string | undefined): Y {
  return usual(kind, fixed ?? random.pick(POOLS[kind].usual))
}

function growLabels(_shape: Labels, random: Random, _context: Context): Dict {
  const keys = new Set([
    random.pick(POOLS.labelKey.usual),
    ...(random.chance(0.3) ? [random.pick(POOLS.labelKey.usual)] : []),
  ])
  return dict(
    Object.fromEntries(
      [...keys].map(key => [key.replace(/^any:|^k8s:/, ''), growLeaf('labelValue', random, undefined)]),
    ),
  )
}

function growFields(shape: Fields, random: Random, context: Context, path: readonly string[]): Dict {
  const must = path[0] ?? ''
  const keys = [...shape.pick(random, context, must)]
  if (must && !keys.includes(must) && must in shape.fields) keys.push(must)
  if (context.loose && random.chance(0.15)) keys.push(...extra(shape, keys, random))
  const inner = shape.enter?.(context, { keys, path, random }) ?? context
  const entries = keys.map(key => {
    const child = shape.fields[key]
    if (!child) throw new Error(`grow: no field ${key}`)
    return entry(key, growShape(child, random, inner, key === must ? path.slice(1) : []))
  })
  return { t: 'dict', entries }
}

function extra(shape: Fields, keys: readonly string[], random: Random): string[] {
  const others = Object.keys(shape.fields).filter(key => !keys.includes(key))
  return others.length > 0 ? [random.pick(others)] : []
}

/** Puts a value where a path ends (`*`: the value of the first label, `@`: its key); false when the path is not there. */
export function put(root: Dict, path: readonly string[], value: Y): boolean {
  let at: Y = root
  for (const [i, step] of path.entries()) {
    const last = i === path.length - 1
    if (at.t === 'list') {
      const item: Y | undefined = at.items[0]
      if (!item) return false
      if (last) at.items[0] = value
      at = item
    } else if (at.t === 'dict') {
      const found: Dict['entries'][number] | undefined =
        step === '*' || step === '@' ? at.entries[0] : at.entries.find(e => e.key.text === step)
      if (!found) return false
      if (step === '@' && (value.t === 'text' || value.t === 'raw')) found.key = value
      else if (last) found.value = value
      at = found.value
    } else return false
  }
  return true
}
