// Runs a kubeconfig's login program (aws, gke-gcloud-auth-plugin, kubelogin, …) and reads the credentials that it prints.

import { type ChildProcess, spawn } from 'node:child_process'
import type { Exec } from './login.ts'
import { at, isObject, text } from './plain.ts'
import { Refused } from './refused.ts'

/** What a login program gave. */
export interface Credential {
  readonly token: string | undefined
  /** PEM texts. */
  readonly certificate: string | undefined
  readonly key: string | undefined
  /** Milliseconds since 1970 until which it holds; undefined: until the server refuses it. */
  readonly until: number | undefined
}

/** Milliseconds for a login: a person may have to agree in a browser. */
const PATIENCE = 60_000
/** Credentials are short; whatever prints more than this is no login program. */
const MOST = 1_000_000

/**
 * Runs the program once, without a terminal. `cluster` is what it is told of the cluster when the kubeconfig says so. Rejects with
 * `Refused`, without what the program printed on its standard output. A program that does not end is ended.
 */
export async function runLogin(exec: Exec, cluster: object, patience = PATIENCE): Promise<Credential> {
  if (exec.command === '') throw new Refused(0, 'the kubeconfig names no login program')
  if (exec.interactive)
    throw new Refused(0, `the login program ${exec.command} wants a terminal: log in with kubectl first`)
  const printed = await run(exec, environment(exec, cluster), patience)
  return credentialOf(exec, printed)
}

function environment(exec: Exec, cluster: object): NodeJS.ProcessEnv {
  const spec = { interactive: false, ...(exec.clusterInfo ? { cluster } : {}) }
  const info = { kind: 'ExecCredential', apiVersion: exec.apiVersion, spec }
  return { ...process.env, ...exec.env, KUBERNETES_EXEC_INFO: JSON.stringify(info) }
}

function run({ command, args, hint }: Exec, env: NodeJS.ProcessEnv, patience: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const detached = process.platform !== 'win32'
    const child = spawn(command, [...args], { env, detached, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true })
    let out = ''
    let complaint = ''
    const give = (why: string) => {
      clearTimeout(timer)
      end(child)
      reject(new Refused(0, `the login program ${command} ${why}`))
    }
    const timer = setTimeout(() => give(`does not come to an end (${patience / 1000} s)`), patience)
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      out += chunk
      if (out.length > MOST) give('printed no credentials')
    })
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      complaint = (complaint + chunk).slice(0, 4000)
    })
    child.on('error', error => {
      const missing = 'code' in error && error.code === 'ENOENT'
      give(missing ? `is not installed${hint ? `: ${firstLine(hint)}` : ''}` : 'cannot be started')
    })
    child.on('close', code => {
      clearTimeout(timer)
      if (code === 0) resolve(out)
      else give(`failed: ${firstLine(complaint) || `exit code ${code}`}`)
    })
  })
}

/** Ends the program and what it has started. */
function end(child: ChildProcess): void {
  try {
    if (child.pid !== undefined && process.platform !== 'win32') process.kill(-child.pid, 'SIGKILL')
    else child.kill('SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

function credentialOf(exec: Exec, printed: string): Credential {
  const status = at(parse(printed), 'status')
  const token = text(at(status, 'token'))
  const certificate = text(at(status, 'clientCertificateData'))
  const key = text(at(status, 'clientKeyData'))
  const usable = token === undefined ? certificate && key : /^[\x21-\x7e]+$/.test(token)
  if (!usable) throw new Refused(0, `the login program ${exec.command} printed no credentials`)
  const until = Date.parse(text(at(status, 'expirationTimestamp')) ?? '')
  return { token, certificate, key, until: Number.isNaN(until) ? undefined : until }
}

function parse(printed: string): unknown {
  try {
    const read: unknown = JSON.parse(printed)
    return isObject(read) ? read : undefined
  } catch {
    return undefined
  }
}

/** The first line that says something, with everything that looks like a secret taken out. */
export function firstLine(said: string): string {
  const line = said.split('\n').find(l => l.trim() !== '') ?? ''
  return withoutSecrets(line.trim()).slice(0, 160)
}

/** Long words of letters and digits mixed (tokens, keys), and what stands after `token=`, `password:` and the like, become "…". */
export function withoutSecrets(said: string): string {
  return said
    .replace(
      /\b((?:token|secret|password|passwd|key|bearer|authorization)["']?\s*[=:\s]\s*)["']?[^\s"']{6,}["']?/gi,
      '$1…',
    )
    .replace(/[A-Za-z0-9+/=_.~-]{20,}/g, word => (/\d/.test(word) && /[A-Za-z]/.test(word) ? '…' : word))
}
