// What the API server's schema minds in a policy, in words for people: the only file that knows ajv's output.

import type { ErrorObject } from 'ajv'
import { listedType } from '../model/kinds.ts'
import type { Version } from '../model/version.ts'
import type { Document } from '../syntax/file.ts'
import { get, type MapNode, type Node, type Span } from '../syntax/node.ts'
import type { Fix } from '../syntax/problem.ts'
import { rootSchema, schemaAt } from './catalog.ts'
import * as compiled from './compiled/validators.mjs'
import { combination, enumeration, format, limit, missing, wrongType } from './messages.ts'
import { type Found, locate, toPlain } from './plain.ts'
import { unknownField } from './unknownField.ts'

/** One objection: `code` is the id of the rule that reports it. */
export interface SchemaFinding {
  readonly code: string
  readonly message: string
  readonly span: Span
  readonly fixes: readonly Fix[]
}

/** What a message is made from. */
export interface Objection {
  readonly document: Document
  readonly version: Version
  readonly found: Found
  readonly error: ErrorObject
}

const VALIDATORS = {
  '1.16': compiled.v1_16,
  '1.17': compiled.v1_17,
  '1.18': compiled.v1_18,
  '1.19': compiled.v1_19,
  '1.20': compiled.v1_20,
} as const

/** Whether the schema of that version minds nothing, if it minds nothing in the list items that start at `cleared`. */
export const isAsSchema = (root: MapNode, version: Version, cleared: ReadonlySet<number>): boolean =>
  VALIDATORS[version](toPlain(root, rootSchema(version), cleared))

/** Everything that the schema of that version minds in a policy object. */
export function* validate(document: Document, root: MapNode, version: Version): Iterable<SchemaFinding> {
  const validator = VALIDATORS[version]
  if (validator(toPlain(root, rootSchema(version)))) return
  const seen = new Set<string>()
  const lists = new Map<string, readonly Node[]>()
  // One node for all errors in it, by which what is found out about it can be remembered.
  const places = new Map<string, Found | undefined>()
  const objections: Objection[] = []
  for (const error of validator.errors ?? []) {
    if (/\/(?:oneOf|anyOf)\//.test(error.schemaPath)) continue
    if (!places.has(error.instancePath)) places.set(error.instancePath, locate(root, error.instancePath, lists))
    const found = places.get(error.instancePath)
    if (!found || !judged(found, error)) continue
    const key = `${error.instancePath} ${error.keyword} ${JSON.stringify(error.params)}`
    if (seen.has(key)) continue
    seen.add(key)
    objections.push({ document, version, found, error })
  }
  const unknown = objections.filter(o => o.error.keyword === 'additionalProperties')
  const explained = new Set(unknown.map(o => o.error.instancePath))
  for (const o of objections) {
    const finding = say(o, explained)
    if (finding) yield finding
  }
}

/** What is unknown is not judged; nor is what may be there in a template; nor a status of a wrong type, which is dropped. */
function judged({ node, path }: Found, error: ErrorObject): boolean {
  if (node.kind === 'scalar' && node.unknown) return false
  const absence = ['required', 'oneOf', 'anyOf', 'minItems'].includes(error.keyword)
  if (absence && node.kind !== 'scalar' && node.open) return false
  if (path.length === 0 && isOfList(node) && TYPE.includes(error.params.missingProperty)) return false
  if (path[0] === 'status' && error.keyword !== 'additionalProperties') return false
  return true
}

const TYPE = ['apiVersion', 'kind']

/** Whether an object says nothing of what it is, as its list does. */
const isOfList = (node: Node): boolean => TYPE.every(key => !get(node, key)) && listedType(node) !== undefined

function say(o: Objection, explained: ReadonlySet<string>): SchemaFinding | undefined {
  switch (o.error.keyword) {
    case 'additionalProperties':
      return unknownField(o)
    case 'required':
      return missing(o)
    case 'type':
      return wrongType(o, o.error.params.type)
    case 'enum':
      return enumeration(o)
    case 'oneOf':
    case 'anyOf': {
      const schema = schemaAt(o.version, o.found.path)
      if (schema?.type === 'number or name') return wrongType(o, 'number or name')
      return explained.has(o.error.instancePath) && !hasAny(o) ? undefined : combination(o)
    }
    case 'format':
      return format(o)
    default:
      return limit(o)
  }
}

function hasAny(o: Objection): boolean {
  const schema = schemaAt(o.version, o.found.path)
  const { node } = o.found
  return node.kind === 'map' && node.entries.some(e => schema?.oneOf.includes(e.name))
}
