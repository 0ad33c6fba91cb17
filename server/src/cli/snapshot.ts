// `cilium-policy snapshot`: what is in a cluster, as a file for --inventory.

import { clusterSnapshot } from './cluster.ts'
import { ABOUT_FLAGS, answers, CannotRun, readFlags } from './options.ts'

const FLAGS = {
  context: { type: 'string' },
  kubeconfig: { type: 'string' },
  ...ABOUT_FLAGS,
} as const

/** Runs the command; resolves to the exit code. */
export async function runSnapshot(args: readonly string[], print: (text: string) => void): Promise<number> {
  const { values, positionals } = readFlags('snapshot', args, FLAGS)
  if (answers('snapshot', values, print)) return 0
  if (positionals.length > 0)
    throw new CannotRun(`snapshot takes no path (${positionals[0]}): redirect its output instead`)
  print(await clusterSnapshot(values))
  return 0
}
