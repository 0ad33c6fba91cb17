// What a rule is: it finds problems in one document, or in a document seen among all files.

import type { Policy } from '../model/policy.ts'
import { atLeast, type Version } from '../model/version.ts'
import type { Document } from '../syntax/file.ts'
import type { Span } from '../syntax/node.ts'
import type { Fix, Related, Severity } from '../syntax/problem.ts'
import type { CiliumConfig } from '../workspace/config.ts'
import type { Snapshot } from '../workspace/snapshot.ts'

/** What a document rule may know beside the document: the version in force and Cilium's configuration. */
export interface Lens {
  readonly version: Version
  readonly config: CiliumConfig
}

/** What a rule yields; `severity` only where it differs from the rule's. */
export interface Finding {
  readonly span: Span
  readonly message: string
  readonly severity?: Severity
  /** A function where it takes long to find them: it is called when they are asked for. */
  readonly fixes?: readonly Fix[] | (() => readonly Fix[])
  readonly related?: readonly Related[]
}

interface RuleInfo {
  /** Stable kebab-case id: the LSP code. */
  readonly id: string
  readonly severity: Severity
  /** One line for the list of rules. */
  readonly summary: string
  /** A paragraph: what Cilium does and what to do. */
  readonly why: string
  /** Which code upstream decides (file and function), and the fact ids. */
  readonly source: string
  /** First and last version that the rule applies to; all when absent. */
  readonly since?: Version
  readonly until?: Version
}

export interface About {
  /** Keys of a policy, or words in its values: without one of them anywhere in it the rule has nothing to say and is not asked. Absent: it is always asked. */
  readonly about?: readonly string[]
  /** Whether it finds something depends on what the items of a policy say and not on where they stand: it is asked about `inWords` first. */
  readonly byWords?: true
}

/** Judges one policy alone: the result may be remembered per document and lens. */
export interface DocumentRule extends RuleInfo, About {
  readonly scope: 'document'
  /**
   * What it finds in a part of a policy (an item of a section, the selector of a subject) depends on that part alone, on what it is a part of
   * (`itemPlace` of cleared.ts) and on the lens. Then it is not asked about parts that are cleared.
   */
  readonly byPart?: true
  check(policy: Policy, lens: Lens): Iterable<Finding>
}

/** Judges one policy among all files and all that is known of the cluster. */
export interface WorkspaceRule extends RuleInfo, About {
  readonly scope: 'workspace'
  /** It asks which policies are in force, and so which ones are refused: it has nothing to say before all are judged by themselves. */
  readonly byForce?: true
  check(policy: Policy, snapshot: Snapshot): Iterable<Finding>
}

/** Judges the text of a document that holds a policy: YAML and schema. */
export interface TextRule extends RuleInfo {
  readonly scope: 'text'
  /** It only tells what the schema minds: where that is nothing it is not asked. */
  readonly bySchema?: true
  /** It only tells what was minded in reading: where that is nothing it is not asked. */
  readonly byErrors?: true
  check(document: Document, lens: Lens): Iterable<Finding>
}

export type Rule = DocumentRule | WorkspaceRule | TextRule

/** Whether the rule applies to that version. */
export function applies(rule: RuleInfo, version: Version): boolean {
  return (!rule.since || atLeast(version, rule.since)) && (!rule.until || atLeast(rule.until, version))
}
