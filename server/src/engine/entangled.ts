// Entries of one subject that get in each other's way: shared ends of named ports, and rules that cannot be merged.

import { NONE, stamped } from '../memo.ts'
import type { Direction, PortRule, RuleItem } from '../model/policy.ts'
import { isPortName, parsePort, TRANSPORTS } from '../model/ports.ts'
import { atLeast } from '../model/version.ts'
import { type Document, mayHideWords } from '../syntax/file.ts'
import { at, get, type Node, str } from '../syntax/node.ts'
import type { Entry, Filed } from './entry.ts'
import type { Selected } from './subjects.ts'

interface Placed {
  readonly filed: Filed
  readonly entry: Entry
}

/** Two entries that the agent cannot merge, and why: part of a sentence. The endpoint's new policy is then never computed. */
export interface Conflict {
  readonly one: Placed
  readonly other: Placed
  readonly why: string
}

function entriesOf(rules: readonly Selected[], direction: Direction): readonly Placed[] {
  const found: Placed[] = []
  for (const { filed } of rules)
    for (const entry of filed.sides[direction].entries) if (entry.peers !== 'none') found.push({ filed, entry })
  return found
}

const NO_ENDS: ReadonlyMap<string, readonly number[]> = new Map()

type Ends = ReadonlyMap<string, readonly number[]>

/** The ends of named ports by "name/protocol", the first one first (pkg/policy/l4.go NamedPortMap has no ends in its keys). */
export function namedEndsOf(rules: readonly Selected[], direction: Direction): Ends {
  return namedEnds(rules)[direction]
}

const namedEnds: (rules: readonly Selected[]) => Readonly<Record<Direction, Ends>> = stamped(rules => ({
  ingress: endsIn(rules, 'ingress'),
  egress: endsIn(rules, 'egress'),
}))

function endsIn(rules: readonly Selected[], direction: Direction): Ends {
  if (!rules.some(r => r.filed.sides[direction].entangled)) return NO_ENDS
  const found = new Map<string, number[]>()
  for (const { entry } of entriesOf(rules, direction)) {
    for (const port of (entry.twin.toPorts ?? []).flatMap(p => p.ports ?? [])) {
      const name = port.port?.value ?? ''
      if (!isPortName(name)) continue
      for (const protocol of protocolsOf(port.protocol?.value))
        addEnd(found, `${name.toLowerCase()}/${protocol}`, port.endPort?.value ?? 0)
    }
  }
  return found
}

function addEnd(found: Map<string, number[]>, key: string, end: number): void {
  const ends = found.get(key)
  if (!ends) found.set(key, [end])
  else if (!ends.includes(end)) ends.push(end)
}

function protocolsOf(written: string | undefined): readonly string[] {
  const word = (written ?? 'ANY').toUpperCase()
  return word === 'ANY' || word === '' ? TRANSPORTS : [word]
}

/** What an entry asks for one port beyond letting it pass (pkg/policy/l4.go PerSelectorPolicy). */
interface Asked {
  readonly from: Placed
  readonly deny: boolean
  readonly parser: string
  readonly authentication: string | undefined
  readonly serverNames: boolean
  readonly l7: boolean
  readonly terminates: boolean
  readonly listener: Listener | undefined
  /** Secrets of the TLS contexts, `namespace/name`; undefined when there is none or it is not known. */
  readonly terminating: string | undefined
  readonly originating: string | undefined
}

/** A reference to a listener of an Envoy configuration. */
interface Listener {
  /** Where it is looked for, its configuration and its own name. */
  readonly name: string
  /** 0 is the lowest, then the larger. */
  readonly priority: number
}

const NOTHING = {
  parser: '',
  authentication: undefined,
  serverNames: false,
  l7: false,
  terminates: false,
  listener: undefined,
  terminating: undefined,
  originating: undefined,
} as const

/** Two entries of the rules that select a subject that cannot be merged; remembered. */
export const conflictOf: (rules: readonly Selected[]) => Conflict | undefined = stamped(
  rules => conflictIn(rules, 'ingress') ?? conflictIn(rules, 'egress'),
)

const SAME_PEER = 'the same peer and port'
/** Keys without a selector stand for a port of all peers. */
const SAME_PORT = 'the same port, whoever the peers are'

/** Whether a twin asks for more than letting pass, or has a named port with an end; remembered. */
export const isEntangling = stamped((item: RuleItem): boolean => {
  if (item.authentication) return true
  return (item.toPorts ?? NONE).some(
    p =>
      p.l7.length > 0 ||
      p.serverNames !== undefined ||
      p.listener !== undefined ||
      p.terminatingTLS !== undefined ||
      p.originatingTLS !== undefined ||
      p.ports?.some(port => port.endPort && isPortName(port.port?.value ?? '')),
  )
})

/** The keys without which no item asks for more; `TLS` ends two of them. */
const ENTANGLING = ['authentication', 'rules', 'serverNames', 'listener', 'TLS', 'endPort'] as const

/** Whether some item of a document may be entangling, as far as its text tells. */
export const mayEntangle = stamped(
  (document: Document): boolean => mayHideWords(document) || ENTANGLING.some(key => document.text.includes(key)),
)

/** The first two entries that cannot be merged (pkg/policy/rule.go mergePortProto). */
function conflictIn(rules: readonly Selected[], direction: Direction): Conflict | undefined {
  if (!rules.some(r => r.filed.sides[direction].entangled)) return undefined
  const known = new Map<string, Asked>()
  // What asks for nothing but letting pass can be merged with everything.
  const entries = entriesOf(rules, direction).filter(({ entry }) => entry.deny || isEntangling(entry.twin))
  const shared = askedTwice(entries)
  if (shared.size === 0) return undefined
  for (const from of entries) {
    for (const [key, asked] of askedBy(from, shared)) {
      const before = known.get(key)
      if (!before) known.set(key, asked)
      else {
        const merged = merge(before, asked)
        if (typeof merged === 'string')
          return { one: before.from, other: from, why: `${merged} for ${key.includes(' ') ? SAME_PEER : SAME_PORT}` }
        known.set(key, merged)
      }
    }
  }
  return undefined
}

/**
 * The first entry that refers to a listener of a namespaced CiliumEnvoyConfig: it is looked for in the namespace of the subject, and
 * what has none gets no policy (pkg/policy/l4.go createL4Filter, repository.go ResolvePolicy).
 */
export function namespacedListenerIn(rules: readonly Selected[]): Conflict | undefined {
  for (const direction of ['ingress', 'egress'] as const)
    for (const from of entriesOf(rules, direction))
      if (refersToNamespaced(from.entry.twin))
        return { one: from, other: from, why: 'a listener of a CiliumEnvoyConfig for what has no namespace' }
  return undefined
}

/** Whether an item sends traffic to a listener of a namespaced CiliumEnvoyConfig. */
export function refersToNamespaced(item: RuleItem): boolean {
  if (item.deny) return false
  return (item.toPorts ?? []).some(
    rule => (rule.ports?.length ?? 0) > 0 && str(at(rule.listener, ['envoyConfig', 'kind'])) === 'CiliumEnvoyConfig',
  )
}

/** What an entry says of one port and protocol; `all`: it names no ports. */
interface AtPort {
  readonly where: string
  readonly rule?: PortRule
  readonly protocol?: string
}

function portsOf({ twin }: Placed['entry']): readonly AtPort[] {
  const found: AtPort[] = []
  if (!twin.toPorts?.length && !twin.icmps?.length) found.push({ where: 'all' })
  for (const rule of twin.toPorts ?? NONE) {
    for (const port of rule.ports ?? NONE) {
      const key = portKey(port.port?.value ?? '', port.endPort?.value ?? 0)
      for (const protocol of protocolsOf(port.protocol?.value))
        found.push({ where: `${key}/${protocol}`, rule, protocol })
    }
  }
  return found
}

/** The ports that are named more than once: about others there can be no two that differ. */
function askedTwice(entries: readonly Placed[]): ReadonlySet<string> {
  const once = new Set<string>()
  const twice = new Set<string>()
  for (const { entry } of entries) for (const { where } of portsOf(entry)) (once.has(where) ? twice : once).add(where)
  return twice
}

function* askedBy(from: Placed, shared: ReadonlySet<string>): Iterable<readonly [string, Asked]> {
  const { twin, deny, peers } = from.entry
  const authentication = deny ? undefined : twin.authentication?.value
  let selectors: ReadonlySet<string> | undefined
  for (const { where, rule, protocol } of portsOf(from.entry)) {
    if (!shared.has(where)) continue
    selectors ??= new Set(typeof peers === 'string' ? [''] : peers.flatMap(p => p.keys()))
    const more = deny || !rule || !protocol ? NOTHING : wanted(from.filed, rule, protocol)
    const asked = { ...more, from, deny, authentication }
    // Up to 1.17 the kinds of L7 rules are merged for a port, whoever the peers are.
    if (rule && !deny && !atLeast(from.filed.version, '1.18'))
      yield [where, { ...NOTHING, from, deny, parser: asked.parser }]
    for (const s of selectors) yield [`${where} ${s}`, asked]
  }
}

const portKey = (port: string, end: number): string =>
  isPortName(port) ? port.toLowerCase() : `${parsePort(port) ?? 0}-${end}`

function wanted(filed: Filed, rule: PortRule, protocol: string): Omit<Asked, 'from' | 'deny' | 'authentication'> {
  const has = (kind: string) => rule.l7.some(l => l.kind === kind && l.count > 0)
  const serverNames = (rule.serverNames?.length ?? 0) > 0
  const terminates = rule.terminatingTLS !== undefined
  let parser = serverNames || terminates || rule.originatingTLS ? 'tls' : ''
  if (has('dns')) parser = 'dns'
  else if (protocol === 'TCP') parser = ['http', 'kafka', 'l7'].find(has) ?? parser
  if (rule.listener) parser = 'listener'
  return {
    parser,
    serverNames,
    l7: rule.l7.some(l => l.count > 0),
    terminates,
    listener: listenerOf(filed, rule.listener),
    terminating: secretOf(filed, rule.terminatingTLS),
    originating: secretOf(filed, rule.originatingTLS),
  }
}

/** pkg/policy/l4.go createL4Filter: a listener by its qualified name; undefined where a part of it is not known. */
function listenerOf({ forNodes }: Filed, node: Node | undefined): Listener | undefined {
  const [name, config] = [str(get(node, 'name')), str(at(node, ['envoyConfig', 'name']))]
  const written = get(node, 'priority')
  const priority = written === undefined ? 0 : written.kind === 'scalar' ? written.value : undefined
  const wide = forNodes || str(at(node, ['envoyConfig', 'kind'])) === 'CiliumClusterwideEnvoyConfig'
  if (name === undefined || config === undefined || typeof priority !== 'number') return undefined
  return { name: `${wide ? 'clusterwide' : "of the pod's namespace"}/${config}/${name}`, priority }
}

/** The secret of a TLS context. In 1.16 contexts are compared by what is in their secrets, which nobody knows here. */
function secretOf({ version }: Filed, node: Node | undefined): string | undefined {
  const [namespace, name] = [str(at(node, ['secret', 'namespace'])), str(at(node, ['secret', 'name']))]
  const hidden = get(at(node, ['secret']), 'namespace') !== undefined && namespace === undefined
  return atLeast(version, '1.17') && name !== undefined && !hidden ? `${namespace ?? ''}/${name}` : undefined
}

/** What both ask together, or why they cannot be. A deny leaves nothing of an allow. */
function merge(a: Asked, b: Asked): Asked | string {
  if (a.deny) return a
  if (b.deny) return b
  const parser = mergedParser(a.parser, b.parser)
  if (parser === undefined) return `${a.parser} and ${b.parser} rules`
  const listener = mergedListener(a.listener, b.listener)
  if (listener === 'conflict') return 'two listeners of one priority'
  if (differ(a.authentication, b.authentication)) return 'different authentication modes'
  if (differ(a.terminating, b.terminating)) return 'different terminating TLS contexts'
  if (differ(a.originating, b.originating)) return 'different originating TLS contexts'
  const serverNames = a.serverNames || b.serverNames
  const terminates = a.terminates || b.terminates
  if (serverNames && !terminates && (a.l7 || (b.l7 && !isOrdered(a.from, b.from))))
    return 'serverNames and L7 rules without TLS termination'
  return {
    ...a,
    parser,
    serverNames,
    l7: a.l7 || b.l7,
    terminates,
    listener,
    authentication: a.authentication ?? b.authentication,
    terminating: a.terminating ?? b.terminating,
    originating: a.originating ?? b.originating,
  }
}

/** Whether the agent takes two in a known order: up to 1.18 it does so within a rule only. Of server names and L7 rules only the earlier ones are looked at. */
const isOrdered = (a: Placed, b: Placed): boolean => a.filed === b.filed || atLeast(a.filed.version, '1.19')

const differ = (a: string | undefined, b: string | undefined): boolean => a !== undefined && b !== undefined && a !== b

/** pkg/policy/rule.go mergeRedirect (mergeListenerReference up to 1.17): the one with the higher priority, if there is such. */
function mergedListener(a: Listener | undefined, b: Listener | undefined): Listener | undefined | 'conflict' {
  if (!a || !b) return a ?? b
  if (a.name === b.name && a.priority === b.priority) return a
  const rank = ({ priority }: Listener) => (priority === 0 ? Number.POSITIVE_INFINITY : priority)
  if (rank(a) === rank(b)) return 'conflict'
  return rank(a) < rank(b) ? a : b
}

/** pkg/policy/l4.go L7ParserType.Merge. */
function mergedParser(a: string, b: string): string | undefined {
  if (a === b) return a
  if (a === '' || (a === 'tls' && !['', 'dns', 'listener'].includes(b))) return b
  return b === '' || (b === 'tls' && !['', 'dns', 'listener'].includes(a)) ? a : undefined
}
