// Parts of policies that need not be judged again: those that stood, word for word, in a document in which nothing was found. The same
// few parts (the way to the DNS, the health checks) stand in most policies of a repository.

import { policies, SECTIONS } from '../model/lower.ts'
import type { Policy, PolicyRule, RuleItem } from '../model/policy.ts'
import type { Document } from '../syntax/file.ts'
import { treeOf } from '../syntax/flat.ts'
import { column } from '../syntax/layout.ts'
import type { Node } from '../syntax/node.ts'
import type { Lens } from './rule.ts'

/** Characters that are remembered, of all lenses; then all is forgotten. */
const MOST = 4_000_000

/** The texts of parts in which nothing was found, by their places. */
type Memory = Map<number, Set<string>>

let memories = new WeakMap<Lens, Memory>()
let held = 0

/** What of a document is still to be judged. */
export interface Uncleared {
  /** Where the items start that are cleared. */
  readonly cleared: ReadonlySet<number>
  /** The policies of the document without their cleared parts; those of which nothing is left are not among them. */
  readonly policies: readonly Policy[]
}

/** What is left to judge; undefined where nothing is cleared. Only the fast reader's documents have parts that depend on nothing else. */
export function uncleared(document: Document, lens: Lens): Uncleared | undefined {
  const texts = memories.get(lens)
  if (!texts || !treeOf(document.root)) return undefined
  const isCleared = (place: number, node: Node) =>
    texts.get(placeOf(document, node, place))?.has(textOf(document, node)) === true
  const cleared = new Set<number>()
  const left: Policy[] = []
  let any = false
  for (const policy of policies(document)) {
    const rules: PolicyRule[] = []
    for (const rule of policy.rules) {
      const items: RuleItem[] = []
      for (const item of rule.items) {
        if (isCleared(itemPlace(policy, rule, item), item.node)) cleared.add(item.node.span.start)
        else items.push(item)
      }
      const { endpointSelector: subject } = rule
      const knowsSubject = subject !== undefined && isCleared(subjectPlace(policy), subject.node)
      any ||= knowsSubject
      const isDone = items.length === 0 && (subject === undefined || knowsSubject) && rule.nodeSelector === undefined
      if (!isDone) rules.push({ ...rule, endpointSelector: knowsSubject ? undefined : subject, items })
    }
    if (rules.length > 0) left.push({ ...policy, rules })
  }
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
  const add = (place: number, node: Node) => {
    const key = placeOf(document, node, place)
    const known = memory.get(key) ?? new Set()
    memory.set(key, known)
    const text = textOf(document, node)
    if (known.has(text)) return
    // A copy: a slice would keep the whole file that it was cut from.
    known.add(` ${text}`.slice(1))
    held += text.length
  }
  for (const policy of policies(document)) {
    for (const rule of policy.rules) {
      if (rule.endpointSelector) add(subjectPlace(policy), rule.endpointSelector.node)
      for (const item of rule.items) add(itemPlace(policy, rule, item), item.node)
    }
  }
}

const textOf = ({ text }: Document, { span: { start, end } }: Node): string => text.slice(start, end)

/** What a part means beside its words: what it is, in a policy of which kind, for pods or nodes. */
const itemPlace = (policy: Policy, rule: PolicyRule, { section }: RuleItem): number =>
  ((SECTIONS.indexOf(section) + 1) * 2 + (rule.nodeSelector ? 1 : 0)) * 2 + (policy.clusterwide ? 1 : 0)

const subjectPlace = (policy: Policy): number => (policy.clusterwide ? 1 : 0)

/** The place with the column: the lines below the first are indented from it. */
const placeOf = ({ text }: Document, { span: { start } }: Node, place: number): number =>
  column(text, start) * PLACES + place

const PLACES = 32
