// Remember a computed value by the identity of the object it came from: the only cache of the product.

/**
 * Returns `compute` with its results kept as long as their argument lives. The argument must be an
 * immutable value: the result is never computed anew for the same object.
 */
export function memo<K extends object, V>(compute: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, { readonly value: V }>()
  return key => {
    const hit = known.get(key)
    if (hit) return hit.value
    const value = compute(key)
    known.set(key, { value })
    return value
  }
}
