// The schema of each version: the base with the overlays of 1.19 down to that version laid over it (JSON merge patches).

import v116 from '../../../schemas/overlays/1.16.json' with { type: 'json' }
import v117 from '../../../schemas/overlays/1.17.json' with { type: 'json' }
import v118 from '../../../schemas/overlays/1.18.json' with { type: 'json' }
import v119 from '../../../schemas/overlays/1.19.json' with { type: 'json' }
import base from '../../../schemas/policy.json' with { type: 'json' }
import type { Version } from '../model/version.ts'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

const STEPS: readonly (readonly [Version, Json])[] = [
  ['1.20', {}],
  ['1.19', v119],
  ['1.18', v118],
  ['1.17', v117],
  ['1.16', v116],
]

const made = new Map<Version, Json>()

/** The whole schema of a version, as plain JSON. */
export function schemaOf(version: Version): Json {
  const known = made.get(version)
  if (known !== undefined) return known
  let schema: Json = base
  for (const [step, overlay] of STEPS) {
    schema = patch(schema, overlay)
    if (step === version) break
  }
  made.set(version, schema)
  return schema
}

let all: string | undefined

/** Whether a word stands in the schema of any version: a cheap look before the schemas of all of them are made. */
export function isWord(word: string): boolean {
  all ??= JSON.stringify([base, ...STEPS])
  return all.includes(JSON.stringify(word))
}

const isObject = (x: Json | undefined): x is { readonly [key: string]: Json } =>
  typeof x === 'object' && x !== null && !Array.isArray(x)

/** RFC 7386. */
function patch(target: Json | undefined, change: Json): Json {
  if (!isObject(change)) return change
  const out: Record<string, Json> = isObject(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(change)) {
    if (key === '$comment') continue
    if (value === null) delete out[key]
    else out[key] = patch(out[key], value)
  }
  return out
}
