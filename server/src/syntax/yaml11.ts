// Plain scalars and keys as Kubernetes reads them: YAML 1.1 resolution of sigs.k8s.io/yaml, not YAML 1.2.

import type { ScalarValue } from './node.ts'

/** What a plain scalar becomes. `invalid`: it has no JSON form (`.inf`, `.nan`). */
export interface Resolved {
  readonly value: ScalarValue
  readonly float?: boolean
  readonly invalid?: boolean
}

const WORDS = new Map<string, Resolved>()
const spellings = (word: string) => [word, word[0]?.toUpperCase() + word.slice(1), word.toUpperCase()]
for (const word of ['y', 'yes', 'on', 'true']) for (const s of spellings(word)) WORDS.set(s, { value: true })
for (const word of ['n', 'no', 'off', 'false']) for (const s of spellings(word)) WORDS.set(s, { value: false })
for (const s of ['', '~', ...spellings('null')]) WORDS.set(s, { value: null })
for (const s of ['nan', 'NaN', 'NAN']) WORDS.set(`.${s}`, { value: Number.NaN, float: true, invalid: true })
for (const s of ['inf', 'Inf', 'INF'])
  for (const sign of ['', '+', '-'])
    WORDS.set(`${sign}.${s}`, { value: sign === '-' ? -Infinity : Infinity, float: true, invalid: true })

const DECIMAL_FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/
const BASES: readonly (readonly [RegExp, number])[] = [
  [/^0[xX]([0-9a-fA-F]+)$/, 16],
  [/^0[bB]([01]+)$/, 2],
  [/^0[oO]([0-7]+)$/, 8],
  [/^0([0-7]*)$/, 8],
  [/^([1-9][0-9]*)$/, 10],
]

/** Resolves a plain scalar (go-yaml v2 resolve.go `resolve` with an empty tag; dates stay strings). */
export function resolvePlain(text: string): Resolved {
  const word = WORDS.get(text)
  if (word) return word
  const first = text.charCodeAt(0)
  const digit = first >= 48 && first <= 57
  if (!digit && first !== 43 && first !== 45 && first !== 46) return { value: text }
  if (first === 46) return DECIMAL_FLOAT.test(text) ? float(text) : { value: text }
  const plain = text.replaceAll('_', '')
  const int = integer(plain)
  if (int !== undefined) return { value: int }
  return DECIMAL_FLOAT.test(plain) ? float(plain) : { value: text }
}

function float(text: string): Resolved {
  const value = Number(text)
  return Number.isFinite(value) ? { value, float: true } : { value: text }
}

/** Go's strconv.ParseInt (or ParseUint) with base 0 and 64 bits; undefined when it fails. */
function integer(text: string): number | undefined {
  const signed = text[0] === '-' || text[0] === '+'
  const digits = signed ? text.slice(1) : text
  for (const [pattern, base] of BASES) {
    const m = pattern.exec(digits)
    if (!m) continue
    const body = m[1] === undefined || m[1] === '' ? '0' : m[1]
    if (body.length > 64) return undefined
    const prefix = base === 16 ? '0x' : base === 2 ? '0b' : base === 8 ? '0o' : ''
    const big = BigInt(prefix + body)
    const limit = text[0] === '-' ? 2n ** 63n : signed ? 2n ** 63n - 1n : 2n ** 64n - 1n
    if (big > limit) return undefined
    return Number(text[0] === '-' ? -big : big)
  }
  return undefined
}

/** The string that a resolved key becomes in JSON; undefined for a null key, which is an error. */
export function keyName(value: ScalarValue, float: boolean): string | undefined {
  if (value === null) return undefined
  if (Number.isNaN(value)) return '.nan'
  if (value === Infinity || value === -Infinity) return value < 0 ? '-.inf' : '.inf'
  if (typeof value === 'number' && float) return floatName(Math.fround(value))
  return String(value)
}

/** A 32-bit float as Go's strconv.FormatFloat(value, 'g', -1, 32) prints it: the shortest digits, an exponent from 1e+06 on. */
function floatName(value: number): string {
  if (!Number.isFinite(value)) return value < 0 ? '-.inf' : '.inf'
  let digits = 0
  while (digits < 9 && Math.fround(Number(value.toExponential(digits))) !== value) digits++
  const [mantissa = '', power = ''] = value.toExponential(digits).split('e')
  const exponent = Number(power)
  if (exponent >= -4 && exponent < 6) return String(Number(`${mantissa}e${power}`))
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
}
