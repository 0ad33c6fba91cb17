// One request to an API server: the body as JSON, or its lines as they come. Authentication is the library's work.

import http from 'node:http'
import https from 'node:https'
import type { KubeConfig } from '@kubernetes/client-node/dist/config.js'
import { at, isObject, type Json, text } from './plain.ts'

/** The server's answer was no: `status` is the HTTP status, 0 when nothing answered. */
export class Refused extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export interface Query {
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

/** Milliseconds for credentials (a login program may be asked) and for the beginning of an answer. */
const PATIENCE = 10_000
/** Milliseconds of silence after which a watch is taken for dead; the server ends it earlier by itself. */
const SILENCE = 330_000
/** A line of a watch is one object; etcd's limit is far below this. */
const LONGEST_LINE = 16_000_000

/** The body of a GET as JSON. Throws `Refused`. */
export async function getJson(config: KubeConfig, query: Query): Promise<Json> {
  const response = await get(config, query, PATIENCE)
  const chunks: Buffer[] = []
  try {
    for await (const chunk of response) chunks.push(chunk)
  } catch (error) {
    throw new Refused(0, explain(error))
  }
  return parse(Buffer.concat(chunks).toString('utf8'))
}

/** The lines of a GET as JSON, as they come, until the server ends it. Throws `Refused`. */
export async function* getLines(config: KubeConfig, query: Query): AsyncGenerator<Json> {
  const response = await get(config, query, SILENCE)
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for await (const chunk of response) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
      rest = lines.pop() ?? ''
      if (rest.length > LONGEST_LINE) throw new Refused(0, 'the answer is not a watch')
      for (const line of lines) if (line.trim() !== '') yield parse(line)
    }
  } catch (error) {
    throw error instanceof Refused ? error : new Refused(0, explain(error))
  } finally {
    response.destroy()
  }
}

function parse(body: string): Json {
  try {
    const read: unknown = JSON.parse(body)
    if (isObject(read)) return read
  } catch {
    // Said below, without the text of the answer.
  }
  throw new Refused(
    0,
    'the answer is not JSON: this is no Kubernetes API server, or something between us cuts answers off',
  )
}

async function get(config: KubeConfig, { path, query, signal }: Query, silence: number): Promise<http.IncomingMessage> {
  const cluster = config.getCurrentCluster()
  const url = new URL(`${cluster?.server.replace(/\/$/, '') ?? ''}${path}`)
  for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value)
  const options = await credentials(config)
  const { request } = url.protocol === 'http:' ? http : https
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    const sent = request(
      url,
      { ...options, signal, headers: { ...options.headers, Accept: 'application/json' } },
      resolve,
    )
    const timer = setTimeout(() => sent.destroy(new Error('it did not answer in time')), PATIENCE)
    sent.on('response', () => clearTimeout(timer))
    sent.on('socket', socket => socket.setKeepAlive(true, 30_000))
    sent.on('error', error => {
      clearTimeout(timer)
      reject(new Refused(0, explain(error)))
    })
    sent.end()
  })
  response.setTimeout(silence, () => response.destroy(new Error('it fell silent')))
  if (response.statusCode !== 200) throw await refusal(response)
  return response
}

async function credentials(config: KubeConfig): Promise<https.RequestOptions> {
  const options: https.RequestOptions = {}
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it does not come to an end')), PATIENCE)
  })
  try {
    await Promise.race([config.applyToHTTPSOptions(options), late])
    return options
  } catch (error) {
    const program = config.getCurrentUser()?.exec?.command
    if (program === undefined)
      throw new Refused(0, `the credentials of the kubeconfig cannot be used (${brief(error)})`)
    throw new Refused(
      0,
      `the login program ${program} failed: ${error instanceof SyntaxError ? 'it printed no credentials' : brief(error)}`,
    )
  } finally {
    clearTimeout(timer)
  }
}

async function refusal(response: http.IncomingMessage): Promise<Refused> {
  const status = response.statusCode ?? 0
  let body = ''
  try {
    for await (const chunk of response) {
      body += String(chunk)
      if (body.length > 100_000) break
    }
  } catch {
    // The status says enough.
  }
  const said = body.startsWith('{') ? text(at(parseQuietly(body), 'message')) : undefined
  return new Refused(status, said ?? `it answered with status ${status}`)
}

function parseQuietly(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

function brief(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return (message.trim().split('\n')[0] ?? '').slice(0, 160) || 'without saying why'
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name cannot be looked up now',
  ETIMEDOUT: 'it did not answer in time',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  ECONNRESET: 'it cut the connection',
  EPROTO: 'it does not speak TLS',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself, and the kubeconfig does not know it',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is of an authority that the kubeconfig does not know',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is of an authority that the kubeconfig does not know',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
}

function explain(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return REASONS[code] ?? brief(error)
}
