// Programs around Go code (Cilium's own, Kubernetes' own) for tests: built once from the modules in test/conformance/go, kept in a cache.

import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const MODULES = fileURLToPath(new URL('go/', import.meta.url))
/** Minutes after which a build by another process is taken for dead. */
const LONGEST = 20

/** Where built programs are kept: `CILIUM_POLICY_CACHE`, else ~/.cache/cilium-policy. */
export const CACHE = process.env.CILIUM_POLICY_CACHE || join(homedir(), '.cache', 'cilium-policy')

/** Why nothing can be built here; undefined when it can. */
export function goMissing(): string | undefined {
  const go = spawnSync('go', ['version'], { encoding: 'utf8' })
  return go.status === 0 ? undefined : 'Go is not installed (the command go)'
}

/**
 * The path of the program of the module test/conformance/go/<name>. Built when it is not in the cache or its sources have changed;
 * processes that ask at the same time build once. Throws with the compiler's words.
 */
export async function goProgram(name: string): Promise<string> {
  const source = join(MODULES, name)
  const program = join(CACHE, `${name}-${fingerprint(source)}`)
  mkdirSync(CACHE, { recursive: true })
  while (!existsSync(program)) {
    const lock = `${program}.lock`
    if (!claim(lock)) {
      await setTimeout(500)
      continue
    }
    try {
      if (!existsSync(program)) await build(source, program)
    } finally {
      rmdirSync(lock)
    }
  }
  return program
}

function fingerprint(source: string): string {
  const hash = createHash('sha256')
  for (const file of readdirSync(source).sort()) hash.update(file).update(readFileSync(join(source, file)))
  return hash.digest('hex').slice(0, 16)
}

/** Whether this process builds: the folder is made by one alone. */
function claim(lock: string): boolean {
  try {
    mkdirSync(lock)
    return true
  } catch {
    const made = statSync(lock, { throwIfNoEntry: false })?.mtimeMs
    if (made !== undefined && Date.now() - made > LONGEST * 60_000) rmSync(lock, { recursive: true, force: true })
    return false
  }
}

async function build(source: string, program: string): Promise<void> {
  process.stderr.write(`Building ${program} with Go, once (the first time can take some minutes) …\n`)
  const env = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-mod=mod' }
  const made = `${program}.${process.pid}`
  const go = spawn('go', ['build', '-trimpath', '-o', made, '.'], {
    cwd: source,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  go.stderr.on('data', chunk => {
    said += String(chunk)
  })
  const code = await new Promise(resolve => go.on('close', resolve))
  if (code !== 0) throw new Error(`go build in ${source} failed:\n${said.slice(-4000)}`)
  renameSync(made, program)
}
