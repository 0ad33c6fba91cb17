// The outline of a file and the search for policies by name.

import type { DocumentSymbol, SymbolInformation } from 'vscode-languageserver-types'
import { policies } from '../model/lower.ts'
import type { Policy, PolicyRule, RuleItem } from '../model/policy.ts'
import type { File } from '../syntax/file.ts'
import type { Span } from '../syntax/node.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import { type Client, rangeOf } from './convert.ts'

const CLASS = 5
const METHOD = 6
const EVENT = 24
const LIMIT = 500

/** The policies of a file with their rules; a flat list where the client knows no trees. */
export function documentSymbols(
  snapshot: Snapshot,
  uri: string,
  client: Client,
): DocumentSymbol[] | SymbolInformation[] {
  const file = snapshot.files.get(uri)
  if (!file) return []
  const found = file.documents.flatMap(policies)
  return client.hierarchicalSymbols ? found.map(policy => tree(file, policy)) : found.map(policy => flat(file, policy))
}

/** Policies of all files whose `namespace/name` has the letters of the query in their order. */
export function workspaceSymbols(snapshot: Snapshot, query: string): SymbolInformation[] {
  const found: SymbolInformation[] = []
  for (const file of snapshot.files.values()) {
    for (const policy of file.documents.flatMap(policies)) {
      if (found.length >= LIMIT) return found
      const name = `${policy.namespace?.value ?? ''}/${policy.name?.value ?? ''}`
      if (hasLetters(name.toLowerCase(), query.toLowerCase())) found.push(flat(file, policy))
    }
  }
  return found
}

function hasLetters(name: string, letters: string): boolean {
  let from = 0
  for (const letter of letters) {
    if (letter === ' ') continue
    from = name.indexOf(letter, from) + 1
    if (from === 0) return false
  }
  return true
}

function flat(file: File, policy: Policy): SymbolInformation {
  const symbol: SymbolInformation = {
    name: policy.name?.value ?? '(no name)',
    kind: CLASS,
    location: { uri: file.uri, range: rangeOf(file, policy.document, policy.root.span) },
  }
  return policy.namespace ? { ...symbol, containerName: policy.namespace.value } : symbol
}

function tree(file: File, policy: Policy): DocumentSymbol {
  const range = (span: Span) => rangeOf(file, policy.document, span)
  const kind = policy.clusterwide ? 'CiliumClusterwideNetworkPolicy' : 'CiliumNetworkPolicy'
  return {
    name: policy.name?.value ?? '(no name)',
    detail: policy.namespace ? `${kind} in ${policy.namespace.value}` : kind,
    kind: CLASS,
    range: range(policy.root.span),
    selectionRange: range(policy.name?.node.span ?? firstKey(policy)),
    children: policy.rules.flatMap(rule => rule.items.map(item => ruleItem(range, policy, rule, item))),
  }
}

function firstKey(policy: Policy): Span {
  return (
    policy.root.entries.find(e => !e.merged)?.key.span ?? { start: policy.root.span.start, end: policy.root.span.start }
  )
}

function ruleItem(
  range: (span: Span) => DocumentSymbol['range'],
  policy: Policy,
  rule: PolicyRule,
  item: RuleItem,
): DocumentSymbol {
  const at = policy.rules.length > 1 ? `specs ${policy.rules.indexOf(rule) + 1}, ` : ''
  const members: string[] = item.members.map(m => m.key)
  if (item.toPorts) members.push('toPorts')
  return {
    name: `${at}${item.section}`,
    detail: members.join(', '),
    kind: item.deny ? EVENT : METHOD,
    range: range(item.node.span),
    selectionRange: range(item.members[0]?.keyNode.span ?? item.node.span),
  }
}
