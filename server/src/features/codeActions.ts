// Fixes as code actions: the rules run again, what touches the range is kept; nothing that the editor sends back is trusted.

import type { CodeAction, Command, Diagnostic, Range, WorkspaceEdit } from 'vscode-languageserver-types'
import { check, checkApart } from '../rules/check.ts'
import { isPrepared } from '../rules/prepare.ts'
import type { Document, File } from '../syntax/file.ts'
import type { Fix, Problem } from '../syntax/problem.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import { type Client, offsetAt, toDiagnostic, toWorkspaceEdit } from './convert.ts'
import { fixAll } from './fixAll.ts'
import { refactorsAt } from './refactors.ts'

export const FIX_ALL = 'source.fixAll.ciliumPolicy'
export const CODE_ACTION_KINDS: readonly string[] = ['quickfix', 'refactor.rewrite', FIX_ALL]

/** Applies a fix, for editors that know actions as commands only. Its argument is what `editNamed` takes. */
export const APPLY = 'ciliumPolicy.apply'

/** Where actions are wanted and of which kinds (`only`; all but source actions when absent). */
export interface ActionRequest {
  readonly uri: string
  readonly range: Range
  readonly only?: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
}

interface Stamp {
  readonly uri: string
  readonly version: number | null
}

/** Names a fix, so that it can be found again: a fix of the n-th problem that the rule has with the n-th document. */
interface FixData extends Stamp {
  readonly rule: string
  readonly document: number
  readonly at: number
  readonly fix: number
}

/** The n-th refactoring at an offset. */
interface RefactorData extends Stamp {
  readonly refactor: number
  readonly offset: number
}

type Data = FixData | RefactorData

/** The actions for a range. */
export function codeActions(snapshot: Snapshot, request: ActionRequest, client: Client): CodeAction[] {
  const file = snapshot.files.get(request.uri)
  if (!file || !client.codeActionLiterals) return []
  const actions: CodeAction[] = []
  if (wanted(request, 'quickfix')) actions.push(...quickFixes(snapshot, file, request, client))
  if (wanted(request, 'refactor.rewrite')) actions.push(...refactors(snapshot, file, request, client))
  if (request.only && wanted(request, FIX_ALL)) {
    const edits = fixAll(snapshot, file.uri)
    if (edits.length > 0) actions.push(fixAllAction(file, edits, client))
  }
  return actions
}

/** The fixes for a range as commands, for editors that know no other actions. */
export function fixCommands(snapshot: Snapshot, request: ActionRequest, client: Client): Command[] {
  const named = codeActions(snapshot, request, { ...client, codeActionLiterals: true, resolveEdit: true })
  return named.flatMap(({ title, data }) => (data === undefined ? [] : { title, command: APPLY, arguments: [data] }))
}

/** The action with its edit; as it came when its data is foreign or the text has changed since. */
export function resolveCodeAction(snapshot: Snapshot, action: CodeAction, client: Client): CodeAction {
  const edit = editNamed(snapshot, action.data, client)
  return edit ? { ...action, edit } : action
}

/** The edit of the fix that an action's data or a command's argument names; undefined when the text has changed since. */
export function editNamed(snapshot: Snapshot, named: unknown, client: Client): WorkspaceEdit | undefined {
  const data = readData(named)
  const file = data && snapshot.files.get(data.uri)
  if (!data || !file || (file.version ?? null) !== data.version) return undefined
  const fix = 'rule' in data ? fixNamed(snapshot, file, data) : refactorsAt(snapshot, file, data.offset)[data.refactor]
  return fix && toWorkspaceEdit(snapshot, fix.edits(), client, fix.title)
}

/** A kind is wanted when it or a kind above it is asked for. */
function wanted({ only }: ActionRequest, kind: string): boolean {
  return !only || only.some(o => o === '' || kind === o || kind.startsWith(`${o}.`))
}

/** The problems of a document. While thousands of others have not been looked at, those that need no other document. */
function problemsOf(snapshot: Snapshot, document: Document): readonly Problem[] {
  return isPrepared(snapshot) ? check(snapshot, document) : checkApart(snapshot, document)
}

function quickFixes(snapshot: Snapshot, file: File, request: ActionRequest, client: Client): CodeAction[] {
  const start = offsetAt(file, request.range.start)
  const end = offsetAt(file, request.range.end)
  return file.documents.flatMap((document, at) => {
    const base = file.starts[at] ?? 0
    if (base + document.text.length < start || base > end) return []
    const within = { start: start - base, end: end - base }
    return problemsOf(snapshot, document)
      .filter(({ span }) => span.end >= within.start && span.start <= within.end)
      .flatMap(problem => fixActions(snapshot, file, { document, at, problem }, { request, client }))
  })
}

interface Found {
  readonly document: Document
  /** Which document of the file it is. */
  readonly at: number
  readonly problem: Problem
}

function fixActions(
  snapshot: Snapshot,
  file: File,
  found: Found,
  { request, client }: { readonly request: ActionRequest; readonly client: Client },
): CodeAction[] {
  const { document, problem } = found
  const diagnostic = matching(request, toDiagnostic(snapshot, file, found, client))
  const at = ofRule(snapshot, document, problem.code).indexOf(problem)
  return problem.fixes.flatMap((fix, i) => {
    const data: Data = { ...stamp(file), rule: problem.code, document: found.at, at, fix: i }
    const action = toAction(snapshot, fix, { kind: 'quickfix', data }, client)
    return action ? [{ ...action, diagnostics: [diagnostic] }] : []
  })
}

function ofRule(snapshot: Snapshot, document: Document, rule: string): readonly Problem[] {
  return problemsOf(snapshot, document).filter(p => p.code === rule)
}

/** The editor's own copy of the diagnostic where it sent one. */
function matching(request: ActionRequest, ours: Diagnostic): Diagnostic {
  const same = (d: Diagnostic) =>
    d.code === ours.code && d.message === ours.message && JSON.stringify(d.range) === JSON.stringify(ours.range)
  return request.diagnostics.find(same) ?? ours
}

function refactors(snapshot: Snapshot, file: File, request: ActionRequest, client: Client): CodeAction[] {
  if (!isPrepared(snapshot)) return []
  const offset = offsetAt(file, request.range.start)
  return refactorsAt(snapshot, file, offset).flatMap((fix, i) => {
    const data: Data = { ...stamp(file), refactor: i, offset }
    return toAction(snapshot, fix, { kind: 'refactor.rewrite', data }, client) ?? []
  })
}

/** An action with its edit, or with data from which the edit is made later; nothing for a fix that changes nothing. */
function toAction(
  snapshot: Snapshot,
  fix: Fix,
  of: { readonly kind: string; readonly data: Data },
  client: Client,
): CodeAction | undefined {
  const action: CodeAction = { title: fix.title, kind: of.kind }
  if (fix.preferred && of.kind === 'quickfix') action.isPreferred = true
  if (client.resolveEdit) return { ...action, data: of.data }
  const edits = fix.edits()
  return edits.length > 0 ? { ...action, edit: toWorkspaceEdit(snapshot, edits, client, fix.title) } : undefined
}

function fixAllAction(file: File, edits: ReturnType<typeof fixAll>, client: Client): CodeAction {
  const { uri } = file
  const edit = client.documentChanges
    ? { documentChanges: [{ textDocument: { uri, version: file.version ?? null }, edits }] }
    : { changes: { [uri]: edits } }
  return { title: 'Fix all Cilium policy problems of this file', kind: FIX_ALL, edit }
}

function stamp(file: File): Stamp {
  return { uri: file.uri, version: file.version ?? null }
}

function fixNamed(snapshot: Snapshot, file: File, data: FixData): Fix | undefined {
  const document = file.documents[data.document]
  return document && ofRule(snapshot, document, data.rule)[data.at]?.fixes[data.fix]
}

function readData(data: unknown): Data | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  const { uri, version, rule, document, at, fix, refactor, offset } = data as Record<string, unknown>
  if (typeof uri !== 'string' || (typeof version !== 'number' && version !== null)) return undefined
  if (typeof rule === 'string' && typeof document === 'number' && typeof at === 'number' && typeof fix === 'number')
    return { uri, version, rule, document, at, fix }
  if (typeof refactor === 'number' && typeof offset === 'number') return { uri, version, refactor, offset }
  return undefined
}
