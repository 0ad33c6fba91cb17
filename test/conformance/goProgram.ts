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

/** A program of test/conformance/go/cilium: its folder, and the minor version of Cilium whose requirements (`1.20.mod`) it is built with. */
export interface Around {
  readonly command: string
  readonly minor: string
}

interface Recipe {
  readonly folder: string
  /** What decides the program, relative to the folder. */
  readonly files: readonly string[]
  readonly flags: readonly string[]
}

/**
 * The path of the program of the module test/conformance/go/<name>, or of a command around Cilium's code. Built when it is not in the cache
 * or its sources have changed; processes that ask at the same time build once. Throws with the compiler's words.
 */
export async function goProgram(wanted: string | Around): Promise<string> {
  const recipe = recipeOf(wanted)
  const name = typeof wanted === 'string' ? wanted : `${wanted.command}-${wanted.minor}`
  const program = join(CACHE, `${name}-${fingerprint(recipe)}`)
  mkdirSync(CACHE, { recursive: true })
  while (!existsSync(program)) {
    const lock = `${program}.lock`
    if (!claim(lock)) {
      await setTimeout(500)
      continue
    }
    try {
      if (!existsSync(program)) await build(recipe, program)
    } finally {
      rmdirSync(lock)
    }
  }
  return program
}

function recipeOf(wanted: string | Around): Recipe {
  if (typeof wanted === 'string') {
    const folder = join(MODULES, wanted)
    return { folder, files: readdirSync(folder), flags: ['.'] }
  }
  const { command, minor } = wanted
  const folder = join(MODULES, 'cilium')
  const files = [`${minor}.mod`, `${minor}.sum`, ...readdirSync(join(folder, command)).map(file => join(command, file))]
  return {
    folder,
    files,
    flags: [`-modfile=${minor}.mod`, '-tags', `cilium_${minor.replace('.', '_')}`, `./${command}`],
  }
}

function fingerprint({ folder, files }: Recipe): string {
  const hash = createHash('sha256')
  for (const file of [...files].sort()) hash.update(file).update(readFileSync(join(folder, file)))
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

async function build({ folder, flags }: Recipe, program: string): Promise<void> {
  process.stderr.write(`Building ${program} with Go, once (the first time can take some minutes) …\n`)
  const env = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-mod=mod' }
  const made = `${program}.${process.pid}`
  const go = spawn('go', ['build', '-trimpath', '-o', made, ...flags], {
    cwd: folder,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  go.stderr.on('data', chunk => {
    said += String(chunk)
  })
  const code = await new Promise(resolve => go.on('close', resolve))
  if (code !== 0) throw new Error(`go build in ${folder} failed:\n${said.slice(-4000)}`)
  renameSync(made, program)
}
