// Which objects of a document are Cilium policies: by what they say, never by a file's name.

import { stamped } from '../memo.ts'
import type { Document } from '../syntax/file.ts'
import { get, items, type MapNode, type Node, str } from '../syntax/node.ts'

export const POLICY_KINDS = ['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy'] as const
export type PolicyKind = (typeof POLICY_KINDS)[number]

/** The policy kind of an object, when it is one of cilium.io/v2. */
export function policyKind(node: Node | undefined): PolicyKind | undefined {
  if (str(get(node, 'apiVersion')) !== 'cilium.io/v2') return undefined
  const kind = str(get(node, 'kind'))
  return POLICY_KINDS.find(k => k === kind)
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
