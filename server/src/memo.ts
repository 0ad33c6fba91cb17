// Remember a computed value by the identity of the object it came from: the caches of the product.

/**
 * Returns `compute` with its results kept as long as their argument lives. The argument must be an
 * immutable value: the result is never computed anew for the same object.
 */
export function memo<K extends object, V>(compute: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, V>()
  return key => {
    const hit = known.get(key)
    if (hit !== undefined || known.has(key)) return hit as V
    const value = compute(key)
    known.set(key, value)
    return value
  }
}

/** How many texts `memoText` remembers before it forgets all; longer ones it does not. */
const TEXTS = 5000
const LONG = 200

/** As `memo`, for texts that come again and again, such as label keys. */
export function memoText<V>(compute: (text: string) => V): (text: string) => V {
  const known = new Map<string, V>()
  return text => {
    const hit = known.get(text)
    if (hit !== undefined || known.has(text)) return hit as V
    const value = compute(text)
    if (known.size >= TEXTS) known.clear()
    if (text.length <= LONG) known.set(text, value)
    return value
  }
}

/** A copy of a text: a slice would keep the whole file that it was cut from. */
export const detached = (text: string): string => ` ${text}`.slice(1)

/** Values by a place (such as a column) and a text there; texts of more than `most` characters together are forgotten. */
export function byPlace<V>(most: number) {
  const known = new Map<number, Map<string, V>>()
  let held = 0
  return {
    get: (place: number, text: string): V | undefined => known.get(place)?.get(text),
    set: (place: number, text: string, value: V): void => {
      if (held > most) {
        known.clear()
        held = 0
      }
      const here = known.get(place) ?? new Map<string, V>()
      known.set(place, here)
      here.set(detached(text), value)
      held += text.length
    },
  }
}

/**
 * As `memo`, with the result on the object itself, unseen and not copied with it: for what there are tens of thousands of
 * (documents and their parts), as a table of so many weak keys slows each garbage collection down. Only for functions that live
 * as long as the program: the result goes with the object, never before.
 */
export function stamped<K extends object, V>(compute: (key: K) => V): (key: K) => V {
  const frozen = new WeakMap<K, V>()
  class Stamp extends Itself {
    readonly #value: V
    constructor(key: K, value: V) {
      super(key)
      this.#value = value
    }
    static isOn(key: object): key is Stamp {
      return #value in key
    }
    static on(key: Stamp): V {
      return key.#value
    }
  }
  return key => {
    if (Stamp.isOn(key)) return Stamp.on(key)
    if (frozen.has(key)) return frozen.get(key) as V
    const value = compute(key)
    if (!Object.isExtensible(key)) frozen.set(key, value)
    else if (!Stamp.isOn(key)) new Stamp(key, value)
    return value
  }
}

/** Constructs the object that it is given, so that a class below it puts its private fields on that. */
const Itself = function (this: unknown, key: object): object {
  return key
} as unknown as new (
  key: object,
) => object

/** One list for all that have nothing. */
export const NONE: readonly never[] = Object.freeze([])

/** A copy of just its size: a list that has grown, by pushing or spreading, keeps room for sixteen more. Empty ones are one. */
export const trimmed = <T>(list: readonly T[]): readonly T[] => (list.length === 0 ? NONE : list.slice())

/**
 * Returns `compute` with the result for its last argument (and what it was seen in) kept: for what is asked many times in a row
 * about one object and then no more, so that nothing is held for thousands of others.
 */
export function latest<K extends object, V, C = void>(compute: (key: K, context: C) => V): (key: K, context: C) => V {
  let last: { readonly key: K; readonly context: C; readonly value: V } | undefined
  return (key, context) => {
    if (last?.key !== key || last.context !== context) last = { key, context, value: compute(key, context) }
    return last.value
  }
}
