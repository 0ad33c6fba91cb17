// The command `cilium-policy`: chooses the subcommand; whatever stops it is one line on standard error and exit code 2.

import { isMainThread } from 'node:worker_threads'
import { HELP } from './help.ts'
import { CannotRun } from './options.ts'
import { version } from './version.ts'

const COMMANDS = ['check', 'reach', 'snapshot', 'server'] as const

/** Resolves to the exit code; to undefined when the process ends by itself later. */
async function run(args: readonly string[]): Promise<number | undefined> {
  const [command = '--help', ...rest] = args
  switch (command) {
    case 'check':
      return (await import('./check.ts')).runCheck(rest, print)
    case 'reach':
      return (await import('./reach.ts')).runReach(rest, print)
    case 'snapshot':
      return (await import('./snapshot.ts')).runSnapshot(rest, print)
    case 'server':
      return (await import('./server.ts')).runServer(rest, print)
    case '--version':
    case '-v':
    case 'version':
      print(`${version()}\n`)
      return 0
    case '--help':
    case '-h':
    case 'help':
      print(`${HELP.main}\n`)
      return 0
    default:
      throw new CannotRun(`there is no command ${command}: there are ${COMMANDS.join(', ')}; see cilium-policy --help`)
  }
}

function print(text: string): void {
  process.stdout.write(text)
}

function main(): void {
  process.stdout.on('error', () => process.exit(process.exitCode ?? 0))
  run(process.argv.slice(2)).then(
    code => {
      if (code === undefined) return
      process.exitCode = code
      // All is written by then; V8 need not take a large heap apart.
      process.stdout.write('', () => process.exit())
    },
    error => {
      const known = error instanceof CannotRun
      const message = error instanceof Error ? (known ? error.message : (error.stack ?? error.message)) : String(error)
      process.stderr.write(`cilium-policy: ${known ? message.replaceAll('\n', ' ') : message}\n`)
      process.exitCode = 2
    },
  )
}

if (isMainThread) main()
else void import('./thread.ts')
