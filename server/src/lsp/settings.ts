// The settings as the editor gives them: asked for where it answers, else from the initialization options.

import type { Connection } from 'vscode-languageserver'
import { readSettings, type Settings } from '../workspace/settings.ts'

/** Reads settings, and tells of each wrong value. */
export interface SettingsReader {
  /** The settings now; `pushed` is what a notification brought, for editors that cannot be asked. */
  read(pushed?: unknown): Promise<Settings>
}

/** A reader; `options` are the initialization options. */
export function createSettingsReader(
  connection: Connection,
  options: unknown,
  canAsk: boolean,
  tell: (...sentences: readonly string[]) => void,
): SettingsReader {
  let given = section(options)
  return {
    read: async pushed => {
      given = section(pushed) ?? given
      const raw: unknown = canAsk ? await connection.workspace.getConfiguration('ciliumPolicy') : given
      const { settings, problems } = readSettings(raw)
      tell(...problems)
      return settings
    },
  }
}

function section(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'ciliumPolicy' in value ? value.ciliumPolicy : undefined
}
