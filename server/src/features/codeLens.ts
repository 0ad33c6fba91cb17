// Code lenses: the effective namespace of each policy, whether it is applied, and how many pods each of its rules selects.

import type { CodeLens } from 'vscode-languageserver-types'
import { policies } from '../model/lower.ts'
import type { Policy } from '../model/policy.ts'
import type { Document, File } from '../syntax/file.ts'
import { entryOf, type Span } from '../syntax/node.ts'
import { subjectPods } from '../workspace/selection.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import { namespaceOf, type World, whyNamespace, worldOf } from '../workspace/world.ts'
import { applied } from './applied.ts'
import { homeOf } from './around.ts'
import { type Client, rangeOf } from './convert.ts'
import { count } from './words.ts'

type Commands = Pick<Client, 'compareCommand' | 'reachCommand'>

/** The lenses of a file, complete. */
export function codeLenses(snapshot: Snapshot, uri: string, client?: Commands): CodeLens[] {
  const file = snapshot.files.get(uri)
  if (!file) return []
  const world = worldOf(snapshot)
  return file.documents.flatMap(document =>
    policies(document).flatMap(policy => [
      ...lenses(world, file, policy, client),
      ...appliedLenses(snapshot, file, policy, client),
    ]),
  )
}

function lenses(world: World, file: File, policy: Policy, client: Commands | undefined): CodeLens[] {
  const found = [lens(file, policy.document, startOf(policy), namespaceTitle(world, policy))]
  if (world.endpoints.length === 0) return found
  const home = homeOf(world.snapshot, policy, policy.document)
  for (const rule of policy.rules) {
    const { endpointSelector } = rule
    if (!endpointSelector) continue
    const { pods, sure } = subjectPods(world, home, rule)
    const title = `${sure ? '' : 'about '}${count(pods.length, 'pod')} selected`
    const key = entryOf(endpointSelector.node)?.key.span ?? endpointSelector.node.span
    const made = lens(file, policy.document, key, title)
    found.push(made)
    if (client?.reachCommand && pods.length > 0) found.push(reachLens(made, file.uri, client.reachCommand))
  }
  return found
}

/** Beside the count of pods: who can reach them, and what they can reach. */
function reachLens({ range }: CodeLens, uri: string, command: string): CodeLens {
  const title = 'who can reach them, what can they reach?'
  return { range, command: { title, command, arguments: [uri, range.start] } }
}

function* appliedLenses(snapshot: Snapshot, file: File, policy: Policy, client?: Commands): Generator<CodeLens> {
  for (const { title, uri, ours } of applied(snapshot, policy)) {
    const found = lens(file, policy.document, startOf(policy), title)
    const command = uri !== undefined && client?.compareCommand
    yield command ? { ...found, command: { title, command, arguments: [uri, ours ?? null] } } : found
  }
}

function startOf(policy: Policy): Span {
  return policy.root.entries.find(e => !e.merged)?.key.span ?? policy.root.span
}

function namespaceTitle(world: World, policy: Policy): string {
  if (policy.clusterwide) return 'all namespaces'
  const namespace = namespaceOf(world.snapshot, policy)
  const why = whyNamespace(world.snapshot, policy)
  return namespace === undefined ? `namespace unknown: ${why}` : `namespace ${namespace} (${why})`
}

function lens(file: File, document: Document, span: Span, title: string): CodeLens {
  return { range: rangeOf(file, document, span), command: { title, command: '' } }
}
