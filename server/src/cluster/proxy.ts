// Which proxy of the environment leads to a server, as Go's httpproxy reads HTTPS_PROXY, HTTP_PROXY and NO_PROXY.

import { BlockList, isIP } from 'node:net'

type Environment = Readonly<Record<string, string | undefined>>

/** The proxy's URL; undefined for a direct way (golang.org/x/net/http/httpproxy, config.proxyForURL). */
export function proxyFor(server: string, env: Environment): string | undefined {
  if (!URL.canParse(server)) return undefined
  const url = new URL(server)
  const name = url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY'
  const proxy = env[name] || env[name.toLowerCase()]
  if (!proxy || !isProxied(url, env.NO_PROXY || env.no_proxy || '')) return undefined
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`
  return URL.canParse(full) ? full : undefined
}

function isProxied(url: URL, exceptions: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase()
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  if (host === 'localhost' || host === '::1' || /^127\./.test(host)) return false
  return !exceptions
    .toLowerCase()
    .split(',')
    .map(word => word.trim())
    .some(word => word === '*' || matches(word, host, port))
}

/** One word of NO_PROXY: an address, a prefix, or a name with all below it, each with a port or without. */
function matches(word: string, host: string, port: string): boolean {
  if (word === '') return false
  if (word.includes('/')) return inPrefix(word, host)
  const withPort = /^(.*):(\d+)$/.exec(isIP(word) === 0 ? word : '')
  if (withPort && withPort[2] !== port) return false
  const name = (withPort?.[1] ?? word).replace(/^\[|\]$/g, '').replace(/^\*(?=\.)/, '')
  if (isIP(name) !== 0) return name === host
  return name.startsWith('.') ? host.endsWith(name) : host === name || host.endsWith(`.${name}`)
}

function inPrefix(prefix: string, host: string): boolean {
  const [base = '', length = ''] = prefix.split('/')
  const family = isIP(base)
  if (family === 0 || isIP(host) !== family || !/^\d{1,3}$/.test(length)) return false
  const list = new BlockList()
  try {
    list.addSubnet(base, Number(length), family === 4 ? 'ipv4' : 'ipv6')
  } catch {
    return false
  }
  return list.check(host, family === 4 ? 'ipv4' : 'ipv6')
}
