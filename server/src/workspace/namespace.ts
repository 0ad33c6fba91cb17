// The effective namespace of a file or policy: what the tools that deliver it make of it.

import { memo } from '../memo.ts'
import { resources } from '../model/lower.ts'
import type { Policy } from '../model/policy.ts'
import type { Document } from '../syntax/file.ts'
import { at, get, items, type MapNode, type Node, str } from '../syntax/node.ts'
import type { Place } from '../syntax/problem.ts'
import { inventoryDocuments } from './documents.ts'
import type { Snapshot } from './snapshot.ts'

/** A namespace, why it is that one, and where that is written. */
export interface EffectiveNamespace {
  readonly namespace: string
  readonly why: string
  readonly place: Place | undefined
}

interface Given extends EffectiveNamespace {
  /** The folder it is for, with a slash at both ends. */
  readonly folder: string
}

interface Kustomization {
  readonly folder: string
  readonly resources: readonly string[]
  readonly namespace: { readonly value: string; readonly place: Place } | undefined
}

interface Deliveries {
  readonly flux: readonly Given[]
  readonly kustomizations: ReadonlyMap<string, Kustomization>
}

const deliveries: (files: Snapshot['files']) => Deliveries = memo(files => {
  const flux: Given[] = []
  const kustomizations = new Map<string, Kustomization>()
  for (const file of files.values()) {
    const folder = folderOf(file.uri)
    for (const document of file.documents) {
      for (const r of resources(document)) if (r.kind === 'fluxKustomization') flux.push(...fluxOf(document, r.root))
      const root = document.root
      if (root?.kind !== 'map' || !/\/kustomization\.ya?ml$/i.test(file.uri) || str(get(root, 'kind')) === 'Component')
        continue
      kustomizations.set(folder, kustomization(document, root, folder))
    }
  }
  return { flux: flux.sort((a, b) => b.folder.length - a.folder.length), kustomizations }
})

const folderOf = (uri: string): string => uri.slice(0, uri.lastIndexOf('/') + 1)
const named = (node: Node | undefined): string | undefined => str(node) || undefined

function fluxOf(document: Document, root: MapNode): Given[] {
  const target = at(root, ['spec', 'targetNamespace'])
  const path = named(at(root, ['spec', 'path']))
  const namespace = named(target)
  if (!target || !namespace || !path) return []
  const folder = `/${path.replace(/^\.?\/+/, '').replace(/\/+$/, '')}/`
  const why = `targetNamespace of the Flux Kustomization ${named(at(root, ['metadata', 'name'])) ?? ''}`.trim()
  return folder === '//' ? [] : [{ namespace, why, place: { document, span: target.span }, folder }]
}

function kustomization(document: Document, root: MapNode, folder: string): Kustomization {
  const namespace = get(root, 'namespace')
  const value = named(namespace)
  return {
    folder,
    resources: ['resources', 'bases', 'components'].flatMap(key => items(get(root, key)).flatMap(i => str(i) ?? [])),
    namespace: namespace && value ? { value, place: { document, span: namespace.span } } : undefined,
  }
}

/** What Flux or kustomize make of the namespace of everything in a file; undefined when nothing does. */
export function namespaceOfFile(files: Snapshot['files'], uri: string): EffectiveNamespace | undefined {
  const { flux, kustomizations } = deliveries(files)
  const given = flux.find(g => uri.includes(g.folder))
  if (given) return given
  for (let folder = folderOf(uri); folder.length > 8; folder = folderOf(folder.slice(0, -1))) {
    const k = kustomizations.get(folder)
    if (k?.namespace && reaches(kustomizations, k, uri, 0))
      return { namespace: k.namespace.value, why: 'namespace of kustomization.yaml', place: k.namespace.place }
    if (!folder.includes('/', 8)) break
  }
  return undefined
}

function reaches(all: Deliveries['kustomizations'], k: Kustomization, uri: string, depth: number): boolean {
  if (depth > 32) return false
  for (const resource of k.resources) {
    const target = k.folder + resource.replace(/^\.\//, '').replace(/\/$/, '')
    if (target === uri) return true
    const child = all.get(`${target}/`)
    if (child && uri.startsWith(child.folder) && reaches(all, child, uri, depth + 1)) return true
  }
  return false
}

const remembered = memo((_snapshot: Snapshot) => new Map<Policy, EffectiveNamespace | undefined>())

/**
 * The namespace that a policy has in the cluster: Flux's targetNamespace, else kustomize's namespace, else what is written,
 * else the command line's, else undefined (unknown). A clusterwide policy has none.
 */
export function effectiveNamespace(snapshot: Snapshot, policy: Policy): EffectiveNamespace | undefined {
  if (policy.clusterwide) return undefined
  const known = remembered(snapshot)
  if (known.has(policy)) return known.get(policy)
  const found = find(snapshot, policy)
  known.set(policy, found)
  return found
}

function find(snapshot: Snapshot, policy: Policy): EffectiveNamespace | undefined {
  const uri = inventoryDocuments(snapshot).get(policy.document)
  const delivered = uri !== undefined && snapshot.files.has(uri) ? namespaceOfFile(snapshot.files, uri) : undefined
  if (delivered) return delivered
  if (policy.namespace?.value)
    return {
      namespace: policy.namespace.value,
      why: 'metadata.namespace',
      place: { document: policy.document, span: policy.namespace.node.span },
    }
  const written = at(policy.root, ['metadata', 'namespace'])
  if (written?.kind === 'scalar' && written.unknown) return undefined
  if (snapshot.settings.namespace)
    return { namespace: snapshot.settings.namespace, why: '--namespace', place: undefined }
  return undefined
}
