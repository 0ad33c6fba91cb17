// Compares our schemas with Cilium's CustomResourceDefinitions, field by field: types, required keys, enums, bounds, patterns, list types.

import { execFileSync } from 'node:child_process'
import type { Version } from '../../server/src/model/version.ts'
import { type Json, schemaOf } from '../../server/src/schema/overlay.ts'
import { goProgram } from './goProgram.ts'

type Obj = { readonly [key: string]: Json }
const isObject = (x: Json | undefined): x is Obj => typeof x === 'object' && x !== null && !Array.isArray(x)
const child = (x: Json | undefined, key: string): Json | undefined => (isObject(x) ? x[key] : undefined)

/** What each pattern of the definitions is called in our schemas, which have no patterns: they backtrack. */
const PATTERNS: Readonly<Record<string, string>> = {
  '^([-a-zA-Z0-9_]+[.]?)+$': 'fqdn-name',
  '^([-a-zA-Z0-9_*]+[.]?)+$': 'fqdn-pattern',
  '^(\\*?\\*\\.)?([-a-zA-Z0-9_]+\\.?)+$': 'server-name-119',
  '^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$': 'label-value',
  '^\\PC*$': 'printable',
  '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$': 'dns-subdomain-crd',
  '^(6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[0-9]{1,4})|([a-zA-Z0-9]-?)*[a-zA-Z](-?[a-zA-Z0-9])*$':
    'port',
}
/** Formats that say the same, and formats that the server does not check. */
const SAME: Readonly<Record<string, string>> = { 'server-name': 'fqdn-pattern' }
const UNCHECKED = ['idn-hostname', 'int32', 'int64', 'date-time', 'uint16', 'timestamp']

/** Forms that no empty text has: a minimal length beside them only makes a better message. */
const NEVER_EMPTY = ['fqdn-name', 'fqdn-pattern', 'server-name-119']

const BOUNDS = ['minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems']

/** Where the schemas of a version differ: one line each. */
export async function crdDifferences(version: Version): Promise<readonly string[]> {
  const program = await goProgram({ command: 'accept', minor: version })
  const definitions: readonly Json[] = JSON.parse(
    execFileSync(program, ['-crds'], { encoding: 'utf8', maxBuffer: 1e8 }),
  )
  const ours = fields(resolved(schemaOf(version)))
  return definitions.flatMap(definition => {
    const name = child(child(child(definition, 'spec'), 'names'), 'kind')
    const theirs = fields(schemaIn(definition))
    const paths = new Set([...theirs.keys(), ...ours.keys()].filter(isCompared))
    return [...paths].sort().flatMap(path => {
      const [a, b] = [theirs.get(path) ?? 'absent', ours.get(path) ?? 'absent']
      return a === b ? [] : [`${version} ${name} ${path || '(root)'}: Cilium ${a}, we ${b}`]
    })
  })
}

/** Metadata is Kubernetes' own, and the status is dropped when a policy is made. */
const isCompared = (path: string): boolean => !/^\.(?:metadata|status|apiVersion|kind)\b/.test(path)

function schemaIn(definition: Json): Json {
  const versions = child(child(definition, 'spec'), 'versions')
  const found = Array.isArray(versions) ? versions.find(v => child(v, 'name') === 'v2') : undefined
  return child(child(found, 'schema'), 'openAPIV3Schema') ?? null
}

/** Our schema without references. */
function resolved(whole: Json): Json {
  const defs = child(whole, '$defs')
  const walk = (schema: Json): Json => {
    if (Array.isArray(schema)) return schema.map(walk)
    if (!isObject(schema)) return schema
    const { $ref, ...own } = schema
    const base = typeof $ref === 'string' ? child(defs, $ref.replace('#/$defs/', '')) : undefined
    return Object.fromEntries(Object.entries({ ...(isObject(base) ? base : {}), ...own }).map(([k, v]) => [k, walk(v)]))
  }
  return walk(child(defs, 'policy') ?? null)
}

/** Every place of a schema with what is asked of a value there, as text that can be compared. */
function fields(schema: Json, path = ''): Map<string, string> {
  const found = new Map([[path, demands(schema, path)]])
  const add = (inner: Json | undefined, step: string) => {
    if (isObject(inner)) for (const [p, d] of fields(inner, path + step)) found.set(p, d)
  }
  const properties = child(schema, 'properties')
  if (isObject(properties)) for (const [key, inner] of Object.entries(properties)) add(inner, `.${key}`)
  if (child(schema, 'maxItems') !== 0) add(child(schema, 'items'), '[]')
  add(child(schema, 'additionalProperties'), '.*')
  return found
}

function demands(schema: Json, path: string): string {
  if (!isObject(schema)) return 'anything'
  const either = schema['x-int-or-string'] === true || schema['x-kubernetes-int-or-string'] === true
  const said = [either ? 'integer or string' : String(schema.type)]
  const required = strings(schema.required).filter(key => path !== '' || key === 'metadata')
  if (required.length) said.push(`required ${required.sort()}`)
  for (const key of ['oneOf', 'anyOf'] as const) {
    const keys = alternatives(schema[key])
    if (keys.length && !either) said.push(`${key} ${keys.sort()}`)
  }
  if (path === '' && hasSpecRule(schema)) said.push('anyOf spec,specs')
  if (Array.isArray(schema.enum) && !either) said.push(`enum ${[...schema.enum].sort()}`)
  const form = formOf(schema)
  for (const key of BOUNDS) {
    const implied = key === 'minLength' && NEVER_EMPTY.includes(form ?? '')
    if (schema[key] !== undefined && !implied) said.push(`${key} ${schema[key]}`)
  }
  if (schema.uniqueItems === true || schema['x-kubernetes-list-type'] === 'set') said.push('unique')
  if (form && !either) said.push(form)
  if (schema.default !== undefined) said.push(`default ${schema.default}`)
  return said.join('; ')
}

const strings = (x: Json | undefined): string[] =>
  Array.isArray(x) ? x.filter((s): s is string => typeof s === 'string') : []
const alternatives = (x: Json | undefined): string[] =>
  Array.isArray(x) ? x.flatMap(o => strings(child(o, 'required'))) : []

/** The rule in CEL that a policy has spec or specs, which our schema says with anyOf. */
const hasSpecRule = (schema: Obj): boolean => JSON.stringify(schema['x-kubernetes-validations'] ?? '').includes('specs')

function formOf({ pattern, format }: Obj): string | undefined {
  if (typeof pattern === 'string') return PATTERNS[pattern] ?? `pattern ${pattern}`
  if (typeof format !== 'string' || UNCHECKED.includes(format)) return undefined
  return SAME[format] ?? format
}
