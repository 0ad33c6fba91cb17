// Finds the Node 24 that the project brings, and runs programs with it.

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** The path of Node 24 or newer: the project's own, else the running one; undefined when neither is new enough. */
export function node24() {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  const own = join(ROOT, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (existsSync(own)) return own
  return Number(process.versions.node.split('.')[0]) >= 24 ? process.execPath : undefined
}

/** Runs Node 24 with the arguments, in the project's folder; returns the exit code. */
export function run(args, env = {}) {
  const node = node24()
  if (!node) {
    console.error(
      `Node 24 is needed: there is no package of it for ${process.platform}-${process.arch} here, and this is Node ${process.versions.node}. Install Node 24 and try again.`,
    )
    return 2
  }
  return spawnSync(node, args, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...env } }).status ?? 1
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exit(run(process.argv.slice(2)))
