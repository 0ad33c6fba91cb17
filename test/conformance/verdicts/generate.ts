// A generated question: a cluster, files of policies, a mode, and flows between the cluster's ends.

import { isPortName } from '../../../server/src/model/ports.ts'
import { atLeast, type Version } from '../../../server/src/model/version.ts'
import { mix, type Random, random } from '../random.ts'
import { dict, entry, list, print, raw, someStyle, text, type Y } from '../yaml.ts'
import { type Item, type Plain, PORTS, someCluster } from './cluster.ts'
import { somePolicy } from './policies.ts'

export interface Asked {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly port: string
}

/** What of Cilium's configuration verdicts depend on. */
export interface Config {
  readonly mode: 'default' | 'always' | 'never'
  readonly cluster: string
  readonly localCluster: boolean
  readonly ipv6: boolean
  readonly nodeLabels: boolean
  readonly hostFirewall: boolean
  readonly cidrMatch: readonly ('nodes' | 'pods')[]
}

export interface Question {
  readonly id: string
  readonly config: Config
  readonly inventory: { readonly apiVersion: string; readonly kind: string; readonly items: readonly Item[] }
  readonly files: Readonly<Record<string, string>>
  readonly flows: readonly Asked[]
}

/** Versions whose policy engine can be asked flow by flow. */
export const ASKED: readonly Version[] = ['1.18', '1.19', '1.20']

/**
 * The question number `i` of a seed, with `count` flows. Before 1.19 the order of rules, and with it which end a named port has, is left to
 * chance: such ends are left out.
 */
export function question(version: Version, seed: number, i: number, count = 100): Question {
  const r = random(mix(seed, i))
  const config = someConfig(r, version)
  const cluster = someCluster(r)
  const allowed = { requires: !atLeast(version, '1.19'), nodes: config.nodeLabels }
  const documents = Array.from({ length: 2 + r.below(7) }, (_, n) =>
    print(yaml(fit(somePolicy(r, n, allowed), version)), someStyle(r)),
  )
  const half = r.below(documents.length + 1)
  const files = { 'a.yaml': documents.slice(0, half).join('---\n'), 'b.yaml': documents.slice(half).join('---\n') }
  // With the host firewall "the host" is no one node: its policies are asked about by address.
  const asked = cluster.ends.filter(e => !config.hostFirewall || (e !== 'entity:host' && e !== 'entity:remote-node'))
  const flows = Array.from({ length: count }, (_, n) => flow(r, n, asked))
  return {
    id: `${seed}/${i}`,
    config,
    inventory: { apiVersion: 'v1', kind: 'List', items: cluster.items },
    files,
    flows,
  }
}

/** Most questions have the defaults of the Helm chart; the others turn one or two things on. */
function someConfig(r: Random, version: Version): Config {
  const usual = r.chance(0.6)
  const turned = (p: number) => !usual && r.chance(p)
  const modes = (['nodes', 'pods'] as const).filter(mode => (mode === 'nodes' || version === '1.20') && turned(0.15))
  return {
    mode: r.pick([
      'default',
      'default',
      'default',
      'default',
      'default',
      'default',
      'always',
      'always',
      'never',
    ] as const),
    cluster: turned(0.2) ? 'other' : 'default',
    localCluster: turned(0.2) !== atLeast(version, '1.19'),
    ipv6: turned(0.3),
    nodeLabels: turned(0.4),
    hostFirewall: turned(0.4),
    cidrMatch: modes,
  }
}

function fit(policy: Plain, version: Version): Plain {
  return atLeast(version, '1.19') ? policy : withoutNamedEnds(policy)
}

function withoutNamedEnds(value: Plain): Plain {
  if (isList(value)) return value.map(withoutNamedEnds)
  if (typeof value !== 'object') return value
  const named = 'port' in value && isPortName(String(value.port))
  const entries = Object.entries(value).filter(([key]) => !(named && key === 'endPort'))
  return Object.fromEntries(entries.map(([key, v]) => [key, withoutNamedEnds(v)]))
}

function flow(r: Random, n: number, ends: readonly string[]): Asked {
  const pods = ends.filter(e => /^[a-z]+\//.test(e))
  const pod = () => r.pick(pods.length > 0 && r.chance(0.7) ? pods : ends)
  return { id: String(n), from: pod(), to: pod(), port: port(r) }
}

function port(r: Random): string {
  const roll = r.below(100)
  if (roll < 8) return `${r.pick([8, 13, 3, 11])}/ICMP`
  if (roll < 11) return `${r.pick([128, 135, 2])}/ICMPv6`
  const number = r.chance(0.85) ? r.pick(PORTS) : r.pick([5353, 81, 8085, 1, 65535, 30000])
  return `${number}/${r.pick(['TCP', 'TCP', 'TCP', 'UDP', 'SCTP'])}`
}

/** Plain data as the tree that is printed. */
export function yaml(value: Plain): Y {
  if (typeof value === 'string') return text(value)
  if (typeof value === 'number' || typeof value === 'boolean') return raw(String(value))
  if (isList(value)) return list(...value.map(yaml))
  return { ...dict(), entries: Object.entries(value).map(([key, v]) => entry(key, yaml(v))) }
}

const isList = (value: Plain): value is readonly Plain[] => Array.isArray(value)
