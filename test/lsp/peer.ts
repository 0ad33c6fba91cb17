// An editor for tests: starts the server as a process and speaks LSP with it over stdio.

import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

type Json = Record<string, unknown>
type Answer = { readonly result?: unknown; readonly error?: { readonly message: string } }

export interface Diagnostics {
  readonly uri: string
  readonly version?: number
  readonly diagnostics: readonly Diagnostic[]
}

export interface Diagnostic {
  readonly range: { readonly start: Position; readonly end: Position }
  readonly severity: number
  readonly code: string
  readonly source: string
  readonly message: string
  readonly codeDescription?: { readonly href: string }
  readonly relatedInformation?: readonly unknown[]
}

export interface Position {
  readonly line: number
  readonly character: number
}

export interface Peer {
  readonly process: ChildProcess
  /** Everything that the server sent, in order, except answers. */
  readonly received: readonly { readonly method: string; readonly params: unknown }[]
  request(method: string, params: unknown): Promise<unknown>
  notify(method: string, params: unknown): void
  /** The first message, sent already or to come, that fits. */
  until<T>(method: string, fits?: (params: T) => boolean): Promise<T>
  /** The first message to come that fits. */
  next<T>(method: string, fits?: (params: T) => boolean): Promise<T>
  /** The diagnostics last published for a URI. */
  last(uri: string): Diagnostics | undefined
  stop(): Promise<void>
}

export interface PeerOptions {
  readonly folders?: readonly string[]
  readonly capabilities?: Json
  readonly initializationOptions?: unknown
  /** Answers to the server's requests, by method. */
  readonly answers?: Readonly<Record<string, (params: unknown) => unknown>>
  /** The command after `node`; the sources when not given. */
  readonly command?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** Milliseconds after which a message is given up: long enough for a machine that has much to do. */
const PATIENCE = 600_000

const MAIN = fileURLToPath(new URL('../../server/src/main.node.ts', import.meta.url))

/** Starts a server; `initialize` and `initialized` are done when it resolves. */
export async function startPeer(options: PeerOptions = {}): Promise<Peer> {
  const child = spawn(process.execPath, [...(options.command ?? [MAIN]), '--stdio'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...options.env },
  })
  const peer = speak(child, options)
  await peer.request('initialize', {
    processId: process.pid,
    rootUri: options.folders?.[0] ?? null,
    workspaceFolders: options.folders?.map(uri => ({ uri, name: uri.split('/').at(-1) })) ?? null,
    initializationOptions: options.initializationOptions ?? { ciliumPolicy: { cluster: { enabled: 'off' } } },
    capabilities: options.capabilities ?? {},
  })
  peer.notify('initialized', {})
  return peer
}

function speak(child: ChildProcess, options: PeerOptions): Peer {
  const answers = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  const received: { method: string; params: unknown }[] = []
  const watchers = new Set<() => void>()
  let id = 0
  const send = (message: Json) => {
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }))
    child.stdin?.write(`Content-Length: ${body.length}\r\n\r\n`)
    child.stdin?.write(body)
  }
  read(child, message => {
    if (typeof message.method === 'string') {
      received.push({ method: message.method, params: message.params })
      for (const watcher of watchers) watcher()
      if (message.id !== undefined)
        send({ id: message.id, result: options.answers?.[message.method]?.(message.params) ?? null })
      return
    }
    const waiting = answers.get(Number(message.id))
    const { result, error }: Answer = message
    if (error) waiting?.reject(new Error(error.message))
    else waiting?.resolve(result)
  })
  return {
    process: child,
    received,
    request: (method, params) =>
      new Promise((resolve, reject) => {
        answers.set(++id, { resolve, reject })
        send({ id, method, params })
      }),
    notify: (method, params) => send({ method, params }),
    until: (method, fits) => waitFor({ received, watchers, from: 0 }, method, fits),
    next: (method, fits) => waitFor({ received, watchers, from: received.length }, method, fits),
    last: uri =>
      received
        .filter(m => m.method === 'textDocument/publishDiagnostics')
        .map(m => m.params as Diagnostics)
        .findLast(p => p.uri === uri),
    stop: () =>
      new Promise(resolve => {
        child.once('exit', () => resolve())
        child.kill()
      }),
  }
}

interface Inbox {
  readonly received: readonly { readonly method: string; readonly params: unknown }[]
  readonly watchers: Set<() => void>
  /** Messages before this one do not count. */
  readonly from: number
}

function waitFor<T>(
  { received, watchers, from }: Inbox,
  method: string,
  fits: (params: T) => boolean = () => true,
): Promise<T> {
  let at = from
  const find = () => {
    for (; at < received.length; at++) {
      const message = received[at]
      if (message?.method === method && fits(message.params as T)) return message
    }
    return undefined
  }
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ${method} came`)), PATIENCE)
    const look = () => {
      const found = find()
      if (!found) return
      clearTimeout(timer)
      watchers.delete(look)
      resolve(found.params as T)
    }
    watchers.add(look)
    look()
  })
}

function read(child: ChildProcess, take: (message: Json) => void): void {
  let buffer = Buffer.alloc(0)
  child.stdout?.on('data', (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk])
    for (;;) {
      const header = buffer.indexOf('\r\n\r\n')
      if (header === -1) return
      const length = Number(/Content-Length: (\d+)/i.exec(buffer.toString('ascii', 0, header))?.[1])
      if (buffer.length < header + 4 + length) return
      const body = buffer.toString('utf8', header + 4, header + 4 + length)
      buffer = buffer.subarray(header + 4 + length)
      take(JSON.parse(body) as Json)
    }
  })
}
