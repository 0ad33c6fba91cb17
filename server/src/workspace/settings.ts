// The settings of the product (prefix `ciliumPolicy.`): declared here once; package.json and docs/settings.md are generated.

import { VERSIONS, type Version } from '../model/version.ts'
import type { Severity } from '../syntax/problem.ts'
import { allowedInstead } from './config.ts'

/** Settings after checking, defaults filled in. */
export interface Settings {
  readonly ciliumVersion: Version | 'auto'
  readonly enforcementMode: 'auto' | 'default' | 'always' | 'never'
  readonly config: Readonly<Record<string, string>>
  readonly cluster: { readonly enabled: 'auto' | 'off'; readonly kubeconfig: string; readonly context: string }
  readonly inventory: { readonly file: string }
  readonly rules: Readonly<Record<string, Severity | 'off'>>
  readonly files: { readonly exclude: readonly string[] }
  /** The command line's `--namespace`: the namespace of policies for which nothing else says one. */
  readonly namespace: string
}

type Value = string | readonly string[] | Readonly<Record<string, string>>

/** One setting: what it may be and what it means. `word` is one of `allowed`; `words` maps any key to one of `allowed`. */
export interface Declaration {
  /** Without the prefix: `cluster.enabled`. */
  readonly key: string
  readonly type: 'word' | 'text' | 'list' | 'map' | 'words'
  readonly allowed?: readonly string[]
  /** What each of `allowed` means, in the same order. */
  readonly meanings?: readonly string[]
  readonly default: Value
  readonly description: string
  /** An example of a value, for the documents. */
  readonly example?: Value
  /** VS Code's scope: `machine-overridable` values name things outside the workspace. */
  readonly scope: 'window' | 'machine-overridable'
}

export const PREFIX = 'ciliumPolicy'
const SEVERITIES = ['error', 'warning', 'information', 'hint', 'off'] as const

export const DECLARATIONS: readonly Declaration[] = [
  {
    key: 'ciliumVersion',
    type: 'word',
    allowed: ['auto', ...VERSIONS],
    meanings: [
      'What the cluster runs, else the newest that is supported.',
      ...VERSIONS.map(version => `Judge policies as Cilium ${version} does.`),
    ],
    default: 'auto',
    description: 'The minor version of Cilium whose rules decide what is accepted.',
    scope: 'window',
  },
  {
    key: 'enforcementMode',
    type: 'word',
    allowed: ['auto', 'default', 'always', 'never'],
    meanings: [
      "What Cilium's configuration says (cluster, inventory, Helm values in the workspace), else `default`.",
      'A pod is open in a direction until a policy that selects it has rules for that direction.',
      'Every pod is closed in both directions until a policy allows something.',
      'Policies are not enforced.',
    ],
    default: 'auto',
    description: "Cilium's policy enforcement mode (`enable-policy`).",
    scope: 'window',
  },
  {
    key: 'config',
    type: 'map',
    default: {},
    example: { 'enable-node-selector-labels': 'true' },
    description:
      'Keys and values as in the `cilium-config` ConfigMap. They win over what the cluster, the inventory and Helm values say.',
    scope: 'window',
  },
  {
    key: 'cluster.enabled',
    type: 'word',
    allowed: ['auto', 'off'],
    meanings: [
      'Read the cluster of the kubeconfig when there is one: list and watch only, never Secrets.',
      'Never talk to a cluster.',
    ],
    default: 'auto',
    description: 'Whether pods, service accounts, namespaces, services and nodes are read from the live cluster.',
    scope: 'window',
  },
  {
    key: 'cluster.kubeconfig',
    type: 'text',
    default: '',
    example: '~/.kube/staging.yaml',
    description: 'The kubeconfig to use. When empty: what kubectl uses (`KUBECONFIG`, else `~/.kube/config`).',
    scope: 'machine-overridable',
  },
  {
    key: 'cluster.context',
    type: 'text',
    default: '',
    example: 'kind-kind',
    description: "The context of the kubeconfig to use. When empty: the kubeconfig's current context.",
    scope: 'window',
  },
  {
    key: 'inventory.file',
    type: 'text',
    default: '',
    example: 'inventory.yaml',
    description:
      'A file that says what is in the cluster, relative to the workspace folder: what `cilium-policy snapshot` or `kubectl get … -o yaml` printed. Used beside the live cluster, and instead of it where there is none.',
    scope: 'window',
  },
  {
    key: 'rules',
    type: 'words',
    allowed: SEVERITIES,
    default: {},
    example: { 'dns-missing': 'off' },
    description:
      'A severity of your own for a rule, or `off`: rule id → `error`, `warning`, `information`, `hint` or `off`. The ids are in docs/rules.md.',
    scope: 'window',
  },
  {
    key: 'files.exclude',
    type: 'list',
    default: [],
    example: ['rendered/**', '**/testdata/**'],
    description:
      'Files that are not read: globs relative to the workspace folder. `.git` and `node_modules` are never read.',
    scope: 'window',
  },
]

/** The settings of someone who has set nothing. */
export const DEFAULTS: Settings = {
  ciliumVersion: 'auto',
  enforcementMode: 'auto',
  config: {},
  cluster: { enabled: 'auto', kubeconfig: '', context: '' },
  inventory: { file: '' },
  rules: {},
  files: { exclude: [] },
  namespace: '',
}

/**
 * Reads the nested object that an editor sends for the section `ciliumPolicy`. A wrong value is named in `problems`, one
 * sentence each with what is allowed, and its default is used; unknown keys are left alone. Never throws.
 */
export function readSettings(raw: unknown): { readonly settings: Settings; readonly problems: readonly string[] } {
  const problems: string[] = []
  if (raw !== undefined && raw !== null && !isRecord(raw))
    problems.push(`${PREFIX} is ${show(raw)}: it must be an object of settings.`)
  problems.push(...brokenGroups(raw))
  const values = new Map(
    DECLARATIONS.map(declared => [declared.key, read(declared, find(raw, declared.key), problems)]),
  )
  const word = (key: string) => text(values.get(key))
  const settings: Settings = {
    ciliumVersion: VERSIONS.find(v => v === word('ciliumVersion')) ?? 'auto',
    enforcementMode: (['default', 'always', 'never'] as const).find(m => m === word('enforcementMode')) ?? 'auto',
    config: map(values.get('config')),
    cluster: {
      enabled: word('cluster.enabled') === 'off' ? 'off' : 'auto',
      kubeconfig: word('cluster.kubeconfig'),
      context: word('cluster.context'),
    },
    inventory: { file: word('inventory.file') },
    rules: severities(map(values.get('rules'))),
    files: { exclude: list(values.get('files.exclude')) },
    namespace: '',
  }
  return { settings, problems }
}

/** Groups such as `cluster` that are no objects. */
function brokenGroups(raw: unknown): string[] {
  const groups = new Set(DECLARATIONS.flatMap(d => (d.key.includes('.') ? [d.key.split('.')[0] ?? ''] : [])))
  return [...groups].flatMap(group => {
    const value = isRecord(raw) ? raw[group] : undefined
    if (value === undefined || value === null || isRecord(value)) return []
    return [`${PREFIX}.${group} is ${show(value)}: it must be an object. The default is used.`]
  })
}

/** The value at a dotted key, whether the object is nested (`{ cluster: { enabled } }`) or flat (`{ "cluster.enabled" }`). */
function find(raw: unknown, key: string): unknown {
  if (!isRecord(raw)) return undefined
  if (key in raw) return raw[key]
  let here: unknown = raw
  for (const step of key.split('.')) here = isRecord(here) ? here[step] : undefined
  return here
}

function read(declared: Declaration, value: unknown, problems: string[]): Value {
  if (value === undefined || value === null) return declared.default
  const name = `${PREFIX}.${declared.key}`
  const { type, allowed = [] } = declared
  const wrong = (what: string): Value => {
    problems.push(`${name} is ${show(value)}: ${what}. The default is used.`)
    return declared.default
  }
  switch (type) {
    case 'word':
      return typeof value !== 'object' && allowed.includes(String(value))
        ? String(value)
        : wrong(`allowed are ${allowed.join(', ')}`)
    case 'text':
      return typeof value === 'string' ? value : wrong('it must be a text')
    case 'list':
      return Array.isArray(value) && value.every(v => typeof v === 'string')
        ? value
        : wrong('it must be a list of texts')
    case 'map':
    case 'words':
      return isRecord(value) ? entries(declared, value, problems) : wrong('it must be an object')
  }
}

/** The entries of a map that are right; the wrong ones are named and left out. */
function entries(declared: Declaration, value: Readonly<Record<string, unknown>>, problems: string[]): Value {
  const read: Record<string, string> = {}
  for (const [key, item] of Object.entries(value)) {
    const plain = ['string', 'number', 'boolean'].includes(typeof item)
    const words = plain ? allowedFor(declared, key, String(item)) : declared.allowed?.join(', ')
    if (plain && words === undefined) read[key] = String(item)
    else {
      const allowed = words ? `allowed are ${words}` : 'it must be a text'
      problems.push(`${PREFIX}.${declared.key}: ${key} is ${show(item)}: ${allowed}. It is left out.`)
    }
  }
  return read
}

/** What an entry of a map may be instead, when it may not be this. */
function allowedFor({ key, allowed }: Declaration, name: string, item: string): string | undefined {
  if (key === 'config') return allowedInstead(name, item)
  return !allowed || allowed.includes(item) ? undefined : allowed.join(', ')
}

function show(value: unknown): string {
  const shown = JSON.stringify(value) ?? String(value)
  return shown.length > 60 ? `${shown.slice(0, 57)}…` : shown
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const text = (value: Value | undefined): string => (typeof value === 'string' ? value : '')
const isList = (value: Value | undefined): value is readonly string[] => Array.isArray(value)
const list = (value: Value | undefined): readonly string[] => (isList(value) ? value : [])
const map = (value: Value | undefined): Readonly<Record<string, string>> =>
  typeof value === 'object' && !isList(value) ? value : {}

function severities(read: Readonly<Record<string, string>>): Readonly<Record<string, Severity | 'off'>> {
  const known: Record<string, Severity | 'off'> = {}
  for (const [id, word] of Object.entries(read)) {
    const severity = SEVERITIES.find(s => s === word)
    if (severity) known[id] = severity
  }
  return known
}
