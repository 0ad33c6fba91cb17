// Random choices that a seed decides: the same seed gives the same documents on every machine.

export interface Random {
  /** A number from 0 up to, but without, `n`. */
  below(n: number): number
  /** True with probability `p`. */
  chance(p: number): boolean
  /** One of `list`, which is not empty. */
  pick<T>(list: readonly T[]): T
}

/** Mixes two numbers into a seed, so that neighbours have nothing in common. */
export function mix(a: number, b: number): number {
  let h = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 0x7f4a7c15, 0xc2b2ae35)
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d)
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39)
  return (h ^ (h >>> 15)) >>> 0
}

/** A generator of random numbers (mulberry32). */
export function random(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const below = (n: number): number => Math.floor(next() * n)
  return {
    below,
    chance: p => next() < p,
    pick: list => {
      const value = list[below(list.length)]
      if (value === undefined) throw new Error('pick: an empty list')
      return value
    },
  }
}
