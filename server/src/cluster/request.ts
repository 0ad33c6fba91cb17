// One request to an API server: the body as JSON, or its lines as they come.

import http from 'node:http'
import https from 'node:https'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { Access } from './access.ts'
import { firstLine } from './exec.ts'
import { at, isObject, type Json, text } from './plain.ts'
import { explain, Refused, Silent } from './refused.ts'

export interface Query {
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

/** A line of a watch is one object; etcd's limit is far below this. */
const LONGEST_LINE = 16_000_000

/** The body of a GET as JSON. Throws `Refused`. */
export async function getJson(access: Access, query: Query): Promise<Json> {
  const response = await get(access, query, access.patience.answer)
  const chunks: Buffer[] = []
  try {
    for await (const chunk of bodyOf(response)) chunks.push(chunk)
  } catch (error) {
    throw new Refused(0, explain(error))
  } finally {
    response.destroy()
  }
  return parse(Buffer.concat(chunks).toString('utf8'))
}

/**
 * The lines of a GET as JSON, as they come, until the server ends it; `opened` is called when it begins. Throws `Refused`, and `Silent` when
 * nothing comes any more.
 */
export async function* getLines(access: Access, query: Query, opened: () => void): AsyncGenerator<Json> {
  const response = await get(access, query, access.patience.silence)
  opened()
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
  const read = parseQuietly(body)
  if (isObject(read)) return read
  // Said without the text of the answer.
  throw new Refused(
    0,
    'the answer is not JSON: this is no Kubernetes API server, or something between us cuts answers off',
  )
}

async function get(access: Access, { path, query, signal }: Query, silence: number): Promise<http.IncomingMessage> {
  const options = await access.options()
  if (signal.aborted) throw new Refused(0, 'the connection was ended')
  const url = new URL(`${access.server()}${path}`)
  for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value)
  const encoding = query.watch === undefined && !isHere(url.hostname) ? { 'Accept-Encoding': 'gzip' } : {}
  const headers = { ...options.headers, ...encoding, Accept: 'application/json', 'User-Agent': 'cilium-policy' }
  const { request } = url.protocol === 'http:' ? http : https
  const { answer } = access.patience
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    const fail = (error: Error) => {
      clearTimeout(timer)
      reject(new Refused(0, explain(error)))
    }
    // The timeout ends a connection to a proxy, of which the request does not know before the proxy has answered.
    const sent = request(url, { ...options, timeout: answer, signal, headers }, resolve)
    const timer = setTimeout(() => {
      const late = new Error('it did not answer in time')
      sent.destroy(late)
      fail(late)
    }, answer)
    sent.on('response', () => clearTimeout(timer))
    sent.on('socket', socket => socket.setKeepAlive(true, 30_000))
    sent.on('error', fail)
    sent.end()
  })
  const good = response.statusCode === 200
  response.setTimeout(good ? silence : answer, () => response.destroy(new Silent('it fell silent')))
  if (good) return response
  if (response.statusCode === 401) access.refused(options)
  throw await refusal(response)
}

/** Whether a server runs on this machine, where compressing takes longer than sending. */
const isHere = (host: string): boolean => /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(host)

/** The bytes of an answer as they were before they were compressed. What breaks the answer breaks them. */
function bodyOf(response: http.IncomingMessage): Readable {
  return response.headers['content-encoding'] === 'gzip' ? pipeline(response, createGunzip(), () => {}) : response
}

async function refusal(response: http.IncomingMessage): Promise<Refused> {
  const status = response.statusCode ?? 0
  const after = Number(response.headers['retry-after']) * 1000 || 0
  let body = ''
  try {
    for await (const chunk of bodyOf(response)) {
      body += String(chunk)
      if (body.length > 100_000) break
    }
  } catch {
    // The status says enough.
  } finally {
    response.destroy()
  }
  if (status === 401) return new Refused(401, 'it does not accept the credentials: log in again, as for kubectl')
  const said = text(at(parseQuietly(body), 'message'))
  return new Refused(status, said === undefined ? `it answered with status ${status}` : firstLine(said), after)
}

function parseQuietly(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
