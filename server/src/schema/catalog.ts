// What the schemas say about a place in a policy: for completion, hover and messages.

import { VERSIONS, type Version } from '../model/version.ts'
import { type Json, schemaOf } from './overlay.ts'

/** One place of the schema of a version, references resolved. */
export interface SchemaNode {
  readonly title: string
  readonly description: string
  readonly type: 'object' | 'array' | 'string' | 'integer' | 'boolean' | 'number or name' | undefined
  /** Keys that may stand here, most used first. */
  readonly properties: ReadonlyMap<string, SchemaNode>
  /** Set for maps with keys of the author's choice. */
  readonly additional: SchemaNode | undefined
  readonly items: SchemaNode | undefined
  readonly required: readonly string[]
  /** Exactly one (`oneOf`) or at least one (`anyOf`) of these keys must be there. */
  readonly oneOf: readonly string[]
  readonly anyOf: readonly string[]
  readonly enum: readonly string[]
  readonly enumDescriptions: Readonly<Record<string, string>>
  readonly deprecated: boolean
  readonly format: string | undefined
}

type Obj = { readonly [key: string]: Json }
const isObject = (x: Json | undefined): x is Obj => typeof x === 'object' && x !== null && !Array.isArray(x)
const text = (x: Json | undefined): string => (typeof x === 'string' ? x : '')
const list = (x: Json | undefined): string[] =>
  Array.isArray(x) ? x.filter((s): s is string => typeof s === 'string') : []

const roots = new Map<Version, SchemaNode>()

/** The schema of a whole policy. */
export function rootSchema(version: Version): SchemaNode {
  const known = roots.get(version)
  if (known) return known
  const whole = schemaOf(version)
  const defs = isObject(whole) && isObject(whole.$defs) ? whole.$defs : {}
  const node = read(defs.policy, defs, new Map())
  roots.set(version, node)
  return node
}

function read(schema: Json | undefined, defs: Obj, done: Map<Json, SchemaNode>): SchemaNode {
  const raw = isObject(schema) ? schema : {}
  const known = done.get(raw)
  if (known) return known
  const name = text(raw.$ref).replace('#/$defs/', '')
  const referred = name && isObject(defs[name]) ? (defs[name] as Obj) : {}
  const all: Obj = { ...referred, ...raw }
  const node: { -readonly [K in keyof SchemaNode]: SchemaNode[K] } = {
    title: text(all.title),
    description: text(all.description),
    type: all['x-int-or-string'] ? 'number or name' : (text(all.type) as SchemaNode['type']) || undefined,
    properties: new Map(),
    additional: undefined,
    items: undefined,
    required: list(all.required),
    oneOf: alternatives(all.oneOf),
    anyOf: all['x-int-or-string'] ? [] : alternatives(all.anyOf),
    enum: list(all.enum),
    enumDescriptions: isObject(all.enumDescriptions)
      ? Object.fromEntries(Object.entries(all.enumDescriptions).map(([k, v]) => [k, text(v)]))
      : {},
    deprecated: all.deprecated === true,
    format: text(all.format) || undefined,
  }
  done.set(raw, node)
  if (isObject(all.properties))
    node.properties = new Map(Object.entries(all.properties).map(([k, v]) => [k, read(v, defs, done)]))
  if (isObject(all.additionalProperties)) node.additional = read(all.additionalProperties, defs, done)
  if (isObject(all.items)) node.items = read(all.items, defs, done)
  return node
}

function alternatives(of: Json | undefined): string[] {
  return Array.isArray(of) ? of.flatMap(o => (isObject(o) ? list(o.required) : [])) : []
}

/** The schema at a path of keys and indexes below a policy object; undefined where nothing may stand. */
export function schemaAt(version: Version, path: readonly (string | number)[]): SchemaNode | undefined {
  let here: SchemaNode | undefined = rootSchema(version)
  for (const step of path) {
    here = typeof step === 'number' ? here?.items : (here?.properties.get(step) ?? here?.additional)
    if (!here) return undefined
  }
  return here
}

/** The versions in which a key may stand at a path. */
export function versionsOf(path: readonly (string | number)[]): readonly Version[] {
  return VERSIONS.filter(v => schemaAt(v, path) !== undefined)
}
