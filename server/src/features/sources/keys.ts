// Keys: those that the schema has here, that fit the kind and direction, and that are not there yet.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: tab stops of snippets look like placeholders

import type { SchemaNode } from '../../schema/catalog.ts'
import { hasBody, type Place, present } from '../place.ts'
import { KIND, keyText, type Suggestion } from '../suggestion.ts'

/** Written by the server or by Cilium, never by people. */
const WRITTEN_BY_OTHERS = new Set([
  'status',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'generation',
  'managedFields',
  'resourceVersion',
  'selfLink',
  'uid',
])

const SELECTOR = ['- matchLabels:', '    $0']
const PORT = ['- port: "$1"', '  protocol: ${2|TCP,UDP,ANY|}']

/** Without effect on traffic: after everything else. */
const SELDOM = new Set(['description', 'labels', 'log', 'annotations', 'generateName', 'finalizers', 'ownerReferences'])

/** What is begun below a key, relative to the column of its list dash or of its first key. */
const BODIES: Readonly<Record<string, readonly string[]>> = {
  endpointSelector: ['matchLabels:', '  $0'],
  nodeSelector: ['matchLabels:', '  $0'],
  toEndpoints: SELECTOR,
  fromEndpoints: SELECTOR,
  toNodes: SELECTOR,
  fromNodes: SELECTOR,
  matchExpressions: ['- key: $1', '  operator: ${2|In,NotIn,Exists,DoesNotExist|}$0'],
  toFQDNs: ['- matchName: $0'],
  toCIDRSet: ['- cidr: $0'],
  fromCIDRSet: ['- cidr: $0'],
  toServices: ['- k8sService:', '    serviceName: $1', '    namespace: $2'],
  toPorts: ['- ports:', '    - port: "$1"', '      protocol: ${2|TCP,UDP,ANY|}'],
  ports: PORT,
  dns: ['- matchPattern: "${1:*}"'],
  http: ['- method: ${1|GET,POST,PUT,DELETE|}', '  path: $2'],
  icmps: ['- fields:', '    - type: ${1:EchoRequest}', '      family: ${2|IPv4,IPv6|}'],
  fields: ['- type: ${1:EchoRequest}', '  family: ${2|IPv4,IPv6|}'],
  authentication: ['mode: ${1|required,disabled|}'],
  enableDefaultDeny: ['${1|ingress,egress|}: ${2|false,true|}'],
  metadata: ['name: $1'],
}

/** Values that must be quoted, or nearly always are. */
const QUOTED = new Set(['port', 'matchPattern', 'path'])

/** The keys that may be written at the place. */
export function* keys(place: Place): Iterable<Suggestion> {
  if (place.as !== 'key') return
  const there = present(place)
  const below = !place.form.flow && place.cursor.token.word !== '' && hasBody(place)
  for (const [name, schema] of place.schema.properties) {
    if (there.has(name) || WRITTEN_BY_OTHERS.has(name) || !fits(place, name, there)) continue
    if (schema.deprecated && !place.cursor.token.word) continue
    const written = keyText(place, name)
    const full = below ? [`${written}:`] : textOf(place, name, schema)
    const begun = place.cursor.token.colon ? [written] : full
    yield {
      label: name,
      kind: KIND.key,
      lines: begun,
      snippet: true,
      detail: schema.title,
      words: schema.description,
      group: schema.deprecated ? 9 : SELDOM.has(name) ? 4 : place.schema.required.includes(name) ? 1 : 2,
      deprecated: schema.deprecated,
      again: true,
    }
  }
}

const PEERS = /^(?:from|to)(?:Endpoints|Entities|CIDR|CIDRSet|Nodes|Groups|Services|FQDNs)$/

function fits(place: Place, name: string, there: ReadonlySet<string>): boolean {
  const { path, schema } = place
  const last = path.at(-1)
  if (schema.oneOf.includes(name) && schema.oneOf.some(other => there.has(other))) return false
  if (name === 'nodeSelector') return place.kind !== 'CiliumNetworkPolicy'
  if (path.length === 1 && last === 'metadata') {
    if (name === 'namespace') return place.kind !== 'CiliumClusterwideNetworkPolicy'
    return name !== 'generateName' || !there.has('name')
  }
  if (path.length === 0 && (name === 'spec' || name === 'specs')) return !there.has('spec') && !there.has('specs')
  if (PEERS.test(name)) return ![...there].some(other => PEERS.test(other))
  if (name === 'icmps') return !there.has('toPorts')
  if (name === 'toPorts') return !there.has('icmps')
  return !isIngress(place) || (name !== 'dns' && name !== 'listener')
}

function isIngress(place: Place): boolean {
  return place.path.includes('ingress') || place.path.includes('ingressDeny')
}

function textOf(place: Place, name: string, schema: SchemaNode): readonly string[] {
  const written = keyText(place, name)
  if (place.form.flow) return [flowText(place, { written, name }, schema)]
  if (schema.type === 'array') {
    const body = BODIES[name] ?? ['- $0']
    return [`${written}:`, ...body.map(line => `  ${line}`)]
  }
  if (schema.type === 'object') return [`${written}:`, ...(BODIES[name] ?? ['$0']).map(line => `  ${line}`)]
  return [scalarText(place, { written, name }, schema)]
}

interface Key {
  readonly written: string
  readonly name: string
}

function flowText(place: Place, key: Key, schema: SchemaNode): string {
  if (schema.type === 'array') return `${key.written}: [$0]`
  if (schema.type === 'object') return `${key.written}: {$0}`
  return scalarText(place, key, schema)
}

function scalarText(place: Place, key: Key, schema: SchemaNode): string {
  const { written, name } = key
  const [only, ...others] = schema.enum
  if (only !== undefined && others.length === 0) return `${written}: ${place.form.json ? JSON.stringify(only) : only}`
  if (schema.type === 'boolean') return `${written}: \${1|true,false|}`
  const quoted = QUOTED.has(name) || (place.form.json && schema.type === 'string')
  return quoted ? `${written}: "$1"` : `${written}: $0`
}
