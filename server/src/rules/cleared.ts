// Parts of policies that need not be judged again: those that stood, word for word, in a document in which nothing was found. The same
// few parts (the way to the DNS, the health checks) stand in most policies of a repository.

import { detached, stamped } from '../memo.ts'
import { policies } from '../model/lower.ts'
import type { Policy, PolicyRule, RuleItem } from '../model/policy.ts'
import type { Document } from '../syntax/file.ts'
import { treeOf } from '../syntax/flat.ts'
import { column } from '../syntax/layout.ts'
import type { Node } from '../syntax/node.ts'
import type { Lens } from './rule.ts'

/** Characters of selectors that are remembered, of all lenses; then all is forgotten. */
const MOST = 1_000_000

/** The texts of selectors in which nothing was found, by their places. */
type Memory = Map<number, Set<string>>

let memories = new WeakMap<Lens, Memory>()
let held = 0

/** Under which lens nothing was found last in a twin, and at which of `itemPlace`, a bit each. */
const clearedAs = stamped((_twin: RuleItem): { lens?: Lens; places: number } => ({ places: 0 }))

/** What of a document is still to be judged. */
export interface Uncleared {
  /** Where the items start that are cleared. */
  readonly cleared: ReadonlySet<number>
  /** The policies of the document without their cleared parts; undefined in the place of those of which nothing is left. */
  readonly policies: readonly (Policy | undefined)[]
}

/** What is left to judge; undefined where nothing is cleared. Only the fast reader's documents have parts that depend on nothing else. */
export function uncleared(document: Document, lens: Lens): Uncleared | undefined {
  const texts = memories.get(lens)
  if (!texts || !treeOf(document.root)) return undefined
  const cleared = new Set<number>()
  let any = false
  const left = policies(document).map(policy => {
    const rules: PolicyRule[] = []
    for (const rule of policy.rules) {
      const items: RuleItem[] = []
      for (const item of rule.items) {
        const known = clearedAs(item.twin)
        if (known.lens === lens && known.places & itemPlace(policy, rule)) cleared.add(item.node.span.start)
        else items.push(item)
      }
      const { endpointSelector: subject } = rule
      const knowsSubject =
        subject !== undefined &&
        texts.get(subjectPlace(policy, subject.node))?.has(textOf(document, subject.node)) === true
      any ||= knowsSubject
      const isDone = items.length === 0 && (subject === undefined || knowsSubject) && rule.nodeSelector === undefined
      if (!isDone) rules.push({ ...rule, endpointSelector: knowsSubject ? undefined : subject, items })
    }
    return rules.length > 0 ? { ...policy, rules } : undefined
  })
  return any || cleared.size > 0 ? { cleared, policies: left } : undefined
}

/** Takes in the parts of a document in which nothing was found. */
export function clear(document: Document, lens: Lens): void {
  if (!treeOf(document.root)) return
  if (held > MOST) {
    memories = new WeakMap()
    held = 0
  }
  const memory: Memory = memories.get(lens) ?? new Map()
  memories.set(lens, memory)
  for (const policy of policies(document)) {
    for (const rule of policy.rules) {
      for (const { twin } of rule.items) {
        const known = clearedAs(twin)
        known.places = (known.lens === lens ? known.places : 0) | itemPlace(policy, rule)
        known.lens = lens
      }
      if (rule.endpointSelector) clearSubject(memory, policy, rule.endpointSelector.node)
    }
  }
}

function clearSubject(memory: Memory, policy: Policy, node: Node): void {
  const place = subjectPlace(policy, node)
  const known = memory.get(place) ?? new Set()
  memory.set(place, known)
  const text = textOf(policy.document, node)
  if (known.has(text)) return
  known.add(detached(text))
  held += text.length
}

const textOf = ({ text }: Document, { span: { start, end } }: Node): string => text.slice(start, end)

/** What an item means beside its words and its section: in a policy of which kind, for pods or nodes. */
const itemPlace = ({ clusterwide }: Policy, { nodeSelector }: PolicyRule): number =>
  1 << ((nodeSelector ? 1 : 0) * 2 + (clusterwide ? 1 : 0))

/** The same of a selector, with its column: the lines below the first are indented from it. */
const subjectPlace = ({ clusterwide, document }: Policy, { span: { start } }: Node): number =>
  column(document.text, start) * 2 + (clusterwide ? 1 : 0)
