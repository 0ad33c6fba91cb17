// Which kubeconfig counts, as kubectl finds it, and whether the programs that it names may be started.

import { accessSync, readFileSync, realpathSync } from 'node:fs'
import { isIPv6 } from 'node:net'
import { homedir } from 'node:os'
import { delimiter, dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { KubeConfig } from '@kubernetes/client-node/dist/config.js'
import type { ClusterOptions } from '../workspace/live.ts'
import { type Login, loginsOf, NO_LOGIN } from './login.ts'
import { proxyFor } from './proxy.ts'

/** A kubeconfig with its context chosen, and how its user logs in where the library does not know it. */
export interface Chosen {
  readonly kind: 'config'
  readonly config: KubeConfig
  readonly context: string
  /** The server's certificate is not verified. */
  readonly insecure: boolean
  readonly login: Login
}

/** A kubeconfig, or why there is none. `none`: there is no kubeconfig at all, which is no failure. */
export type Loaded = Chosen | { readonly kind: 'none' | 'failed'; readonly problem: string }

/** Where a pod finds its service account (rest.InClusterConfig). */
const IN_CLUSTER = '/var/run/secrets/kubernetes.io/serviceaccount'

/** Paths of the kubeconfig files that count, in kubectl's order. */
export function kubeconfigPaths(kubeconfig: string): readonly string[] {
  if (kubeconfig.startsWith('file:')) return [fileURLToPath(kubeconfig)]
  if (kubeconfig !== '') return [resolve(kubeconfig.replace(/^~(?=$|[\\/])/, homedir()))]
  const listed = (process.env.KUBECONFIG ?? '').split(delimiter).filter(path => path !== '')
  return listed.length > 0 ? listed.map(path => resolve(path)) : [join(homedir(), '.kube', 'config')]
}

/** Reads the kubeconfig and chooses the context. Never throws; no message holds a line of the file. */
export function loadKubeconfig(options: ClusterOptions): Loaded {
  const paths = kubeconfigPaths(options.kubeconfig)
  const found = paths.filter(exists)
  if (found.length === 0) return notFound(options, paths)
  const inside = found.find(path => isInside(path, options.folders))
  if (inside && !options.trusted)
    return failed(`The kubeconfig ${inside} belongs to the workspace, which is not trusted: it is not read.`)
  const merged = merge(found)
  if (typeof merged === 'string') return failed(merged)
  const { config, logins } = merged
  const context = options.context || config.currentContext || ''
  const problem = choose(config, context, options.byFlags ? '--context' : 'ciliumPolicy.cluster.context')
  if (problem !== undefined) return failed(problem)
  const login = logins.get(config.getCurrentUser()?.name ?? '') ?? NO_LOGIN
  const refused = refusal(config, login, options)
  if (refused !== undefined) return failed(refused)
  const cluster = config.getCurrentCluster()
  const insecure = cluster?.skipTLSVerify === true && cluster.server.startsWith('https:')
  return { kind: 'config', config, context, insecure, login }
}

/** The contexts that there are. */
export function contextsOf(kubeconfig: string): { contexts: readonly string[]; current?: string; problem?: string } {
  const paths = kubeconfigPaths(kubeconfig)
  const found = paths.filter(exists)
  if (found.length === 0) return { contexts: [], problem: `There is no kubeconfig at ${paths.join(' or ')}.` }
  const merged = merge(found)
  if (typeof merged === 'string') return { contexts: [], problem: merged }
  return { contexts: merged.config.contexts.map(c => c.name), current: merged.config.currentContext || undefined }
}

const failed = (problem: string): Loaded => ({ kind: 'failed', problem })

function notFound(options: ClusterOptions, paths: readonly string[]): Loaded {
  if (options.kubeconfig !== '')
    return failed(
      `There is no kubeconfig at ${paths.join(', ')}: change ${options.byFlags ? '--kubeconfig' : 'the setting ciliumPolicy.cluster.kubeconfig'}.`,
    )
  const inside = loadInCluster()
  return inside ?? { kind: 'none', problem: `There is no kubeconfig at ${paths.join(' or ')}: no cluster is read.` }
}

/** The service account of the pod that we run in; undefined outside of clusters. `folder` is where it is mounted. */
export function loadInCluster(folder = IN_CLUSTER): Chosen | undefined {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = process.env
  const tokenFile = join(folder, 'token')
  if (!host || !port || !exists(tokenFile)) return undefined
  const context = 'in-cluster'
  const config = new KubeConfig()
  config.loadFromOptions({
    clusters: [
      { name: context, server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`, caFile: join(folder, 'ca.crt') },
    ],
    users: [{ name: context }],
    contexts: [{ name: context, cluster: context, user: context }],
    currentContext: context,
  })
  return { kind: 'config', config, context, insecure: false, login: { ...NO_LOGIN, tokenFile } }
}

function exists(path: string): boolean {
  try {
    accessSync(path)
    return true
  } catch {
    return false
  }
}

interface Merged {
  readonly config: KubeConfig
  /** How each user logs in, by name. */
  readonly logins: ReadonlyMap<string, Login>
}

/** Several files as one: the first entry of each name counts. A sentence when one of them is broken. */
function merge(paths: readonly string[]): Merged | string {
  const parts: { readonly config: KubeConfig; readonly logins: readonly Login[] }[] = []
  for (const path of paths) {
    const config = new KubeConfig()
    try {
      const text = readFileSync(path, 'utf8')
      config.loadFromString(text, { onInvalidEntry: 'filter' })
      config.makePathsAbsolute(dirname(path))
      parts.push({ config, logins: loginsOf(text, path) })
    } catch (error) {
      return `The kubeconfig ${path} cannot be read: ${why(error)}.`
    }
  }
  const logins = new Map<string, Login>()
  for (const login of parts.flatMap(p => p.logins)) if (!logins.has(login.user)) logins.set(login.user, login)
  const config = new KubeConfig()
  config.loadFromOptions({
    clusters: first(parts.flatMap(p => p.config.clusters)).map(reached),
    users: first(parts.flatMap(p => p.config.users)),
    contexts: first(parts.flatMap(p => p.config.contexts)),
    currentContext: parts.find(p => p.config.currentContext)?.config.currentContext ?? '',
  })
  return { config, logins }
}

function first<T extends { readonly name: string }>(items: readonly T[]): T[] {
  const known = new Map<string, T>()
  for (const item of items) if (!known.has(item.name)) known.set(item.name, item)
  return [...known.values()]
}

/** The library refuses plain http unless told not to verify (kubectl does not: `kubectl proxy`), and reads no proxy from the environment. */
function reached<T extends { readonly server: string; readonly skipTLSVerify?: boolean; readonly proxyUrl?: string }>(
  cluster: T,
): T {
  const plain = cluster.server.startsWith('http:') ? { skipTLSVerify: true } : {}
  return { ...cluster, ...plain, proxyUrl: cluster.proxyUrl || proxyFor(cluster.server, process.env) }
}

/** What is wrong with a file, without any of its text: it holds secrets. */
function why(error: unknown): string {
  if (!(error instanceof Error)) return 'it is not a kubeconfig'
  const code = 'code' in error ? String(error.code) : ''
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied'
  if (code === 'EISDIR') return 'it is a folder'
  const mark: unknown = 'mark' in error ? error.mark : undefined
  const line = typeof mark === 'object' && mark !== null && 'line' in mark ? Number(mark.line) + 1 : undefined
  return line === undefined ? 'it is not a kubeconfig' : `it is not YAML (line ${line})`
}

/** Makes the context current; a sentence when it cannot be. `by`: what chooses another one. */
function choose(config: KubeConfig, name: string, by: string): string | undefined {
  const names = config.contexts.map(c => c.name)
  const known = names.length > 0 ? `there are ${names.slice(0, 8).join(', ')}` : 'it has no contexts'
  if (name === '') return `The kubeconfig has no current context: choose one with ${by} (${known}).`
  const context = config.contexts.find(c => c.name === name)
  if (!context) return `The kubeconfig has no context ${name}: ${known}.`
  if (!config.clusters.some(c => c.name === context.cluster))
    return `The context ${name} names the cluster ${context.cluster}, which the kubeconfig does not have.`
  config.setCurrentContext(name)
  // Without a user the library does not even take the cluster's certificates.
  if (!config.getCurrentUser()) config.users = [...config.users, { name: context.user ?? '' }]
  const server = config.getCurrentCluster()?.server ?? ''
  return URL.canParse(server) ? undefined : `The cluster ${context.cluster} of the kubeconfig has no usable address.`
}

const REMOVED: Readonly<Record<string, string>> = {
  azure: 'run "kubelogin convert-kubeconfig", which puts a login program (exec) in its place',
  gcp: 'run "gcloud container clusters get-credentials", which puts the login program gke-gcloud-auth-plugin (exec) in its place',
}

/** Why this user cannot log in, or why the program that does it is not started; undefined when nothing is in the way. */
function refusal(config: KubeConfig, login: Login, options: ClusterOptions): string | undefined {
  const user = config.getCurrentUser()
  const provider = user?.authProvider?.name
  if (provider !== undefined && provider !== 'oidc')
    return `The user ${user?.name} logs in by the auth-provider ${provider}, which Kubernetes no longer has: ${REMOVED[provider] ?? 'use a login program (exec) instead'}.`
  if (!login.exec) return undefined
  const { command } = login.exec
  if (!options.trusted)
    return `The user ${login.user} logs in with the program ${command}, which is started only in a trusted workspace.`
  if (isInside(login.file, options.folders))
    return `The user ${login.user} logs in with the program ${command}, which is not started: the kubeconfig ${login.file} is the workspace's own.`
  return undefined
}

/** Whether a path lies in one of the folders (URIs or paths), links followed. */
function isInside(path: string, folders: readonly string[]): boolean {
  return folders.some(folder => {
    try {
      const base = realpathSync(folder.startsWith('file:') ? fileURLToPath(folder) : folder)
      const from = relative(base, realpathSync(path))
      return from !== '' && from !== '..' && !from.startsWith(`..${sep}`) && resolve(base, from) !== from
    } catch {
      return false
    }
  })
}
