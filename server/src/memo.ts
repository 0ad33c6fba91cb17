// Remember a computed value by the identity of the object it came from: the caches of the product.

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

/**
 * Returns `compute` with the result for its last argument kept: for what is asked many times in a row about one object and then
 * no more, so that nothing is held for thousands of others.
 */
export function latest<K extends object, V>(compute: (key: K) => V): (key: K) => V {
  let last: { readonly key: K; readonly value: V } | undefined
  return key => {
    if (last?.key !== key) last = { key, value: compute(key) }
    return last.value
  }
}
