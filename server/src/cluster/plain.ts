// Reading JSON that an API server sent: every field may be missing or of another type.

export type Json = Readonly<Record<string, unknown>>

/** An object; an empty one for anything else. */
export function object(value: unknown): Json {
  return isObject(value) ? value : {}
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value at the end of a path of keys. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let here = value
  for (const key of path) here = object(here)[key]
  return here
}

/** The items of a list; none for anything else. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** A text that is not empty. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

export function texts(value: unknown): readonly string[] {
  return list(value).filter(item => typeof item === 'string')
}

/** The entries of an object whose values are texts. */
export function textMap(value: unknown): Readonly<Record<string, string>> {
  const read: Record<string, string> = {}
  for (const [key, item] of Object.entries(object(value))) if (typeof item === 'string') read[key] = item
  return read
}

/** The object without what is undefined, an empty list or an empty object. */
export function compact(value: Json): Json {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => !isEmpty(item)))
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true
  if (Array.isArray(value)) return value.length === 0
  return isObject(value) && Object.keys(value).length === 0
}
