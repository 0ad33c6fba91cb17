// Runs the command as a process in a folder of its own.

import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../server/src/cli/main.ts', import.meta.url))

/** Root may read everything, unless it starts without the two capabilities that say so. */
const BOUND = process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search'] : []

export interface Outcome {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface Folder {
  readonly path: string
  run(...args: readonly string[]): Promise<Outcome>
  /** `run`, bound by what files permit even when the tests run as root. */
  runBound(...args: readonly string[]): Promise<Outcome>
  pipe(input: string, ...args: readonly string[]): Promise<Outcome>
  read(file: string): string
  bytes(file: string): Buffer
}

const folders: string[] = []
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** A folder with these files, in which the command runs. */
export function folderOf(files: Readonly<Record<string, string | Uint8Array>>): Folder {
  const path = mkdtempSync(join(tmpdir(), 'cilium-policy-'))
  folders.push(path)
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true })
    writeFileSync(join(path, name), text)
  }
  return {
    path,
    run: (...args) => run(path, '', [process.execPath, MAIN, ...args]),
    runBound: (...args) => run(path, '', [...BOUND, process.execPath, MAIN, ...args]),
    pipe: (input, ...args) => run(path, input, [process.execPath, MAIN, ...args]),
    read: file => readFileSync(join(path, file), 'utf8'),
    bytes: file => readFileSync(join(path, file)),
  }
}

function run(cwd: string, input: string, [program = '', ...args]: readonly string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { ...process.env, KUBECONFIG: '/nowhere/config' } })
    child.on('error', reject)
    let out = ''
    let err = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text
    })
    child.on('close', code => resolve({ code, out, err }))
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}
