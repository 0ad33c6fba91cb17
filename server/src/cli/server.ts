// `cilium-policy server --stdio`: the language server, for editors that look for one command.

import { HELP } from './help.ts'
import { CannotRun, readFlags } from './options.ts'

const FLAGS = {
  stdio: { type: 'boolean' },
  clientProcessId: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

/** Serves until the editor ends it: there is no exit code then. */
export async function runServer(args: readonly string[], print: (text: string) => void): Promise<number | undefined> {
  const { values } = readFlags('server', args, FLAGS)
  if (values.help) {
    print(`${HELP.server}\n`)
    return 0
  }
  if (!values.stdio) throw new CannotRun('say how to talk: cilium-policy server --stdio')
  await import('../main.node.ts')
  return undefined
}
