// The flags that `check` and `reach` share, read with node:util, and how a command says that it cannot run.

import { type ParseArgsConfig, parseArgs } from 'node:util'
import { VERSIONS } from '../model/version.ts'
import { suggest } from '../syntax/suggest.ts'
import { DEFAULTS, type Settings } from '../workspace/settings.ts'

/** The command cannot run: one line for standard error, exit code 2. */
export class CannotRun extends Error {}

export type Flags = NonNullable<ParseArgsConfig['options']>

/** Flags that say what is known of the cluster and how to judge. */
export const WORLD_FLAGS = {
  inventory: { type: 'string' },
  cluster: { type: 'boolean' },
  context: { type: 'string' },
  kubeconfig: { type: 'string' },
  'cilium-version': { type: 'string' },
  enforcement: { type: 'string' },
  config: { type: 'string', multiple: true },
  namespace: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies Flags

/** Values of WORLD_FLAGS as they were read. */
export interface WorldValues {
  readonly inventory?: string | undefined
  readonly cluster?: boolean | undefined
  readonly context?: string | undefined
  readonly kubeconfig?: string | undefined
  readonly 'cilium-version'?: string | undefined
  readonly enforcement?: string | undefined
  readonly config?: readonly string[] | undefined
  readonly namespace?: string | undefined
}

/** Reads the arguments of a subcommand; a flag that it does not know, or a missing value, is a `CannotRun`. */
export function readFlags<T extends Flags>(command: string, args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true })
  } catch (error) {
    throw new CannotRun(`${plain(error, options)}; see cilium-policy ${command} --help`)
  }
}

function plain(error: unknown, options: Flags): string {
  const message = error instanceof Error ? error.message : String(error)
  const missing = /^Option '(?:-\w, )?(--[^' ]*).* argument missing/.exec(message)?.[1]
  if (missing !== undefined) return `${missing} needs a value`
  const unknown = /^Unknown option '(--?[^']*)'/.exec(message)?.[1]
  if (unknown === undefined) return message.split(/[.\n]/)[0] ?? message
  const meant = suggest(unknown.replace(/^-+/, ''), Object.keys(options))
  return `unknown option ${unknown}${meant ? `, did you mean --${meant}?` : ''}`
}

/** One of the words allowed for a flag. */
export function oneOf<T extends string>(flag: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find(word => word === value)
  if (found === undefined) throw new CannotRun(`--${flag} is ${value}: allowed are ${allowed.join(', ')}`)
  return found
}

/** The settings that the flags stand for. */
export function settingsOf(values: WorldValues): Settings {
  return {
    ...DEFAULTS,
    ciliumVersion: oneOf('cilium-version', values['cilium-version'] ?? 'auto', ['auto', ...VERSIONS]),
    enforcementMode: oneOf('enforcement', values.enforcement ?? 'auto', ['auto', 'default', 'always', 'never']),
    config: Object.fromEntries((values.config ?? []).map(keyAndValue)),
    namespace: values.namespace ?? '',
  }
}

function keyAndValue(text: string): readonly [string, string] {
  const i = text.indexOf('=')
  if (i < 1) throw new CannotRun(`--config is ${text}: write KEY=VALUE, such as enable-host-firewall=true`)
  return [text.slice(0, i).trim(), text.slice(i + 1).trim()]
}
