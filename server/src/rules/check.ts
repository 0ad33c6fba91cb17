// Runs the rules on a document: what the editor shows and the command prints.

import { refusal } from '../engine/refusal.ts'
import { memo, NONE, stamped } from '../memo.ts'
import { misnamed, policyRoots } from '../model/kinds.ts'
import { policies } from '../model/lower.ts'
import type { Policy } from '../model/policy.ts'
import type { Version } from '../model/version.ts'
import type { Document } from '../syntax/file.ts'
import type { Span } from '../syntax/node.ts'
import { parseFile } from '../syntax/parse.ts'
import type { Fix, Problem } from '../syntax/problem.ts'
import { type CiliumConfig, defaultConfig } from '../workspace/config.ts'
import { effectiveConfig } from '../workspace/configuration.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import { concerning } from './about.ts'
import { clear, type Uncleared, uncleared } from './cleared.ts'
import { excused, NEEDS_WHOLE } from './excuse.ts'
import { ignored } from './ignore.ts'
import { documentRules, textRules, workspaceRules } from './index.ts'
import { withMends } from './mends.ts'
import { type About, applies, type DocumentRule, type Finding, type Lens, type Rule } from './rule.ts'
import { isValid } from './schema.ts'
import { inWords } from './words.ts'

/** Told of a rule that threw: its name and what it threw. The rule's own answer is lost, nothing else. */
export const onFailure: { report: (rule: string, error: unknown) => void } = { report: () => {} }

const lenses = new Map<string, Lens>()

/** One Lens object for each version and configuration, so that results can be remembered by it. */
export function lensFor(version: Version, config: CiliumConfig): Lens {
  const key = JSON.stringify([version, config])
  const known = lenses.get(key)
  if (known) return known
  const lens = { version, config }
  lenses.set(key, lens)
  return lens
}

/** The lens that a snapshot's settings, cluster and files make. */
export const lensOf: (snapshot: Snapshot) => Lens = memo(snapshot => {
  const { version, config } = effectiveConfig(snapshot)
  return lensFor(version, config)
})

/** One rule, asked about a document or a policy. */
interface Judge<S, C> extends Pick<Rule, 'id' | 'severity'> {
  check(subject: S, context: C): Iterable<Finding>
}

/** Adds what a rule finds; false when it failed. */
function judge<S, C>(found: Problem[], rule: Judge<S, C>, subject: S, context: C): boolean {
  try {
    for (const f of rule.check(subject, context)) found.push(problemOf(rule, f))
    return true
  } catch (error) {
    onFailure.report(rule.id, error)
    return false
  }
}

function problemOf(rule: Pick<Rule, 'id' | 'severity'>, finding: Finding): Problem {
  const { message, span, severity = rule.severity, related = NONE, fixes = NONE } = finding
  const said = { code: rule.id, severity, message, span, related }
  if (typeof fixes !== 'function') return { ...said, fixes }
  let known: readonly Fix[] | undefined
  return withFixes(said, () => {
    try {
      known ??= fixes()
    } catch (error) {
      known = NONE
      onFailure.report(rule.id, error)
    }
    return known
  })
}

/** A problem whose fixes are looked for when they are asked for: a copy of it by `...` would ask. */
function withFixes(said: Omit<Problem, 'fixes'>, fixes: () => readonly Fix[]): Problem {
  return {
    ...said,
    get fixes() {
      return fixes()
    },
  }
}

/** A problem at another span or of another severity. */
function altered(problem: Problem, change: Partial<Pick<Problem, 'span' | 'severity'>>): Problem {
  const { code, severity, message, span, related } = problem
  return withFixes({ code, severity, message, span, related, ...change }, () => problem.fixes)
}

/** The rules that apply to a lens's version. */
const rulesFor = memo(({ version }: Lens) => ({
  text: textRules.filter(rule => applies(rule, version)),
  document: documentRules.filter(rule => applies(rule, version)),
  workspace: workspaceRules.filter(rule => applies(rule, version)),
}))

/** Of the rules that a document concerns, those that look at whole policies, and those that look at their parts one by one. */
const parted = memo((rules: readonly DocumentRule[]) => ({
  whole: rules.filter(rule => !rule.byPart),
  byPart: rules.filter(rule => rule.byPart),
}))

/** Whether nothing is found in what is left of a document that has parts which are cleared. */
function passes(document: Document, lens: Lens, left: Uncleared): boolean {
  if (!isValid(document, lens.version, left.cleared)) return false
  const rules = rulesFor(lens)
  const { whole, byPart } = parted(concerning(rules.document, document))
  return (
    rules.text.every(rule => rule.bySchema || rule.byErrors || isQuiet(rule, document, lens)) &&
    policies(document).every(policy => whole.every(rule => isQuiet(rule, subjectOf(rule, policy), lens))) &&
    left.policies.every(policy => !policy || byPart.every(rule => isQuiet(rule, policy, lens)))
  )
}

/** What a rule is asked about to know whether it finds something. */
const subjectOf = ({ byWords }: About, policy: Policy): Policy => (byWords ? inWords(policy) : policy)

/** Whether a rule finds nothing. */
function isQuiet<S, C>(rule: Judge<S, C>, subject: S, context: C): boolean {
  try {
    for (const _ of rule.check(subject, context)) return false
    return true
  } catch {
    return false
  }
}

/** What was found under the lens that was asked for last. */
const alone = stamped((_document: Document): { lens?: Lens; problems?: readonly Problem[] } => ({}))

/** What can be said of a document by itself; remembered by document and lens. */
export function checkAlone(document: Document, lens: Lens): readonly Problem[] {
  const known = alone(document)
  if (known.lens === lens && known.problems) return known.problems
  const left = uncleared(document, lens)
  const { problems, failed } = left && passes(document, lens, left) ? QUIET : judgeAlone(document, lens, left)
  if (problems.length === 0 && !failed) clear(document, lens)
  known.lens = lens
  known.problems = problems
  return problems
}

const QUIET = { problems: NONE, failed: false } as const

/** What all rules find, and whether one of them failed; those that look at parts one by one find nothing in cleared ones. */
function judgeAlone(
  document: Document,
  lens: Lens,
  left: Uncleared | undefined,
): { readonly problems: readonly Problem[]; readonly failed: boolean } {
  const found: Problem[] = []
  let failed = false
  if (policyRoots(document).length > 0 || misnamed(document).length > 0 || looksLikePolicy(document)) {
    const rules = rulesFor(lens)
    for (const rule of rules.text)
      if (!(rule.byErrors && document.errors.length === 0) && !judge(found, rule, document, lens)) failed = true
    const concerned = concerning(rules.document, document)
    for (const [i, policy] of policies(document).entries()) {
      for (const rule of concerned) {
        const subject = rule.byPart && left ? left.policies[i] : policy
        if (subject && !judge(found, rule, subject, lens)) failed = true
      }
    }
  }
  const broken = found.some(p => p.code === 'yaml-syntax')
  const told = broken ? mended(document, found, lens) : found
  return { problems: told.length === 0 ? NONE : settle(told, document.text), failed }
}

/** What is wrong with a text that is not YAML, with the slips in it that can be mended. */
function mended(document: Document, found: readonly Problem[], lens: Lens): readonly Problem[] {
  const judged = found.filter(p => !NEEDS_WHOLE.has(p.code))
  return withMends(document, judged, other => checkAlone(other, lens))
}

/** Takes the word of another thread that `checkAlone` finds nothing. */
export function knowClean(document: Document, lens: Lens): void {
  const known = alone(document)
  known.lens = lens
  known.problems = NONE
}

/** Whether `checkAlone` has an answer ready. */
export const isJudged = (document: Document, lens: Lens): boolean => alone(document).lens === lens

/** A document that cannot be read, but says in its text that it is one of ours. */
function looksLikePolicy(document: Document): boolean {
  if (document.errors.length === 0) return false
  return (
    document.text.includes('cilium.io/v2') &&
    /\bkind["']?\s*:\s*["']?Cilium(?:Clusterwide)?NetworkPolicy\b/.test(document.text)
  )
}

/** Errors on the same word as another error of the schema are said once; in the order of the text, on one line each. */
function settle(found: readonly Problem[], text: string): readonly Problem[] {
  const seen = new Set<string>()
  const kept: Problem[] = []
  for (const p of found) {
    const key = `${p.severity} ${p.span.start} ${p.span.end} ${p.severity === 'error' ? '' : p.code}`
    if (p.severity === 'error' && seen.has(key)) continue
    seen.add(key)
    const span = firstLine(text, p.span)
    kept.push(span === p.span ? p : altered(p, { span }))
  }
  return kept.toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end)
}

/** What a span covers of its first line: a squiggle below many lines hides what it is about. */
function firstLine(text: string, span: Span): Span {
  const { start, end } = span
  const line = text.slice(start, end).search(/[\r\n]/)
  return line > 0 ? { start, end: start + line } : span
}

const latest = stamped((_document: Document): { problems?: readonly Problem[] } => ({}))
const together = memo((_snapshot: Snapshot) => new Map<Document, readonly Problem[]>())

/** The policies in which the rules that do not ask what is in force find nothing, as far as they were asked by `checkEarly`. */
const early = memo((_snapshot: Snapshot) => new Set<Policy>())

/** Asks those rules about a document, so that `check` need not if they find nothing: that can be done before anything is judged. */
export function checkEarly(snapshot: Snapshot, document: Document): void {
  const concerned = concerning(rulesFor(lensOf(snapshot)).workspace, document)
  for (const policy of policies(document))
    if (concerned.every(rule => rule.byForce || isQuiet(rule, subjectOf(rule, policy), snapshot)))
      early(snapshot).add(policy)
}

/** Everything that is wrong in a document of a snapshot; remembered. Never throws. */
export function check(snapshot: Snapshot, document: Document): readonly Problem[] {
  const known = together(snapshot).get(document)
  if (known) return known
  const lens = lensOf(snapshot)
  const found: Problem[] = checkAlone(document, lens).slice()
  const concerned = concerning(rulesFor(lens).workspace, document)
  for (const policy of policies(document)) {
    const isAsked = early(snapshot).has(policy)
    for (const rule of concerned) {
      if (isAsked && !rule.byForce) continue
      if (!rule.byWords || !isQuiet(rule, inWords(policy), snapshot)) judge(found, rule, policy, snapshot)
    }
  }
  const problems = found.length === 0 ? NONE : shown(snapshot, document, found)
  together(snapshot).set(document, problems)
  latest(document).problems = problems
  return problems
}

const apart = memo((_snapshot: Snapshot) => new Map<Document, readonly Problem[]>())

/** What is wrong in a document whatever is in the others: what can be told at once, of `check`, in the same order; remembered. */
export function checkApart(snapshot: Snapshot, document: Document): readonly Problem[] {
  const known = apart(snapshot).get(document)
  if (known) return known
  const problems = shown(snapshot, document, checkAlone(document, lensOf(snapshot)))
  apart(snapshot).set(document, problems)
  return problems
}

/** Of what was found, what is shown: in the order of the text, by the settings, without what is silenced or excused. */
function shown(snapshot: Snapshot, document: Document, found: readonly Problem[]): readonly Problem[] {
  return withSettings(
    snapshot,
    found.toSorted((a, b) => a.span.start - b.span.start),
  ).filter(p => !ignored(document, p) && !excused(snapshot, document, p))
}

/** What was found in a document last, perhaps among files as they were a moment ago; checked now if it never was. */
export function lastFound(snapshot: Snapshot, document: Document): readonly Problem[] {
  return latest(document).problems ?? check(snapshot, document)
}

function withSettings(snapshot: Snapshot, problems: readonly Problem[]): readonly Problem[] {
  const { rules } = snapshot.settings
  return problems.flatMap(p => {
    const severity = rules[p.code] ?? p.severity
    if (severity === 'off') return []
    return severity === p.severity ? [p] : [altered(p, { severity })]
  })
}

/** What is wrong in a text by itself, with an agent's default flags: for comparisons. */
export function checkText(
  text: string,
  options: { readonly version: Version; readonly config?: CiliumConfig },
): readonly Problem[] {
  const lens = lensFor(options.version, options.config ?? defaultConfig(options.version))
  return parseFile('untitled:', undefined, text).documents.flatMap(d => checkAlone(d, lens))
}

/** Whether Cilium enforces nothing of a policy, because the server or the agent refuses it. */
export function rejected(policy: Policy, lens: Lens): boolean {
  return checkAlone(policy.document, lens).some(
    p => p.severity === 'error' && p.span.start >= policy.root.span.start && p.span.start <= policy.root.span.end,
  )
}

refusal.judge = (policy, snapshot) => rejected(policy, lensOf(snapshot))
