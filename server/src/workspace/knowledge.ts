// All that is known of the cluster, merged: the live cluster, then the inventory file, then the workspace's own manifests.

import { memo } from '../memo.ts'
import type { Document } from '../syntax/file.ts'
import { collect } from './collect.ts'
import type { Endpoint, Inventory, Origin } from './inventory.ts'
import { namespaceOfFile } from './namespace.ts'
import type { Snapshot } from './snapshot.ts'

const WORKSPACE: Origin = { kind: 'workspace', name: 'the workspace' }
const RANK = { cluster: 0, file: 1, workspace: 2 } as const

const ofWorkspace: (files: Snapshot['files']) => Inventory = memo(files => {
  const parts: Inventory[] = []
  for (const file of files.values()) {
    const documents = file.documents.filter(d => d.root !== undefined)
    if (documents.length) parts.push(ofFile(files, file.uri, documents))
  }
  return merge(parts, WORKSPACE)
})

function ofFile(files: Snapshot['files'], uri: string, documents: readonly Document[]): Inventory {
  return collect(documents, WORKSPACE, () => namespaceOfFile(files, uri)?.namespace)
}

/** The merged picture. Items known from several sources are taken from the first of cluster, file, workspace. */
export const knowledge: (snapshot: Snapshot) => Inventory = memo(snapshot => {
  const sources = [...snapshot.inventories].sort((a, b) => RANK[a.origin.kind] - RANK[b.origin.kind])
  const all = [...sources, ofWorkspace(snapshot.files)]
  return merge(all, all[0]?.origin ?? WORKSPACE)
})

function merge(parts: readonly Inventory[], origin: Origin): Inventory {
  const config: Record<string, string> = {}
  for (const p of parts.toReversed()) Object.assign(config, p.config)
  return {
    origin,
    endpoints: endpoints(parts.flatMap(p => p.endpoints)),
    namespaces: first(
      parts.flatMap(p => p.namespaces),
      n => n.name,
    ),
    serviceAccounts: first(
      parts.flatMap(p => p.serviceAccounts),
      a => `${a.namespace}/${a.name}`,
    ),
    services: first(
      parts.flatMap(p => p.services),
      s => `${s.namespace}/${s.name}`,
    ),
    nodes: first(
      parts.flatMap(p => p.nodes),
      n => n.name,
    ),
    cidrGroups: first(
      parts.flatMap(p => p.cidrGroups),
      g => g.name,
    ),
    config,
    ciliumVersion: parts.find(p => p.ciliumVersion)?.ciliumVersion,
    policies: parts.flatMap(p => p.policies),
    gaps: parts.flatMap(p => p.gaps),
  }
}

function first<T>(list: readonly T[], key: (item: T) => string): readonly T[] {
  const seen = new Map<string, T>()
  for (const item of list) if (!seen.has(key(item))) seen.set(key(item), item)
  return [...seen.values()]
}

/** Pods stand for the manifests that made them; of manifests alone, one endpoint stands for all its pods. */
function endpoints(list: readonly Endpoint[]): readonly Endpoint[] {
  const unique = first(list, e => `${e.namespace}/${e.type}/${e.name}`)
  const running = new Set(unique.filter(e => e.type === 'Pod' && e.workload).map(e => `${e.namespace}/${e.workload}`))
  return unique.filter(e => e.type === 'Pod' || !running.has(`${e.namespace}/${e.workload}`))
}
