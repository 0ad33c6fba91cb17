// Build step: has ajv compile the schema of every version to code, so that nothing is compiled when the server starts.

import { mkdirSync, writeFileSync } from 'node:fs'
import { _, Ajv } from 'ajv'
import standalone from 'ajv/dist/standalone/index.js'
import { VERSIONS } from '../model/version.ts'
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

const id = (version: string) => `v${version.replace('.', '_')}`
const ajv = new Ajv({
  allErrors: true,
  strict: false,
  inlineRefs: false,
  formats: { ...formats },
  code: { source: true, esm: true, formats: _`formats` },
})
for (const version of VERSIONS) ajv.addSchema({ ...(bare(schemaOf(version)) as object), $id: id(version) })
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
if (code.includes('require(')) throw new Error('the compiled schemas need a module that is not there')

const folder = new URL('./compiled/', import.meta.url)
mkdirSync(folder, { recursive: true })
writeFileSync(
  new URL('validators.mjs', folder),
  `// Made by compile.ts from schemas/.\nimport { formats, ucs2length } from '../formats.ts'\n${code}`,
)
writeFileSync(
  new URL('validators.d.mts', folder),
  `// Made by compile.ts.\nimport type { ErrorObject } from 'ajv'\ninterface Validator { (data: unknown): boolean; errors?: ErrorObject[] | null }\n${VERSIONS.map(v => `export const ${id(v)}: Validator\n`).join('')}`,
)
