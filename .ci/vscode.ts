// VS Code's own server: installed once into the cache folder, started for `npm start`, the editor tests and the pictures.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const CODE_SERVER = 'code-server@4.139.1'
const START_MS = 60_000

/** Where everything that is costly to make lives from one run to the next. */
export const CACHE = process.env.CILIUM_POLICY_CACHE ?? join(homedir(), '.cache', 'cilium-policy')

const FOLDER = join(CACHE, 'code-server')
/** The folder of the VS Code server; it exists when `installVscode` has succeeded. */
export const VSCODE = join(FOLDER, 'node_modules', 'code-server', 'lib', 'vscode')

/**
 * Installs the VS Code server where it is missing, saying so.
 * @returns why it could not be installed, else undefined
 */
export function installVscode(): string | undefined {
  const done = join(FOLDER, `${CODE_SERVER}.installed`)
  if (existsSync(done)) return undefined
  console.log('Installing a VS Code server beside the project (about 600 MB on disk, once; some minutes) …')
  rmSync(FOLDER, { recursive: true, force: true })
  mkdirSync(FOLDER, { recursive: true })
  // code-server's own scripts build native modules, which nothing here needs, with compilers that a machine may not have.
  const steps: readonly (readonly [string, ...string[]])[] = [
    [FOLDER, '--prefix', FOLDER, CODE_SERVER],
    [VSCODE, '--omit=dev'],
    [join(VSCODE, 'extensions'), '--omit=dev'],
  ]
  for (const [cwd, ...args] of steps) {
    const { status } = spawnSync(
      'npm',
      ['install', ...args, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel', 'error'],
      { cwd, stdio: ['ignore', 'inherit', 'inherit'], shell: process.platform === 'win32' },
    )
    if (status !== 0) return `${CODE_SERVER} could not be installed from the npm registry`
  }
  writeFileSync(done, '')
  return undefined
}

export interface Extension {
  /** `publisher.name`. */
  readonly id: string
  readonly version: string
  /** The folder with its package.json. */
  readonly path: string
}

/** An extensions folder that holds exactly these, each one where it is: nothing is copied. */
export function extensionsFolder(folder: string, extensions: readonly Extension[]): string {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const entries = extensions.map(({ id, version, path }) => ({
    identifier: { id },
    version,
    location: { $mid: 1, path: pathToFileURL(path).pathname, scheme: 'file' },
  }))
  writeFileSync(join(folder, 'extensions.json'), JSON.stringify(entries))
  return folder
}

export interface Running {
  /** Where a browser finds it, such as `http://127.0.0.1:8123`. */
  readonly address: string
  /** Host and port: the authority of `vscode-remote:` addresses. */
  readonly authority: string
  readonly process: ChildProcess
  /** Ends it and removes what it wrote. */
  stop(): Promise<void>
}

export interface Start {
  /** The port to listen on when it is free, else any. */
  readonly port?: number
  readonly extensions: string
  /** Where it keeps its data; a folder of its own that goes with it when absent. */
  readonly data?: string
  readonly env?: Readonly<Record<string, string>>
  /** Settings of the machine, which count beneath those of the workspace. */
  readonly settings?: Readonly<Record<string, unknown>>
  /** Lets a page drive it (`codeAutomationLog`, `codeAutomationExit`). */
  readonly automation?: boolean
}

/** Starts the server and waits until it listens; throws with its output when it ends before that. */
export async function startVscode(options: Start): Promise<Running> {
  const port = await freePort(options.port)
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'cilium-policy-vscode-'))
  if (options.settings) {
    const machine = join(data, 'data', 'Machine')
    mkdirSync(machine, { recursive: true })
    writeFileSync(join(machine, 'settings.json'), JSON.stringify(options.settings))
  }
  const child = spawn(process.execPath, [...serverArguments(options, port, data)], {
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  await listening(child)
  const gone = new Promise<void>(resolve => child.once('exit', () => resolve()))
  const authority = `127.0.0.1:${port}`
  return {
    address: `http://${authority}`,
    authority,
    process: child,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM')
        await gone
      }
      if (options.data === undefined) rmSync(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
    },
  }
}

function* serverArguments(options: Start, port: number, data: string): Generator<string> {
  yield join(VSCODE, 'out', 'server-main.js')
  yield* ['--host', '127.0.0.1', '--port', String(port)]
  yield* ['--without-connection-token', '--accept-server-license-terms', '--telemetry-level', 'off']
  // The folder is the user's own example: asking whether its authors are trusted would only stand in the way.
  yield '--disable-workspace-trust'
  yield* ['--extensions-dir', options.extensions, '--server-data-dir', data]
  if (options.automation) yield '--enable-smoke-test-driver'
}

function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    const fail = (why: string) => {
      clearTimeout(timer)
      reject(new Error(`The VS Code server ${why}:\n${said}`))
    }
    const timer = setTimeout(() => {
      child.kill()
      fail('does not listen after a minute')
    }, START_MS)
    const hear = (data: Buffer) => {
      said += data
      if (!said.includes('Extension host agent listening on')) return
      clearTimeout(timer)
      resolve()
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('error', error => fail(`cannot be started (${error.message})`))
    child.once('exit', code => fail(`ended with exit code ${code}`))
  })
}

/** The wanted port when nobody has it, else one that is free. */
function freePort(wanted = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', error => (wanted === 0 ? reject(error) : resolve(freePort())))
    probe.listen(wanted, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : wanted))
    })
  })
}
