// What stands between a client and a server and does not always behave: a TCP relay that cuts, delays, truncates and freezes, an HTTP proxy,
// and a witness that remembers what was said.

import http from 'node:http'
import https from 'node:https'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** `freeze`: connections stay open and nothing passes; `refuse`: new connections are closed at once. */
export type Mood = 'pass' | 'refuse' | 'freeze' | { readonly delay: number } | { readonly truncate: number }

export interface Relay {
  readonly port: number
  /** How it treats what comes from now on. `truncate`: answers end after so many bytes; `delay`: in milliseconds. */
  be(mood: Mood): void
  /** Cuts every connection. */
  cut(): void
  /** Every connection there is stays open, and nothing passes on it any more: it is another one that the mood is about. */
  freeze(): void
  stop(): Promise<void>
}

/** A relay to a port of the loopback interface. */
export async function startRelay(to: number): Promise<Relay> {
  let mood: Mood = 'pass'
  const sockets = new Set<Socket>()
  const frozen = new WeakSet<Socket>()
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
  }
  const server = createServer(client => {
    keep(client)
    if (mood === 'refuse') return void client.destroy()
    const upstream = connect(to, '127.0.0.1')
    keep(upstream)
    let passed = 0
    const isFrozen = () => mood === 'freeze' || frozen.has(client)
    client.on('data', chunk => {
      if (!isFrozen()) upstream.write(chunk)
    })
    upstream.on('data', chunk => {
      if (isFrozen()) return
      if (typeof mood === 'object' && 'truncate' in mood) {
        client.write(chunk.subarray(0, Math.max(0, mood.truncate - passed)))
        passed += chunk.length
        if (passed >= mood.truncate) client.end()
      } else if (typeof mood === 'object') setTimeout(() => client.writable && client.write(chunk), mood.delay)
      else client.write(chunk)
    })
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => (isFrozen() ? undefined : client.end()))
  })
  return {
    port: await listen(server),
    be: next => {
      mood = next
    },
    cut: () => {
      for (const socket of sockets) socket.destroy()
    },
    freeze: () => {
      for (const socket of sockets) frozen.add(socket)
    },
    stop: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

export interface HttpProxy {
  readonly port: number
  /** "host:port" of every CONNECT that was let through, and what came as Proxy-Authorization. */
  readonly connects: readonly { readonly target: string; readonly authorization: string | undefined }[]
  stop(): Promise<void>
}

/** What takes connections and never says anything. */
export async function startDeaf(): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
  })
  return {
    port: await listen(server),
    stop: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

/** An HTTP proxy that tunnels (CONNECT); with `user` ("name:password") only for that user. */
export async function startHttpProxy(user?: string): Promise<HttpProxy> {
  const connects: { target: string; authorization: string | undefined }[] = []
  const server = http.createServer((_, response) => response.writeHead(400).end())
  const sockets = new Set<Socket>()
  server.on('connect', (request, client: Socket) => {
    const target = request.url ?? ''
    const authorization = request.headers['proxy-authorization']
    const expected = user === undefined ? undefined : `Basic ${Buffer.from(user).toString('base64')}`
    if (expected !== undefined && authorization !== expected)
      return void client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
    connects.push({ target, authorization })
    const [host = '', port = ''] = target.split(':')
    // The name in the certificate of test servers is one that no name server knows.
    const upstream = connect(Number(port), host.endsWith('.test') ? '127.0.0.1' : host, () =>
      client.write('HTTP/1.1 200 Connection established\r\n\r\n'),
    )
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => sockets.delete(socket))
    }
    client.pipe(upstream)
    upstream.pipe(client)
  })
  return {
    port: await listen(server),
    connects,
    stop: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
        for (const socket of sockets) socket.destroy()
      }),
  }
}

/** A request, and how it was answered: the HTTP status, or the code of the error that a watch said. */
export interface Exchange {
  readonly path: string
  readonly query: URLSearchParams
  status: number | undefined
}

export interface Witness {
  readonly port: number
  /** In the order in which they were asked. */
  readonly exchanges: readonly Exchange[]
  stop(): Promise<void>
}

/** An HTTPS server with that certificate that hands on what it is asked to the server at that port, and remembers it. */
export async function startWitness(to: number, ca: string, own: { cert: string; key: string }): Promise<Witness> {
  const exchanges: Exchange[] = []
  const server = https.createServer(own, (asked, answer) => {
    const { pathname: path, searchParams: query } = new URL(asked.url ?? '/', 'https://localhost')
    const exchange: Exchange = { path, query, status: undefined }
    exchanges.push(exchange)
    const { method, headers } = asked
    const sent = https.request({ host: '127.0.0.1', port: to, ca, path: asked.url, method, headers }, response => {
      exchange.status = response.statusCode
      answer.writeHead(response.statusCode ?? 502, response.headers)
      answer.flushHeaders()
      response.on('data', chunk => {
        const error = /^\{"type":"ERROR".*"code":(\d+)/.exec(String(chunk))
        if (error) exchange.status = Number(error[1])
        answer.write(chunk)
      })
      response.on('error', () => answer.destroy())
      response.on('end', () => answer.end())
    })
    sent.on('error', () => answer.destroy())
    answer.on('close', () => sent.destroy())
    asked.pipe(sent)
  })
  return {
    port: await listen(server),
    exchanges,
    stop: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
