// What Flux and kustomize make of the namespaces of the files that they deliver.

import { memo, stamped } from '../memo.ts'
import { resources } from '../model/lower.ts'
import type { Document, File } from '../syntax/file.ts'
import { at, get, isNull, items, type MapNode, type Node, str } from '../syntax/node.ts'
import type { Place } from '../syntax/problem.ts'
import { folderOf } from './documents.ts'
import { sameLists } from './lists.ts'
import type { Snapshot } from './snapshot.ts'

/** What a tool puts in place of the namespace that is written; undefined: something that is not known. */
export interface Delivered {
  readonly namespace: string | undefined
  readonly why: string
  readonly place: Place | undefined
}

interface Flux {
  /** The folder it is for, with a slash at both ends. */
  readonly folder: string
  /** undefined: it leaves namespaces as they are. */
  readonly target: Delivered | undefined
}

interface Kustomization {
  readonly folder: string
  /** URIs of the files and folders that it lists; folders end with a slash. */
  readonly lists: readonly string[]
  readonly target: Delivered | undefined
}

interface Said {
  readonly flux: readonly Flux[]
  readonly kustomizations: readonly Kustomization[]
}

/** What the Flux objects and the kustomization of a file say; remembered by file, undefined when it has none. */
export const saidBy: (file: File) => Said | undefined = stamped(file => {
  const flux = file.documents.flatMap(d =>
    resources(d).flatMap(r => (r.kind === 'fluxKustomization' ? fluxOf(d, r.root) : [])),
  )
  const isKustomization = /\/kustomization(?:\.ya?ml)?$/i.test(file.uri)
  const kustomizations = isKustomization ? file.documents.flatMap(d => kustomizationOf(d, file.uri)) : []
  return flux.length + kustomizations.length > 0 ? { flux, kustomizations } : undefined
})

const named = (node: Node | undefined): string | undefined => str(node) || undefined

function fluxOf(document: Document, root: MapNode): Flux[] {
  const path = named(at(root, ['spec', 'path']))
  const folder = `/${(path ?? '').replace(/^\.?\/+/, '').replace(/\/+$/, '')}/`
  if (folder === '//') return []
  const name = named(at(root, ['metadata', 'name'])) ?? ''
  const why = `targetNamespace of the Flux Kustomization ${name}`.trim()
  return [{ folder, target: targetOf(document, at(root, ['spec', 'targetNamespace']), why) }]
}

function targetOf(document: Document, node: Node | undefined, why: string): Delivered | undefined {
  if (!node || isNull(node)) return undefined
  return { namespace: named(node), why, place: { document, span: node.span } }
}

function kustomizationOf(document: Document, uri: string): Kustomization[] {
  const { root } = document
  if (root?.kind !== 'map') return []
  const folder = folderOf(uri)
  const written = ['resources', 'bases', 'components'].flatMap(key => items(get(root, key)).flatMap(i => str(i) ?? []))
  const target = targetOf(document, get(root, 'namespace'), 'namespace of kustomization.yaml')
  return [{ folder, lists: written.flatMap(path => resolved(folder, path)), target }]
}

/** The URIs that a path in a kustomization may mean: of a file and of a folder. */
function resolved(folder: string, path: string): readonly string[] {
  if (path.includes('://') || path.startsWith('/')) return []
  const start = folder.indexOf('//') + 2
  const steps = folder.slice(start).split('/').slice(0, -1)
  for (const step of path.split('/')) {
    if (step === '..') steps.pop()
    else if (step !== '.' && step !== '') steps.push(encodeURIComponent(step).replaceAll('%40', '@'))
  }
  const uri = folder.slice(0, start) + steps.join('/')
  return [uri, `${uri}/`]
}

interface Deliveries {
  readonly flux: readonly Flux[]
  /** Kustomizations by what they list. */
  readonly listing: ReadonlyMap<string, readonly Kustomization[]>
  readonly known: Map<string, Delivered | undefined>
}

const saidIn = sameLists<Said>()

const together = memo((all: readonly Said[]): Deliveries => {
  const listing = new Map<string, Kustomization[]>()
  for (const k of all.flatMap(s => s.kustomizations)) {
    for (const uri of k.lists) {
      const holders = listing.get(uri)
      if (holders) holders.push(k)
      else listing.set(uri, [k])
    }
  }
  const flux = all.flatMap(s => s.flux).sort((a, b) => b.folder.length - a.folder.length)
  return { flux, listing, known: new Map() }
})

const deliveries: (files: Snapshot['files']) => Deliveries = memo(files =>
  together(saidIn([...files.values()].flatMap(file => saidBy(file) ?? []))),
)

/** What Flux, else kustomize, puts in place of the namespace of everything in a file; undefined when nothing does. */
export function deliveredNamespace(files: Snapshot['files'], uri: string): Delivered | undefined {
  const all = deliveries(files)
  if (all.known.has(uri)) return all.known.get(uri)
  const found = byFlux(all.flux, uri) ?? byKustomize(all.listing, uri)
  all.known.set(uri, found)
  return found
}

/** The Flux Kustomizations with the longest path that holds the file decide. */
function byFlux(flux: readonly Flux[], uri: string): Delivered | undefined {
  const nearest = flux.find(f => uri.includes(f.folder))
  if (!nearest) return undefined
  return agreed(
    flux.filter(f => f.folder === nearest.folder).map(f => f.target),
    'Flux Kustomizations',
  )
}

/** The nearest kustomizations that reach the file and say a namespace, by way of those that list it. */
function byKustomize(listing: Deliveries['listing'], uri: string): Delivered | undefined {
  const seen = new Set<Kustomization>()
  let here = listing.get(uri) ?? []
  for (let step = 0; here.length > 0 && step < 32; step++) {
    const targets = here.flatMap(k => k.target ?? [])
    if (targets.length > 0) return agreed(targets, 'kustomizations')
    for (const k of here) seen.add(k)
    here = here.flatMap(k => (listing.get(k.folder) ?? []).filter(holder => !seen.has(holder)))
  }
  return undefined
}

function agreed(targets: readonly (Delivered | undefined)[], who: string): Delivered | undefined {
  const [first] = targets
  if (targets.every(t => t?.namespace === first?.namespace)) return first
  const place = targets.find(t => t)?.place
  return { namespace: undefined, why: `${who} deliver it to different namespaces`, place }
}
