// The command `cilium-policy check` beside kubeconform, which checks the schema only.

import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Figure, timesBetter } from './figures.ts'
import { kubeconform } from './kubeconform.ts'
import { writtenRepository } from './repository.ts'
import { schemaFile } from './servers.ts'

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

/** Runs both over the same folder, in turns. */
export function command(count: number, rounds: number): Figure[] {
  const other = kubeconform()
  if ('missing' in other) {
    console.log(other.missing)
    return []
  }
  const { folder } = writtenRepository(count)
  const schemas = join(dirname(schemaFile()), '{{.ResourceKind}}.json')
  const ours: number[] = []
  const theirs: number[] = []
  for (let round = 0; round < rounds; round++) {
    ours.push(timed(process.execPath, [CLI, 'check', folder]))
    theirs.push(timed(other.path, ['-schema-location', schemas, '-skip', 'Deployment', '-summary', folder]))
  }
  return [timesBetter(`check of ${count} policies`, 'ms', { ours, other: theirs, program: 'kubeconform' }, 1)]
}

function timed(program: string, args: readonly string[]): number {
  const start = performance.now()
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1e9 })
  if (status !== 1) throw new Error(`${program} ended with ${status}, not 1: ${stderr || stdout.slice(-500)}`)
  return performance.now() - start
}
