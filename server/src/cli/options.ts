// The flags that `check` and `reach` share, read with node:util, and how a command says that it cannot run.

import { type ParseArgsConfig, parseArgs } from 'node:util'
import { VERSIONS } from '../model/version.ts'
import { suggest } from '../syntax/suggest.ts'
import { allowedInstead } from '../workspace/config.ts'
import { DEFAULTS, type Settings } from '../workspace/settings.ts'
import { HELP } from './help.ts'
import { version } from './version.ts'

/** The command cannot run: one line for standard error, exit code 2. */
export class CannotRun extends Error {}

export type Flags = NonNullable<ParseArgsConfig['options']>

/** Flags of every subcommand that ask about the command itself. */
export const ABOUT_FLAGS = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const satisfies Flags

/** Prints what such a flag asks for; false when there was none. */
export function answers(
  command: keyof typeof HELP,
  values: { readonly help?: boolean | undefined; readonly version?: boolean | undefined },
  print: (text: string) => void,
): boolean {
  if (values.help) print(`${HELP[command]}\n`)
  else if (values.version) print(`${version()}\n`)
  return values.help === true || values.version === true
}

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
  ...ABOUT_FLAGS,
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

/** What a namespace may be called: a DNS label. */
const NAMESPACE = /^(?!-)[-a-z0-9]{1,63}(?<!-)$/

/** The settings that the flags stand for. */
export function settingsOf(values: WorldValues): Settings {
  const { namespace = '' } = values
  if (namespace !== '' && !NAMESPACE.test(namespace))
    throw new CannotRun(
      `--namespace is ${namespace}: a namespace has small letters, digits and - with a letter or digit at both ends, 63 at most`,
    )
  return {
    ...DEFAULTS,
    ciliumVersion: oneOf('cilium-version', values['cilium-version'] ?? 'auto', ['auto', ...VERSIONS]),
    enforcementMode: oneOf('enforcement', values.enforcement ?? 'auto', ['auto', 'default', 'always', 'never']),
    config: Object.fromEntries((values.config ?? []).map(keyAndValue)),
    namespace,
  }
}

function keyAndValue(text: string): readonly [string, string] {
  const i = text.indexOf('=')
  if (i < 1) throw new CannotRun(`--config is ${text}: write KEY=VALUE, such as enable-host-firewall=true`)
  const [key, value] = [text.slice(0, i).trim(), text.slice(i + 1).trim()]
  const allowed = allowedInstead(key, value)
  if (allowed !== undefined) throw new CannotRun(`--config: ${key} is ${value || 'empty'}: allowed are ${allowed}`)
  return [key, value]
}
