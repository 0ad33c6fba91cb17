// All that is known of the cluster, merged: the live cluster, then the inventory file, then the workspace's own manifests.

import { memo, stamped, trimmed } from '../memo.ts'
import { resources } from '../model/lower.ts'
import type { Document, File } from '../syntax/file.ts'
import { collect, isInventory } from './collect.ts'
import type { Endpoint, Inventory, Origin } from './inventory.ts'
import { sameLists } from './lists.ts'
import { namespaceOfFile } from './namespace.ts'
import type { Snapshot } from './snapshot.ts'

const WORKSPACE: Origin = { kind: 'workspace', name: 'the workspace' }
const RANK = { cluster: 0, file: 1, workspace: 2 } as const

const documentsFrom = stamped((_first: Document) => sameLists<Document>())
const partsOf = sameLists<Inventory>()
const sourcesOf = sameLists<Inventory>()

const speaks = stamped(
  (document: Document): boolean => document.root !== undefined && resources(document).some(isInventory),
)

/** The documents of a file that say something of the cluster. */
const speaking = stamped((file: File): readonly Document[] => trimmed(file.documents.filter(speaks)))

/** What documents of one file say, in each namespace that the file may be delivered to. */
const said = stamped((documents: readonly Document[]) => {
  const byNamespace = new Map<string | undefined, Inventory>()
  return (namespace: string | undefined): Inventory => {
    const known = byNamespace.get(namespace)
    if (known) return known
    const made = collect(documents, WORKSPACE, () => namespace)
    byNamespace.set(namespace, made)
    return made
  }
})

/** What a file of the workspace says of the cluster; undefined when nothing. Remembered. */
export function partOf(files: Snapshot['files'], file: File): Inventory | undefined {
  const documents = speaking(file)
  const [first] = documents
  if (!first) return undefined
  return said(documentsFrom(first)(documents))(namespaceOfFile(files, file.uri)?.namespace)
}

function* parts(files: Snapshot['files']): Iterable<Inventory> {
  for (const file of files.values()) {
    const part = partOf(files, file)
    if (part) yield part
  }
}

const ofWorkspace = memo((list: readonly Inventory[]) => merge(list, WORKSPACE))
const ofAll = memo((list: readonly Inventory[]) => merge(list, list[0]?.origin ?? WORKSPACE))

/**
 * The merged picture. Items known from several sources are taken from the first of cluster, file, workspace. As long as none of
 * them says anything else it stays the same object, whatever else changes in the files.
 */
export const knowledge: (snapshot: Snapshot) => Inventory = memo(snapshot => {
  const sources = [...snapshot.inventories].sort((a, b) => RANK[a.origin.kind] - RANK[b.origin.kind])
  const workspace = ofWorkspace(partsOf([...parts(snapshot.files)]))
  return ofAll(sourcesOf([...sources, workspace]))
})

function merge(parts: readonly Inventory[], origin: Origin): Inventory {
  const config: Record<string, string> = {}
  for (const p of parts.toReversed()) Object.assign(config, p.config)
  return {
    origin,
    endpoints: endpoints(parts),
    namespaces: union(
      parts,
      p => p.namespaces,
      n => n.name,
    ),
    serviceAccounts: union(
      parts,
      p => p.serviceAccounts,
      a => `${a.namespace}/${a.name}`,
    ),
    services: union(
      parts,
      p => p.services,
      s => `${s.namespace}/${s.name}`,
    ),
    nodes: union(
      parts,
      p => p.nodes,
      n => n.name,
    ),
    cidrGroups: union(
      parts,
      p => p.cidrGroups,
      g => g.name,
    ),
    config,
    ciliumVersion: parts.find(p => p.ciliumVersion)?.ciliumVersion,
    policies: parts.flatMap(p => p.policies),
    gaps: parts.flatMap(p => p.gaps),
  }
}

/** What several sources say; the first one counts. What only a cluster says is taken as it is: nothing is there twice. */
function union<T>(
  parts: readonly Inventory[],
  pick: (part: Inventory) => readonly T[],
  key: (item: T) => string,
): readonly T[] {
  const saying = parts.filter(p => pick(p).length > 0)
  const [one] = saying
  if (one && saying.length === 1 && one.origin.kind === 'cluster') return pick(one)
  return first(saying.flatMap(pick), key)
}

function first<T>(list: readonly T[], key: (item: T) => string): readonly T[] {
  const seen = new Map<string, T>()
  for (const item of list) if (!seen.has(key(item))) seen.set(key(item), item)
  return [...seen.values()]
}

/** Pods stand for the manifests that made them; of manifests alone, one endpoint stands for all its pods. */
function endpoints(parts: readonly Inventory[]): readonly Endpoint[] {
  const unique = union(
    parts,
    p => p.endpoints,
    e => `${e.namespace}/${e.type}/${e.name}`,
  )
  if (unique.every(e => e.type === 'Pod')) return unique
  const running = new Set(unique.filter(e => e.type === 'Pod' && e.workload).map(e => `${e.namespace}/${e.workload}`))
  return unique.filter(e => e.type === 'Pod' || !running.has(`${e.namespace}/${e.workload}`))
}
