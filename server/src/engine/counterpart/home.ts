// Where a new policy object goes, and how it is called: as the files around it are.

import { memo } from '../../memo.ts'
import { policyRoots } from '../../model/kinds.ts'
import { policies, resources } from '../../model/lower.ts'
import type { Policy, Selector } from '../../model/policy.ts'
import { SERVICE_ACCOUNT } from '../../model/selector.ts'
import { addItem, appendDocument, isShared } from '../../syntax/edit.ts'
import type { Document, File } from '../../syntax/file.ts'
import { styleOf } from '../../syntax/layout.ts'
import { get, items, type Node, str } from '../../syntax/node.ts'
import { type Plain, printLines } from '../../syntax/print.ts'
import type { Edit } from '../../syntax/problem.ts'
import { filesIn, folderOf, inventoryDocuments, uriOf } from '../../workspace/documents.ts'
import type { Endpoint } from '../../workspace/inventory.ts'
import { effectiveNamespace, namespaceOfFile } from '../../workspace/namespace.ts'
import type { Snapshot } from '../../workspace/snapshot.ts'

/** A policy to be made: for which namespace (none: clusterwide), named after whom, and its spec. */
export interface NewPolicy {
  /** Names and URIs that the same edit has used already. */
  readonly taken: ReadonlySet<string>
  readonly namespace: string | undefined
  /** The account or application that it is for: "hubble-relay". */
  readonly who: string
  /** Its pods, as far as they are known. */
  readonly pods: readonly Endpoint[]
  readonly spec: Readonly<Record<string, Plain>>
}

/** What makes a new policy object: its name, the edits, and where it goes in words ("web.yaml", "this file"). */
export interface Home {
  readonly name: string
  readonly where: string
  readonly edits: readonly Edit[]
}

/** The place for a new policy, seen from the policy that needs it; undefined when no file would reach that namespace. */
export function homeFor(snapshot: Snapshot, source: Policy, made: NewPolicy): Home | undefined {
  const file = fileOf(snapshot, source.document)
  if (!file || source.document.templated) return undefined
  const name = freeName(snapshot, made, nameLike(source, made))
  const into = appendable(snapshot, file, made.namespace)
  if (into) return appended(snapshot, into, { source, made, name })
  return created(snapshot, { file, source, made, name })
}

function fileOf(snapshot: Snapshot, document: Document): File | undefined {
  const uri = uriOf(snapshot, document)
  return uri === undefined ? undefined : snapshot.files.get(uri)
}

/** The file itself when it holds several policies or cannot have files beside it, and what is in it reaches the namespace. */
function appendable(snapshot: Snapshot, file: File, namespace: string | undefined): File | undefined {
  if (!reaches(snapshot, file.uri, namespace) || !takesDocuments(file)) return undefined
  const several = file.documents.filter(d => policyRoots(d).length > 0).length > 1
  return several || !file.uri.startsWith('file:') ? file : undefined
}

/** YAML whose last document can be followed by another one. */
function takesDocuments(file: File): boolean {
  const last = file.documents.at(-1)
  const whole = file.documents.every(d => d.errors.length === 0 && !d.templated)
  return whole && last !== undefined && !/\.json$/i.test(file.uri) && !/^\.\.\.[ \t]*$/m.test(last.text)
}

function reaches(snapshot: Snapshot, uri: string, namespace: string | undefined): boolean {
  const delivered = namespaceOfFile(snapshot.files, uri)?.namespace
  return delivered === undefined || namespace === undefined || delivered === namespace
}

interface Making {
  readonly source: Policy
  readonly made: NewPolicy
  readonly name: string
}

function appended(snapshot: Snapshot, file: File, making: Making): Home | undefined {
  const last = file.documents.at(-1)
  if (!last) return undefined
  const body = bodyOf(snapshot, file.uri, making)
  return { name: making.name, where: 'this file', edits: [appendDocument(last, body)] }
}

function bodyOf(snapshot: Snapshot, uri: string, { source, made, name }: Making): string {
  const given = namespaceOfFile(snapshot.files, uri)?.namespace
  const written = made.namespace !== undefined && (given === undefined || source.namespace !== undefined)
  const body: Plain = {
    apiVersion: 'cilium.io/v2',
    kind: made.namespace === undefined ? 'CiliumClusterwideNetworkPolicy' : 'CiliumNetworkPolicy',
    metadata: { name, ...(written && made.namespace !== undefined ? { namespace: made.namespace } : {}) },
    spec: made.spec,
  }
  return `${printLines(body, styleOf(source.document)).join('\n')}\n`
}

function created(snapshot: Snapshot, of: Making & { readonly file: File }): Home | undefined {
  const { file, made, source } = of
  const folder = foldersFor(snapshot, of).find(f => reaches(snapshot, `${f}x.yaml`, made.namespace))
  if (folder === undefined)
    return takesDocuments(file) && reaches(snapshot, file.uri, made.namespace)
      ? appended(snapshot, file, of)
      : undefined
  const uri = freeUri({ files: snapshot.files, taken: made.taken }, folder, fileNamesLike(file, of))
  const { eol } = styleOf(source.document)
  const text = (opening(file) + bodyOf(snapshot, uri, of)).replaceAll('\n', eol)
  const where = uri.slice(uri.lastIndexOf('/') + 1)
  return { name: of.name, where, edits: [{ kind: 'create', uri, text }, ...listed(snapshot, folder, where)] }
}

/** Folders that would do, best first: beside the pods' manifests where that is the custom, where that namespace's policies are, a sibling named after it, the file's own. */
function foldersFor(snapshot: Snapshot, { file, source, made }: Making & { readonly file: File }): readonly string[] {
  const { namespace } = made
  const own = folderOf(file.uri)
  const home = effectiveNamespace(snapshot, source)?.namespace
  const beside = isBesideWorkloads(snapshot, file) ? manifestsOf(snapshot, made) : []
  if (namespace === home) return [...beside, own]
  const known = [...(policyFolders(snapshot).get(namespace) ?? [])]
    .sort((a, b) => b[1] - a[1] || distance(own, a[0]) - distance(own, b[0]))
    .map(([f]) => f)
  const named = home !== undefined && namespace !== undefined && own.endsWith(`/${home}/`)
  const sibling = named ? [`${own.slice(0, -home.length - 1)}${namespace}/`] : []
  return [...beside, ...known, ...sibling, own]
}

/** The folders with policies for a namespace (none: clusterwide ones), and how many there are. */
const policyFolders = memo((snapshot: Snapshot) => {
  const found = new Map<string | undefined, Map<string, number>>()
  for (const { uri, documents } of snapshot.files.values()) {
    if (!uri.startsWith('file:')) continue
    for (const p of documents.flatMap(d => policies(d))) {
      const namespace = placeOf(snapshot, p)
      if (!p.clusterwide && namespace === undefined) continue
      const folders = found.get(namespace) ?? new Map<string, number>()
      folders.set(folderOf(uri), (folders.get(folderOf(uri)) ?? 0) + 1)
      found.set(namespace, folders)
    }
  }
  return found
})

/** The namespace of a policy; undefined: unknown, or clusterwide. */
const placeOf = (snapshot: Snapshot, policy: Policy): string | undefined =>
  policy.clusterwide ? undefined : effectiveNamespace(snapshot, policy)?.namespace

/** Whether policies here stand beside the manifests of their pods. */
function isBesideWorkloads({ files }: Snapshot, file: File): boolean {
  return filesIn(files, folderOf(file.uri)).some(f =>
    f.documents.some(d => resources(d).some(r => r.kind === 'workload')),
  )
}

/** The folders of the pods' manifests. */
function manifestsOf(snapshot: Snapshot, { pods }: NewPolicy): readonly string[] {
  const uris = pods.flatMap(pod => (pod.place && uriOf(snapshot, pod.place.document)) ?? [])
  return uris.filter(uri => snapshot.files.has(uri)).map(folderOf)
}

/** How many folders lie between two. */
function distance(a: string, b: string): number {
  const x = a.split('/')
  const y = b.split('/')
  let common = 0
  while (common < x.length && x[common] === y[common]) common++
  return x.length + y.length - 2 * common
}

/** What new files begin with here: `---` and the line that names their schema, where this one does. */
function opening(file: File): string {
  const m = /^(?:---[ \t]*\r?\n)?(?:# yaml-language-server:[^\r\n]*\r?\n)?(?:---[ \t]*\r?\n)?/.exec(
    file.text.replace(/^\uFEFF/, ''),
  )
  return (m?.[0] ?? '').replaceAll('\r\n', '\n')
}

/** Who a selector is about: its account, or the application that its labels name. */
export function whoOf(selector: Pick<Selector, 'requirements'> | undefined): string | undefined {
  const named = selector?.requirements.filter(r => r.operator === 'In' && r.values.length === 1) ?? []
  const keys = [SERVICE_ACCOUNT, 'app.kubernetes.io/name', 'k8s-app', 'app', 'name', 'app.kubernetes.io/instance']
  for (const key of keys) {
    const value = named.find(r => r.key === key)?.values[0]
    if (value) return value
  }
  const other = named.find(r => !r.key.startsWith('io.'))
  const value = other?.values[0]
  return value && /^(?:true|yes|on|enabled|[0-9.]+)$/i.test(value) ? other.key.split('/').at(-1) : value
}

/** Words that names of policies and their files are made of beside whom they are about. */
const CUSTOM =
  /^(?:allow|cilium|ccnp|cnp|egress|from|ingress|netpol|netpols|network|networkpolicy|np|policies|policy|to)$/i

/** A name made as another is: its customary words stay, the rest becomes `who`, and a direction becomes that of the new policy. */
function nameAs(sample: string, who: string, direction: string): string {
  const words = sample.split('-')
  const custom = words.map(w => CUSTOM.test(w))
  if (!custom.includes(true)) return who
  const at = custom.indexOf(false)
  const kept = words.flatMap((w, i) =>
    i === at ? [who] : custom[i] ? [/^(?:in|e)gress$/.test(w) ? direction : w] : [],
  )
  return at === -1 ? [who, ...kept].join('-') : kept.join('-')
}

/** A name as Kubernetes takes it. */
function nameLike(source: Policy, made: NewPolicy): string {
  const name = nameAs(source.name?.value ?? '', made.who, directionOf(made))
    .toLowerCase()
    .replace(/[^a-z0-9.-]/g, '-')
    .replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
  return name.slice(0, 200) || 'other-side'
}

const directionOf = ({ spec }: Pick<NewPolicy, 'spec'>): string => (spec.ingress === undefined ? 'egress' : 'ingress')

/** The names of policies by namespace; without one: of clusterwide policies, and of those whose namespace is not known. */
const names = memo((snapshot: Snapshot) => {
  const found = new Map<string | undefined, Set<string>>()
  for (const p of [...inventoryDocuments(snapshot).keys()].flatMap(document => policies(document))) {
    if (!p.name) continue
    const namespace = placeOf(snapshot, p)
    const known = found.get(namespace) ?? new Set<string>()
    found.set(namespace, known.add(p.name.value))
  }
  return found
})

function freeName(snapshot: Snapshot, made: NewPolicy, wanted: string): string {
  const known = names(snapshot).get(made.namespace)
  const direction = directionOf(made)
  return first(
    [wanted, `${wanted}-${direction}`],
    n => `${wanted}-${direction}-${n}`,
    name => !made.taken.has(name) && !known?.has(name),
  )
}

function first(wanted: readonly string[], more: (n: number) => string, free: (text: string) => boolean): string {
  const found = wanted.find(free)
  if (found !== undefined) return found
  let n = 2
  while (!free(more(n))) n++
  return more(n)
}

/** File names made as the source's is: named after its policy, after whom it is about, or the same in each folder. */
function fileNamesLike(file: File, { source, made, name }: Making): readonly string[] {
  const base = file.uri.slice(file.uri.lastIndexOf('/') + 1)
  const dot = base.lastIndexOf('.')
  const stem = dot > 0 ? base.slice(0, dot) : base
  const end = /\.json$/i.test(base) || dot <= 0 ? '.yaml' : base.slice(dot)
  if (stem === source.name?.value) return [name + end]
  const same = stem.split('-').every(w => CUSTOM.test(w)) ? [stem + end] : []
  return [...same, nameAs(stem, made.who, directionOf(made)) + end]
}

function freeUri(
  { files, taken }: Pick<Snapshot, 'files'> & Pick<NewPolicy, 'taken'>,
  folder: string,
  bases: readonly string[],
): string {
  const last = bases.at(-1) ?? 'policy.yaml'
  const dot = last.lastIndexOf('.')
  const numbered = (n: number) => `${last.slice(0, dot)}-${n}${last.slice(dot)}`
  return folder + first(bases, numbered, name => !files.has(folder + name) && !taken.has(folder + name))
}

/** The new file among the resources of the folder's kustomization, when that lists what lies beside it. */
function listed(snapshot: Snapshot, folder: string, name: string): readonly Edit[] {
  for (const file of ['kustomization.yaml', 'kustomization.yml'].map(n => snapshot.files.get(folder + n))) {
    for (const document of file?.documents ?? []) {
      const list = get(document.root, 'resources')
      if (list?.kind !== 'seq' || document.templated || isShared(list) || !hasFiles(list)) continue
      const dotted = items(list).every(i => !str(i)?.endsWith('ml') || str(i)?.startsWith('./'))
      return addItem(document, list, dotted ? `./${name}` : name)
    }
  }
  return []
}

const hasFiles = (list: Node): boolean => items(list).some(i => /\.ya?ml$/i.test(str(i) ?? ''))
