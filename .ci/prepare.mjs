// Installs and builds what is missing, saying what it does.

import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, run } from './node24.mjs'

/** Ends the process with one clear line when a step fails. */
function must(status, what) {
  if (status === 0) return
  console.error(`${what} failed (exit code ${status}).`)
  process.exit(2)
}

/** The newest change below a folder, in milliseconds. */
function newest(folder) {
  let time = 0
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'compiled') continue
    const path = join(folder, entry.name)
    time = Math.max(time, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs)
  }
  return time
}

/** Makes node_modules and dist/ when they are missing or older than what they are made from. */
export function prepare() {
  const lock = join(ROOT, 'package-lock.json')
  const installed = join(ROOT, 'node_modules', '.package-lock.json')
  if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lock).mtimeMs) {
    console.log('Installing packages (npm ci, a minute or two) …')
    must(
      spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel', 'error'], {
        cwd: ROOT,
        stdio: 'inherit',
        shell: process.platform === 'win32',
      }).status,
      'npm ci',
    )
  }
  const built = join(ROOT, 'dist', 'cli.js')
  const sources = Math.max(
    ...['server/src', 'client/src', 'schemas'].map(f => newest(join(ROOT, f))),
    statSync(join(ROOT, 'esbuild.mjs')).mtimeMs,
  )
  if (!existsSync(built) || statSync(built).mtimeMs < sources) {
    console.log('Building dist/ …')
    must(run(['esbuild.mjs']), 'The build')
  }
}
