// Hover: what the word under the cursor means to Cilium, and what it is in this cluster now.

import type { Hover } from 'vscode-languageserver-types'
import { peersIn } from '../model/peers.ts'
import type { Policy, Sourced } from '../model/policy.ts'
import { VERSIONS } from '../model/version.ts'
import { type SchemaNode, schemaAt, versionsOf } from '../schema/catalog.ts'
import { get, type Node, at as nodeAt, type ScalarNode, same, str } from '../syntax/node.ts'
import { effectiveConfig } from '../workspace/configuration.ts'
import { peerPods, peerServices } from '../workspace/selection.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import { type World, worldOf } from '../workspace/world.ts'
import { homeOf, itemAt, policyOf, selectorPart } from './around.ts'
import { type At, type Client, documentAt, offsetAt, rangeOf } from './convert.ts'
import {
  labelKeyWords,
  labelValueWords,
  namespaceWords,
  policyWords,
  portWords,
  selectedWords,
  selectorWords,
  serviceWords,
} from './describe.ts'
import { entityHere, entityWords } from './entityWords.ts'
import { nameWords, networkWords } from './networks.ts'
import { objectAround, type Path, type Spot, spotAt } from './tree.ts'
import { code, count, originName, some } from './words.ts'

/** What is shown for the word at the position; nothing outside of policies. */
export function hover(snapshot: Snapshot, at: At, client: Client): Hover | undefined {
  const file = snapshot.files.get(at.uri)
  const offset = file ? offsetAt(file, at.position) : 0
  const owner = file && documentAt(file, offset)
  if (!file || !owner) return undefined
  const { document, start } = owner
  const spot = spotAt(document, offset - start)
  if (!spot) return undefined
  const around = objectAround(document, spot.path)
  if (around === 'foreign' || !around.kind) return undefined
  const policy = policyOf(document, around.root)
  if (spot.node.kind !== 'scalar') {
    const said =
      policy && everything(worldOf(snapshot), policy, { node: spot.node, path: spot.path.slice(around.depth) })
    if (said === undefined) return undefined
    return { contents: markup([said], client), range: rangeOf(file, document, spot.node.span) }
  }
  const schema = schemaAt(worldOf(snapshot).version, spot.path.slice(around.depth))
  const seen: Seen = {
    world: worldOf(snapshot),
    policy,
    spot,
    node: spot.node,
    path: spot.path.slice(around.depth),
    schema,
  }
  const lines = (spot.key ? keyLines(seen) : valueLines(seen)).filter(line => line !== '')
  if (lines.length === 0) return undefined
  return { contents: markup(lines, client), range: rangeOf(file, document, spot.node.span) }
}

/** An empty selector in brackets: what it selects. */
function everything(world: World, policy: Policy, at: { node: Node; path: Path }): string | undefined {
  const part = selectorPart(policy.root, at.path)
  const empty = at.node.kind === 'map' && at.node.flow && at.node.entries.length === 0
  return empty && part?.rest.length === 0 ? selectorWords(world, policy, part) : undefined
}

interface Seen {
  readonly world: World
  readonly policy: Policy | undefined
  readonly spot: Spot
  readonly node: ScalarNode
  /** Below the policy object. */
  readonly path: Path
  readonly schema: SchemaNode | undefined
}

function markup(lines: readonly string[], client: Client): Hover['contents'] {
  const value = lines.join('\n\n')
  return client.markdown ? { kind: 'markdown', value } : { kind: 'plaintext', value: value.replace(/[`*\\]/g, '') }
}

function keyLines(seen: Seen): string[] {
  const { world, policy, path, schema } = seen
  const part = selectorPart(policy?.root, path)
  if (part?.rest[0] === 'matchLabels' && part.rest.length === 2) return labelKeyWords(world, String(part.rest[1]))
  if (!schema) return removed(path)
  const lines = [...titled(schema), versionWords(path, schema)]
  if (path.length === 1 && path[0] === 'apiVersion') lines.push(inForce(world))
  const peers = policy && memberWords(world, policy, path)
  if (peers) return [...lines, peers]
  const inside = part && part.rest.length <= 1 ? part : undefined
  const found = inside && policy ? selectorWords(world, policy, inside) : undefined
  return found ? [...lines, found] : lines
}

/** What all selectors of a list of peers match together. */
function memberWords(world: World, policy: Policy, path: Path): string | undefined {
  const { item } = itemAt(policy, path)
  const member = item?.members.find(m => m.key === path.at(-1) && m.key.endsWith('Endpoints'))
  if (!member || path.length !== (item?.path.length ?? 0) + 1) return undefined
  const home = homeOf(world.snapshot, policy, policy.document)
  const all = member.peers.map(p => (p.kind === 'endpoints' ? peerPods(world, home, p.selector) : undefined))
  const pods = new Set(all.flatMap(selected => selected?.pods ?? []))
  return selectedWords(world, { pods: [...pods], sure: all.every(selected => selected?.sure === true) })
}

/** Which version's rules policies are judged by, and why those. */
function inForce({ snapshot, version }: World): string {
  return `Judged as Cilium ${version} does (${effectiveConfig(snapshot).from.version}).`
}

function titled(schema: SchemaNode): string[] {
  return [`**${schema.title}**`, schema.description]
}

/** Where only some of the versions know the key. */
function versionWords(path: Path, schema: SchemaNode): string {
  const versions = versionsOf(path)
  const first = versions[0]
  const last = versions.at(-1)
  const words: string[] = []
  if (first && first !== VERSIONS[0]) words.push(`Since Cilium ${first}.`)
  if (last && last !== VERSIONS.at(-1)) words.push(`Until Cilium ${last}.`)
  if (schema.deprecated) words.push('Deprecated.')
  return words.join(' ')
}

function removed(path: Path): string[] {
  const versions = versionsOf(path)
  return versions.length === 0 ? [] : [`Known to Cilium ${versions.join(', ')} only.`]
}

function valueLines(seen: Seen): string[] {
  const { world, policy, path, schema, node } = seen
  const text = node.text
  if (text === '') return []
  const special = policy && !node.unknown ? (labelLines(seen, policy) ?? namedLines(seen, policy)) : undefined
  if (special) return special
  const list = path.at(-2)
  if (list === 'toEntities' || list === 'fromEntities') {
    const words = entityWords(world, text)
    return words === undefined ? [] : [`**${text}**`, words, sentence(entityHere(world, text))]
  }
  const described = schema?.enumDescriptions[text]
  if (described && path.join() === 'apiVersion') return [`**${text}**`, described, inForce(world)]
  if (described) return [`**${text}**`, described]
  if (!schema) return []
  return node.unknown ? [...titled(schema), 'A placeholder stands here: the value is not known.'] : titled(schema)
}

function sentence(words: string | undefined): string {
  return words === undefined ? '' : `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
}

/** Values of labels in selectors: what they are, and what the whole selector matches. */
function labelLines(seen: Seen, policy: Policy): string[] | undefined {
  const { world, path, node } = seen
  const part = selectorPart(policy.root, path)
  if (!part || part.rest.length === 0) return undefined
  const [list, step, member] = part.rest
  const expression = typeof step === 'number' ? nodeAt(get(part.node, 'matchExpressions'), [step]) : undefined
  const written = list === 'matchLabels' ? String(step) : str(get(expression, 'key'))
  if (written === undefined || (list !== 'matchLabels' && member === 'operator')) return undefined
  const home = homeOf(world.snapshot, policy, policy.document)
  const pods = part.role === 'subject' || part.role === 'peer'
  const asKey = list === 'matchExpressions' && member === 'key'
  const words = asKey ? labelKeyWords(world, written) : labelValueWords(world, home, { written, value: node.text })
  const whole = selectorWords(world, policy, part)
  return [...(pods ? words : []), ...(whole ? [`The selector: ${whole.charAt(0).toLowerCase()}${whole.slice(1)}`] : [])]
}

/** Values that name something: a policy, a namespace, a port, a network, a name, a service, a group. */
function namedLines(seen: Seen, policy: Policy): string[] | undefined {
  const { world, path, node } = seen
  const [holder, last] = path.slice(-2)
  const text = node.text
  if (path.length === 2 && holder === 'metadata') {
    if (last === 'name') return [`**${code(text)}**`, ...policyWords(world, policy)]
    if (last === 'namespace' && !policy.clusterwide) return [namespaceWords(world, text), ...policyWords(world, policy)]
  }
  const { rule, item } = itemAt(policy, path)
  if (!rule || !item) return undefined
  if (last === 'port' && path.at(-3) === 'ports') {
    const words = portWords(world, policy, { rule, item, port: text })
    return [`**Port ${code(text)}**`, ...(words.length > 0 ? words : [seen.schema?.description ?? ''])]
  }
  if (last === 'matchName' || last === 'matchPattern') return [nameWords(world.version, text)]
  if (last === 'cidr' || String(holder).endsWith('CIDR') || holder === 'except') {
    return [`**${code(text)}**`, ...networkWords(world, text)]
  }
  if (last === 'cidrGroupRef') return groupLines(world, text)
  if (holder !== 'k8sService') return undefined
  const peer = peersIn(item).find(p => p.kind === 'service' && holds(p.service, node))
  return peer?.kind === 'service' ? serviceWords(world, peerServices(world, peer)) : undefined
}

type ServiceName = { readonly name: Sourced<string> | undefined; readonly namespace: Sourced<string> | undefined }

function holds(service: ServiceName | undefined, node: ScalarNode): boolean {
  return same(service?.name?.node, node) || same(service?.namespace?.node, node)
}

function groupLines(world: World, name: string): string[] {
  const group = world.cidrGroups.find(g => g.name === name)
  if (!group) return [`No CIDR group ${code(name)} is known: until it exists it matches nothing.`]
  const networks = some(group.cidrs.map(code))
  return [
    `CIDR group ${code(name)} (${originName(group.origin)}), ${count(group.cidrs.length, 'network')}: ${networks}.`,
  ]
}
