// Which kubeconfig counts, as kubectl finds it, and whether the programs that it names may be started.

import { accessSync, readFileSync, realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { KubeConfig } from '@kubernetes/client-node/dist/config.js'
import type { ClusterOptions } from '../workspace/live.ts'

/** A kubeconfig with its context chosen, or why there is none. `none`: there is no kubeconfig at all, which is no failure. */
export type Loaded =
  | { readonly kind: 'config'; readonly config: KubeConfig; readonly context: string; readonly insecure: boolean }
  | { readonly kind: 'none' | 'failed'; readonly problem: string }

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
  const { config, files } = merged
  const context = options.context || config.currentContext || ''
  const problem = choose(config, context)
  if (problem !== undefined) return failed(problem)
  const refused = refusal(config, files, options)
  if (refused !== undefined) return failed(refused)
  return { kind: 'config', config, context, insecure: config.getCurrentCluster()?.skipTLSVerify === true }
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
    return failed(`There is no kubeconfig at ${paths.join(', ')}: change the setting ciliumPolicy.cluster.kubeconfig.`)
  if (process.env.KUBERNETES_SERVICE_HOST && exists('/var/run/secrets/kubernetes.io/serviceaccount/token')) {
    const config = new KubeConfig()
    config.loadFromCluster()
    return { kind: 'config', config, context: 'in-cluster', insecure: false }
  }
  return { kind: 'none', problem: `There is no kubeconfig at ${paths.join(' or ')}: no cluster is read.` }
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
  /** The file from which each user comes. */
  readonly files: ReadonlyMap<string, string>
}

/** Several files as one: the first entry of each name counts. A sentence when one of them is broken. */
function merge(paths: readonly string[]): Merged | string {
  const parts: { readonly path: string; readonly config: KubeConfig }[] = []
  for (const path of paths) {
    const config = new KubeConfig()
    try {
      config.loadFromString(readFileSync(path, 'utf8'))
      config.makePathsAbsolute(dirname(path))
    } catch (error) {
      return `The kubeconfig ${path} cannot be read: ${why(error)}.`
    }
    parts.push({ path, config })
  }
  const files = new Map<string, string>()
  for (const { path, config } of parts) for (const { name } of config.users) if (!files.has(name)) files.set(name, path)
  const config = new KubeConfig()
  config.loadFromOptions({
    clusters: first(parts.flatMap(p => p.config.clusters)).map(plainHttp),
    users: first(parts.flatMap(p => p.config.users)),
    contexts: first(parts.flatMap(p => p.config.contexts)),
    currentContext: parts.find(p => p.config.currentContext)?.config.currentContext ?? '',
  })
  return { config, files }
}

function first<T extends { readonly name: string }>(items: readonly T[]): T[] {
  const known = new Map<string, T>()
  for (const item of items) if (!known.has(item.name)) known.set(item.name, item)
  return [...known.values()]
}

/** The library refuses plain http unless told not to verify; kubectl does not (`kubectl proxy`). */
function plainHttp<T extends { readonly server: string; readonly skipTLSVerify?: boolean }>(cluster: T): T {
  return cluster.server.startsWith('http:') ? { ...cluster, skipTLSVerify: true } : cluster
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

/** Makes the context current; a sentence when it cannot be. */
function choose(config: KubeConfig, name: string): string | undefined {
  const names = config.contexts.map(c => c.name)
  const known = names.length > 0 ? `there are ${names.slice(0, 8).join(', ')}` : 'it has no contexts'
  if (name === '')
    return `The kubeconfig has no current context: choose one with ciliumPolicy.cluster.context (${known}).`
  const context = config.contexts.find(c => c.name === name)
  if (!context) return `The kubeconfig has no context ${name}: ${known}.`
  if (!config.clusters.some(c => c.name === context.cluster))
    return `The context ${name} names the cluster ${context.cluster}, which the kubeconfig does not have.`
  config.setCurrentContext(name)
  const server = config.getCurrentCluster()?.server ?? ''
  return URL.canParse(server) ? undefined : `The cluster ${context.cluster} of the kubeconfig has no usable address.`
}

/** Why a program that the kubeconfig names is not started; undefined when there is none or it may be. */
function refusal(config: KubeConfig, files: ReadonlyMap<string, string>, options: ClusterOptions): string | undefined {
  const user = config.getCurrentUser()
  const provider = user?.authProvider
  const starts = user?.exec !== undefined || (provider !== undefined && provider.name !== 'oidc')
  if (!user || !starts || provider?.name === 'tokenFile') return undefined
  const program = String(user.exec?.command ?? provider?.name)
  if (!options.trusted)
    return `The user ${user.name} logs in with the program ${program}, which is started only in a trusted workspace.`
  const file = files.get(user.name)
  if (file && isInside(file, options.folders))
    return `The user ${user.name} logs in with the program ${program}, which is not started: the kubeconfig ${file} is the workspace's own.`
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
