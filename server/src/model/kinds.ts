// Which objects of a document are Cilium policies: by what they say, never by a file's name.

import { stamped } from '../memo.ts'
import type { Document } from '../syntax/file.ts'
import { get, items, type MapNode, type Node, str } from '../syntax/node.ts'

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

/** The policy kind of an object, when it is one of cilium.io/v2. */
export function policyKind(node: Node | undefined): PolicyKind | undefined {
  const { apiVersion, kind } = typeOf(node)
  return apiVersion === 'cilium.io/v2' ? POLICY_KINDS.find(k => k === kind) : undefined
}

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

/** Objects that call themselves policies under no apiVersion, or under one of Cilium's that does not serve them. */
export const misnamed: (document: Document) => readonly MapNode[] = stamped(document =>
  objects(document).filter(o => {
    const kind = str(get(o, 'kind'))
    const version = get(o, 'apiVersion')
    if (!POLICY_KINDS.some(k => k === kind) || policyKind(o) || o.open) return false
    return version === undefined || /^(?:cilium(?:\.io)?\/.*|v\d\w*)$/.test(str(version) ?? '')
  }),
)
