// `cilium-policy server --stdio`: the language server, for editors that look for one command.

import { ABOUT_FLAGS, answers, CannotRun, readFlags } from './options.ts'

const FLAGS = {
  stdio: { type: 'boolean' },
  clientProcessId: { type: 'string' },
  ...ABOUT_FLAGS,
} as const

/** Serves until the editor ends it: there is no exit code then. */
export async function runServer(args: readonly string[], print: (text: string) => void): Promise<number | undefined> {
  const { values } = readFlags('server', args, FLAGS)
  if (answers('server', values, print)) return 0
  if (!values.stdio) throw new CannotRun('say how to talk: cilium-policy server --stdio')
  await import('../main.node.ts')
  return undefined
}
