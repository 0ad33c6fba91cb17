// What a pool of values is, and text as long as a limit.
import type { Y } from './yaml.ts'

/** Values of one kind of field: every minor version accepts the usual ones; the odd ones are boundaries, new or wrong. */
export interface Pool {
  readonly usual: readonly string[]
  readonly odd: readonly (string | Y)[]
}

export const long = (length: number, letter = 'a'): string => letter.repeat(length)
export const deepName = (length: number): string => {
  const label = `${long(60)}.`
  return `${`${label.repeat(Math.ceil(length / label.length))}a`.slice(0, length - 1).replace(/\.$/, 'b')}z`
}
export const from = (source: string, ...lengths: number[]): string[] => lengths.map(length => source + long(length))
export const slashed = (source: string, ...lengths: number[]): string[] =>
  lengths.map(length => `${source}${deepName(length)}/${long(63)}`)
