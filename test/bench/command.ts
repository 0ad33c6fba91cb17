// The command `cilium-policy check` beside kubeconform, which checks the schema only.

import { spawnSync } from 'node:child_process'
import { appendFileSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Figure, timesBetter } from './figures.ts'
import { kubeconform } from './kubeconform.ts'
import { writtenRepository } from './repository.ts'
import { schemaFile, temporaryFolder } from './servers.ts'

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

/** Runs both over the same folder, in turns: ours with nothing kept of an earlier run, and again when one file has changed since. */
export function command(count: number, rounds: number): Figure[] {
  const other = kubeconform()
  if ('missing' in other) {
    console.log(other.missing)
    return []
  }
  const { folder, files } = writtenRepository(count)
  const kept = temporaryFolder()
  const schemas = join(dirname(schemaFile()), '{{.ResourceKind}}.json')
  const check = () => timed(process.execPath, [CLI, 'check', folder], { NODE_COMPILE_CACHE: kept })
  const forget = () => {
    for (const name of readdirSync(kept, { recursive: true, encoding: 'utf8' }))
      if (name.endsWith('-judged')) rmSync(join(kept, name))
  }
  const [changing = ''] = [...files].find(([, text]) => text.includes('CiliumNetworkPolicy')) ?? []
  // What is compiled is kept by then.
  check()
  const first: number[] = []
  const again: number[] = []
  const theirs: number[] = []
  for (let round = 0; round < rounds; round++) {
    forget()
    first.push(check())
    appendFileSync(join(folder, changing), `# ${round}\n`)
    again.push(check())
    theirs.push(timed(other.path, ['-schema-location', schemas, '-skip', 'Deployment', '-summary', folder]))
  }
  const beside = (work: string, ours: readonly number[]) =>
    timesBetter(`check of ${count} policies${work}`, 'ms', { ours, other: theirs, program: 'kubeconform' }, 1)
  return [beside(' for the first time', first), beside(' again, one file changed', again)]
}

function timed(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): number {
  const start = performance.now()
  const run = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1e9, env: { ...process.env, ...env } })
  const { status, stdout, stderr } = run
  if (status !== 1) throw new Error(`${program} ended with ${status}, not 1: ${stderr || stdout.slice(-500)}`)
  return performance.now() - start
}
