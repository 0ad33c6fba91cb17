// The effective namespace of a file or policy: what the tools that deliver it make of it.

import { memo } from '../memo.ts'
import type { Policy } from '../model/policy.ts'
import { at } from '../syntax/node.ts'
import type { Place } from '../syntax/problem.ts'
import { type Delivered, deliveredNamespace } from './delivered.ts'
import { uriOf } from './documents.ts'
import type { Snapshot } from './snapshot.ts'

/** A namespace, why it is that one, and where that is written. */
export interface EffectiveNamespace {
  readonly namespace: string
  readonly why: string
  readonly place: Place | undefined
}

/** What Flux or kustomize make of the namespace of everything in a file; undefined when nothing does or it is not known. */
export function namespaceOfFile(files: Snapshot['files'], uri: string): EffectiveNamespace | undefined {
  const delivered = deliveredNamespace(files, uri)
  return delivered && known(delivered)
}

function known({ namespace, why, place }: Delivered): EffectiveNamespace | undefined {
  return namespace === undefined ? undefined : { namespace, why, place }
}

const remembered = memo((_snapshot: Snapshot) => new Map<Policy, EffectiveNamespace | undefined>())

/**
 * The namespace that a policy has in the cluster: Flux's targetNamespace, else kustomize's namespace, else what is written,
 * else the command line's, else undefined (unknown). A clusterwide policy has none.
 */
export function effectiveNamespace(snapshot: Snapshot, policy: Policy): EffectiveNamespace | undefined {
  if (policy.clusterwide) return undefined
  const before = remembered(snapshot)
  if (before.has(policy)) return before.get(policy)
  const found = find(snapshot, policy)
  before.set(policy, found)
  return found
}

/** Why a policy's namespace is not known: part of a sentence. */
export function whyUnknown(snapshot: Snapshot, policy: Policy): string {
  const delivered = delivery(snapshot, policy)
  if (!delivered) return 'neither the policy nor a kustomization says one'
  return delivered.why.includes('different') ? delivered.why : `${delivered.why} is a placeholder`
}

/** What delivers the file of a policy of the workspace. */
function delivery(snapshot: Snapshot, policy: Policy): Delivered | undefined {
  const uri = uriOf(snapshot, policy.document)
  return uri !== undefined && snapshot.files.has(uri) ? deliveredNamespace(snapshot.files, uri) : undefined
}

function find(snapshot: Snapshot, policy: Policy): EffectiveNamespace | undefined {
  const delivered = delivery(snapshot, policy)
  if (delivered) return known(delivered)
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
