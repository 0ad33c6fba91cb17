// Build step: has ajv compile the schema of every version to code, so that nothing is compiled when the server starts.

import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { _, Ajv } from 'ajv'
import standalone from 'ajv/dist/standalone/index.js'
import { VERSIONS, type Version } from '../model/version.ts'
import { formats } from './formats.ts'
import { schemaOf } from './overlay.ts'

const WITHOUT = new Set([
  'title',
  'description',
  'enumDescriptions',
  '$comment',
  '$id',
  'x-int-or-string',
  'x-list-passes',
  'default',
  'deprecated',
])

/** The schema without what is only for people. `properties` keep their names. */
function bare(schema: unknown, names = false): unknown {
  if (Array.isArray(schema)) return schema.map(s => bare(s))
  if (typeof schema !== 'object' || schema === null) return schema
  const kept = Object.entries(schema).filter(([key]) => names || !WITHOUT.has(key))
  return Object.fromEntries(
    kept.map(([key, value]) => [key, bare(value, !names && (key === 'properties' || key === '$defs'))]),
  )
}

type Definitions = Readonly<Record<string, unknown>>

/** Adds the schema of a version. Definitions that are the same in several versions become one function. */
function addVersion(version: Version): void {
  const { $defs, $ref } = bare(schemaOf(version)) as { readonly $defs: Definitions; readonly $ref: string }
  ajv.addSchema({ $id: id(version), $ref: addDefinition($defs, $ref, []) })
}

/** Adds a definition with those that it refers to; the name is made of the content. */
function addDefinition(definitions: Definitions, ref: string, holders: readonly string[]): string {
  if (holders.includes(ref)) throw new Error(`${ref} refers to itself: name such definitions by version`)
  const text = JSON.stringify(definitions[ref.replace('#/$defs/', '')], (key, value: unknown) =>
    key === '$ref' && typeof value === 'string' ? addDefinition(definitions, value, [...holders, ref]) : value,
  )
  const name = `d${createHash('sha256').update(text).digest('hex').slice(0, 12)}`
  if (!ajv.getSchema(name)) ajv.addSchema({ ...(JSON.parse(text) as object), $id: name })
  return name
}

const id = (version: string) => `v${version.replace('.', '_')}`
const ajv = new Ajv({
  allErrors: true,
  strict: false,
  inlineRefs: false,
  messages: false,
  formats: { ...formats },
  code: { source: true, esm: true, formats: _`formats` },
})
for (const version of VERSIONS) addVersion(version)
const make =
  typeof standalone === 'function'
    ? standalone
    : (standalone as { default: typeof import('ajv/dist/standalone/index.js').default }).default
const code = (make as unknown as (a: Ajv, refs: Record<string, string>) => string)(
  ajv,
  Object.fromEntries(VERSIONS.map(v => [id(v), id(v)])),
)
  .replaceAll('require("ajv/dist/runtime/ucs2length").default', 'ucs2length')
  .replaceAll('require("ajv/dist/runtime/equal").default', 'Object.is')
  .replaceAll('"use strict";', '')
  // What one part has found is added to the list, which is the part's own when it was the first: ajv would copy both for each part.
  .replaceAll(/vErrors\.concat\((validate\d+\.errors)\)/g, 'together(vErrors, $1)')
if (code.includes('.concat(')) throw new Error('the compiled schemas copy their errors')
if (code.includes('require(')) throw new Error('the compiled schemas need a module that is not there')

const folder = new URL('./compiled/', import.meta.url)
mkdirSync(folder, { recursive: true })
writeFileSync(
  new URL('validators.mjs', folder),
  `// Made by compile.ts from schemas/.\nimport { formats, together, ucs2length } from '../formats.ts'\n${code}`,
)
writeFileSync(
  new URL('validators.d.mts', folder),
  `// Made by compile.ts.\nimport type { ErrorObject } from 'ajv'\ninterface Validator { (data: unknown): boolean; errors?: ErrorObject[] | null }\n${VERSIONS.map(v => `export const ${id(v)}: Validator\n`).join('')}`,
)
