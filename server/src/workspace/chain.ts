// Lists as objects, so that what is computed from a list is remembered as long as its values stay the same.

/** A list of values as one object: the same values in the same order give the same object. */
export interface Chain<T extends object> {
  readonly last: T | undefined
  readonly before: Chain<T> | undefined
  /** Made when the first link follows. */
  next: WeakMap<T, Chain<T>> | undefined
}

/** Where chains of one kind start. */
export function newChain<T extends object>(): Chain<T> {
  return { last: undefined, before: undefined, next: undefined }
}

/** The chain of the values. */
export function linked<T extends object>(start: Chain<T>, values: Iterable<T>): Chain<T> {
  let here = start
  for (const value of values) {
    here.next ??= new WeakMap()
    const known: Chain<T> | undefined = here.next.get(value)
    const next: Chain<T> = known ?? { last: value, before: here, next: undefined }
    if (!known) here.next.set(value, next)
    here = next
  }
  return here
}

/** The values of a chain. */
export function valuesOf<T extends object>(chain: Chain<T>): readonly T[] {
  const values: T[] = []
  for (let c: Chain<T> | undefined = chain; c; c = c.before) if (c.last) values.push(c.last)
  return values.reverse()
}
