// The way to an API server: address, certificates and credentials, got anew when they have expired or were refused.

import { readFileSync } from 'node:fs'
import type https from 'node:https'
import { KubeConfig } from '@kubernetes/client-node/dist/config.js'
import { type Credential, firstLine, runLogin } from './exec.ts'
import type { Chosen } from './kubeconfig.ts'
import { Refused } from './refused.ts'

/** What a request is made with. */
export type Options = https.RequestOptions

/** How long a cluster is waited for, in milliseconds. */
export interface Patience {
  /** For the beginning of an answer, and for each pause in it. */
  readonly answer: number
  /** For the next line of a watch, before it is opened again: the server sends bookmarks every minute. */
  readonly silence: number
}

export const PATIENCE: Patience = { answer: 15_000, silence: 100_000 }

export interface Access {
  readonly patience: Patience
  /** The server's address without a slash at its end. */
  server(): string
  /** What the next request is to be made with. Throws `Refused` with status 0. */
  options(): Promise<Options>
  /** The server has refused these options with 401: their credentials are not used again. */
  refused(options: Options): void
  /** Goes on with what the kubeconfig says now. */
  replace(chosen: Chosen): void
}

/** Milliseconds before the end of a credential from which on it is not used any more. */
const EARLY = 10_000
/** Milliseconds after a login program has failed in which it is not started again: doubled each time. */
const REST = 5_000
const LONGEST_REST = 300_000
/** Milliseconds for the library: it may ask an OpenID Connect provider. */
const LIBRARY = 15_000

interface Ready {
  readonly config: KubeConfig
  readonly token: string | undefined
  readonly until: number | undefined
}

/** Access to the cluster that was chosen. Nothing is started or read before the first request. */
export function createAccess(first: Chosen, patience: Patience = PATIENCE): Access {
  let chosen = first
  let ready: Ready | undefined
  let made: Options | undefined
  let running: Promise<Options> | undefined
  let rest: { readonly until: number; readonly length: number; readonly error: Refused } | undefined

  const prepare = async (): Promise<Ready> => {
    const token = tokenOf(chosen)
    const now = Date.now()
    if (ready && ready.token === token && (ready.until === undefined || ready.until - EARLY > now)) return ready
    if (rest && rest.until > now) throw rest.error
    try {
      const { exec } = chosen.login
      const credential = exec ? await runLogin(exec, clusterInfo(chosen)) : undefined
      ready = { config: withCredential(chosen, credential, token), token, until: credential?.until }
      rest = undefined
      return ready
    } catch (error) {
      const length = Math.min(LONGEST_REST, rest ? rest.length * 2 : REST)
      rest = { until: Date.now() + length, length, error: refusedBy(error) }
      throw rest.error
    }
  }
  const make = async (): Promise<Options> => {
    const { config } = await prepare()
    const options: Options = { headers: {} }
    await inTime(config.applyToHTTPSOptions(options))
    made = { ...options, headers: { ...options.headers, ...chosen.login.headers } }
    return made
  }
  return {
    patience,
    server: () => chosen.config.getCurrentCluster()?.server.replace(/\/$/, '') ?? '',
    // Whoever asks while it is being made gets the same: a login program is started once.
    options: () => {
      running ??= make()
        .catch(error => {
          throw refusedBy(error)
        })
        .finally(() => {
          running = undefined
        })
      return running
    },
    refused: options => {
      if (options === made) ready = undefined
    },
    replace: next => {
      chosen = next
      ready = undefined
      rest = undefined
    },
  }
}

function refusedBy(error: unknown): Refused {
  if (error instanceof Refused) return error
  const message = error instanceof Error ? error.message : String(error)
  return new Refused(0, `the credentials of the kubeconfig cannot be used (${firstLine(message)})`)
}

/** The token in the file that the kubeconfig names: it may have been replaced. */
function tokenOf({ login: { tokenFile } }: Chosen): string | undefined {
  if (tokenFile === undefined) return undefined
  try {
    return readFileSync(tokenFile, 'utf8').trim()
  } catch {
    throw new Refused(0, `the token file ${tokenFile} cannot be read`)
  }
}

/** A configuration with connections of its own: the library keeps those of another certificate. */
function withCredential({ config }: Chosen, credential: Credential | undefined, token: string | undefined): KubeConfig {
  const made = new KubeConfig()
  const name = config.getCurrentUser()?.name
  const pem = (text: string | undefined) => (text === undefined ? undefined : Buffer.from(text).toString('base64'))
  const given = credential && {
    token: credential.token,
    ...(credential.certificate ? { certData: pem(credential.certificate), keyData: pem(credential.key) } : {}),
  }
  const users = config.users.map(user => {
    if (user.name !== name) return user
    const { exec, ...rest } = user
    return { ...rest, ...given, ...(token === undefined ? {} : { token }) }
  })
  made.loadFromOptions({
    clusters: config.clusters,
    contexts: config.contexts,
    users,
    currentContext: config.getCurrentContext(),
  })
  return made
}

/** What a login program may know of the cluster (clientauthentication.Cluster). */
function clusterInfo({ config }: Chosen): object {
  const cluster = config.getCurrentCluster()
  return {
    server: cluster?.server,
    'tls-server-name': cluster?.tlsServerName,
    'insecure-skip-tls-verify': cluster?.skipTLSVerify || undefined,
    'certificate-authority-data': cluster?.caData ?? (cluster?.caFile ? fileData(cluster.caFile) : undefined),
    'proxy-url': cluster?.proxyUrl,
    config: null,
  }
}

function fileData(path: string): string | undefined {
  try {
    return readFileSync(path).toString('base64')
  } catch {
    return undefined
  }
}

async function inTime(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the login does not come to an end')), LIBRARY)
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
