// Which objects of a document are Cilium policies: by what they say, never by a file's name.

import { stamped } from '../memo.ts'
import type { Document } from '../syntax/file.ts'
import { get, items, type MapNode, type Node, str } from '../syntax/node.ts'
import { suggest } from '../syntax/suggest.ts'

export const POLICY_KINDS = ['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy'] as const
export type PolicyKind = (typeof POLICY_KINDS)[number]

/** What an object is; undefined: it does not say, or it is not known. */
export interface Type {
  readonly apiVersion: string | undefined
  readonly kind: string | undefined
}

/**
 * What an object says that it is. An item of a list of one kind, as the API server gives it, need not say it: it has the list's
 * apiVersion, and its kind without "List" (apimachinery unstructured/helpers.go decodeToList).
 */
export function typeOf(node: Node | undefined): Type {
  const [apiVersion, kind] = [get(node, 'apiVersion'), get(node, 'kind')]
  if (apiVersion || kind) return { apiVersion: str(apiVersion), kind: str(kind) }
  return listedType(node) ?? { apiVersion: undefined, kind: undefined }
}

/** What the list that an object is in says of it; undefined for what is in none, or in one of several kinds. */
export function listedType(node: Node | undefined): Type | undefined {
  const list = node?.parent?.kind === 'seq' ? node.parent.parent : undefined
  const kind = /^(.+)List$/.exec(str(get(list, 'kind')) ?? '')?.[1]
  return kind === undefined ? undefined : { apiVersion: str(get(list, 'apiVersion')), kind }
}

/** What serves policies. */
export const SERVED = 'cilium.io/v2'

/** The policy kind of an object, when it is one of cilium.io/v2, or of a version that a template will write. */
export function policyKind(node: Node | undefined): PolicyKind | undefined {
  const { apiVersion, kind } = typeOf(node)
  const known = POLICY_KINDS.find(k => k === kind)
  return known && (apiVersion === SERVED || isWritten(get(node, 'apiVersion'))) ? known : undefined
}

/** By a template, later. */
const isWritten = (node: Node | undefined): boolean => node?.kind === 'scalar' && node.unknown

/** The objects of a document: its root, or the items of a List (of a `kind` that ends in "List" and has `items`). */
export const objects: (document: Document) => readonly MapNode[] = stamped(document => {
  const root = document.root
  if (root?.kind !== 'map') return []
  const list = str(get(root, 'kind'))?.endsWith('List') ? get(root, 'items') : undefined
  if (list?.kind !== 'seq') return [root]
  return items(list).filter(item => item.kind === 'map')
})

/** Every CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy of a document, items of Lists included. */
export const policyRoots: (document: Document) => readonly MapNode[] = stamped(document =>
  objects(document).filter(o => policyKind(o) !== undefined),
)

/** An object that is meant to be a policy and is none: `kind` is what it should be, undefined where that cannot be told. */
export interface Misnamed {
  readonly root: MapNode
  readonly kind: PolicyKind | undefined
}

/** Objects that call themselves policies under no apiVersion or a wrong one of Cilium's, or a kind of that that nearly is a policy's. */
export const misnamed: (document: Document) => readonly Misnamed[] = stamped(document =>
  objects(document).flatMap(root => {
    if (policyKind(root) || root.open) return []
    const kind = str(get(root, 'kind'))
    const known = POLICY_KINDS.find(k => k === kind)
    if (known) return isNearlyServed(get(root, 'apiVersion')) ? [{ root, kind: known }] : []
    if (str(get(root, 'apiVersion')) !== SERVED) return []
    if (kind !== undefined) return isOther(kind) ? [] : meant(kind).map(near => ({ root, kind: near }))
    return get(root, 'kind') === undefined && hasRules(root) ? [{ root, kind: kindOf(root) }] : []
  }),
)

function isNearlyServed(version: Node | undefined): boolean {
  if (version === undefined) return true
  const text = str(version) ?? ''
  return /^(?:cilium(?:\.io)?\/.*|v\d\w*)$/.test(text) || suggest(text, [SERVED]) !== undefined
}

/** So many letters may be wrong in a kind: those of other kinds differ in more. */
const SLIPS = 3

const meant = (kind: string): readonly PolicyKind[] =>
  POLICY_KINDS.filter(known => known === suggest(kind, POLICY_KINDS, SLIPS))

/** Lists of policies. */
const isOther = (kind: string): boolean => kind.endsWith('List')

const hasRules = (root: MapNode): boolean =>
  items(get(root, 'specs')).length > 0 ||
  ['endpointSelector', 'nodeSelector', 'ingress', 'egress'].some(key => get(get(root, 'spec'), key) !== undefined)

/** Without a kind only a namespace tells which. */
const kindOf = (root: MapNode): PolicyKind | undefined =>
  get(get(root, 'metadata'), 'namespace') === undefined ? undefined : 'CiliumNetworkPolicy'
