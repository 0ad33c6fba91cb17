// Which labels make identities: the agent's default filter of each version, and the one that `cilium-config` adds to it (`labels`).

import { RE2JS } from 're2js'
import { atLeast, type Version } from './version.ts'

/** Whether a label of source `k8s` is part of identities, by its key. */
export type LabelFilter = (key: string) => boolean

/** One pattern of the filter; `length` is how much of the key it matches from its start on, 0 for none. */
interface Pattern {
  readonly ignore: boolean
  length(key: string): number
}

const INCLUDED = [
  'io.kubernetes.pod.namespace',
  'io.cilium.k8s.namespace.labels',
  'app.kubernetes.io',
  'io.cilium.k8s.policy.cluster',
]
const SERVICE_ACCOUNT = 'io.cilium.k8s.policy.serviceaccount'

const IGNORED = [
  'io.kubernetes',
  'kubernetes.io',
  'statefulset.kubernetes.io/pod-name',
  'apps.kubernetes.io/pod-index',
  'batch.kubernetes.io/job-completion-index',
  'batch.kubernetes.io/controller-uid',
  'k8s.io',
  'pod-template-generation',
  'pod-template-hash',
  'controller-revision-hash',
  'controller-uid',
  'etcd_node',
]
const TOPOLOGY = 'topology.kubernetes.io'
const BETA = 'beta.kubernetes.io'

const prefix = (text: string, ignore: boolean): Pattern => ({
  ignore,
  length: key => (key.startsWith(text) ? text.length : 0),
})

function defaults(version: Version): readonly Pattern[] {
  const beta = (key: string) => (key.includes(BETA) ? key.lastIndexOf(BETA) + BETA.length : 0)
  const annotation = (key: string) => (key.startsWith('annotation') ? key.length : 0)
  return [
    ...INCLUDED.map(text => prefix(text, false)),
    ...(atLeast(version, '1.18') ? [prefix(SERVICE_ACCOUNT, false)] : []),
    ...IGNORED.map(text => prefix(text, true)),
    ...(atLeast(version, '1.19') ? [prefix(TOPOLOGY, true)] : []),
    { ignore: true, length: beta },
    { ignore: true, length: annotation },
  ]
}

/** `[source:][!]pattern`; undefined for another source, and for what the agent does not start with. */
function parsePattern(text: string): Pattern | undefined {
  const colon = text.indexOf(':')
  const source = colon === -1 ? '' : text.slice(0, colon)
  const written = text.slice(colon + 1)
  const ignore = written.startsWith('!')
  if (source !== '' && source !== 'k8s') return undefined
  try {
    const pattern = RE2JS.compile(ignore ? written.slice(1) : written)
    const length = (key: string): number => {
      const matcher = pattern.matcher(key)
      return matcher.find() && matcher.start() === 0 ? matcher.end() : 0
    }
    return { ignore, length }
  } catch {
    return undefined
  }
}

const made = new Map<string, LabelFilter>()

/**
 * The filter of a version with the value of `labels` (texts with blanks between) over it; one function for the same two
 * (pkg/labelsfilter/filter.go ParseLabelPrefixCfg, filterLabels).
 */
export function labelFilter(version: Version, setting: string | undefined): LabelFilter {
  const name = `${version} ${setting ?? ''}`
  const known = made.get(name)
  if (known) return known
  const own = (setting ?? '').split(/\s+/).filter(text => text !== '')
  const more = own.flatMap(text => parsePattern(text) ?? [])
  const whitelist = own.some(text => !text.slice(text.indexOf(':') + 1).startsWith('!'))
  const filter = remembered([...defaults(version), ...more], whitelist)
  made.set(name, filter)
  return filter
}

/** More keys than any cluster has: beyond that they are judged anew. */
const MOST = 20_000

function remembered(patterns: readonly Pattern[], whitelist: boolean): LabelFilter {
  const known = new Map<string, boolean>()
  return key => {
    const before = known.get(key)
    if (before !== undefined) return before
    const kept = isKept(patterns, whitelist, key)
    if (known.size < MOST) known.set(key, kept)
    return kept
  }
}

/** The longest inclusion must be longer than the shortest exclusion. */
function isKept(patterns: readonly Pattern[], whitelist: boolean, key: string): boolean {
  let included = 0
  let ignored = 0
  for (const p of patterns) {
    const length = p.length(key)
    if (length === 0) continue
    if (!p.ignore) included = Math.max(included, length)
    else if (ignored === 0 || length < ignored) ignored = length
  }
  return (!whitelist && ignored === 0) || included > ignored
}
