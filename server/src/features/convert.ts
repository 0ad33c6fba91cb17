// Between our values and those of the Language Server Protocol: positions, diagnostics, workspace edits.

import type {
  AnnotatedTextEdit,
  CreateFile,
  Diagnostic,
  Location,
  Position,
  Range,
  TextDocumentEdit,
  TextEdit,
  WorkspaceEdit,
} from 'vscode-languageserver-types'
import { memo } from '../memo.ts'
import type { Document, File } from '../syntax/file.ts'
import { offsetAt, positionAt } from '../syntax/lines.ts'
import type { Span } from '../syntax/node.ts'
import type { Edit, Place, Problem, Severity } from '../syntax/problem.ts'
import type { Snapshot } from '../workspace/snapshot.ts'

export { offsetAt, positionAt }

/** What the editor can do: `lsp/` fills it from the client's capabilities. */
export interface Client {
  /** `workspace.workspaceEdit.documentChanges` */
  readonly documentChanges: boolean
  /** `workspace.workspaceEdit.resourceOperations` includes `create` */
  readonly create: boolean
  /** `workspace.workspaceEdit.changeAnnotationSupport` */
  readonly annotations: boolean
  /** `completionItem.snippetSupport` */
  readonly snippets: boolean
  /** hover `contentFormat` and completion `documentationFormat` include `markdown` */
  readonly markdown: boolean
  /** `publishDiagnostics.relatedInformation` */
  readonly related: boolean
  /** `codeAction.resolveSupport.properties` includes `edit`, and `codeAction.dataSupport` */
  readonly resolveEdit: boolean
  /** `documentSymbol.hierarchicalDocumentSymbolSupport` */
  readonly hierarchicalSymbols: boolean
  /** `codeAction.codeActionLiteralSupport` */
  readonly codeActionLiterals: boolean
  /** The editor's own command that opens the suggest list again, where the client has told one. */
  readonly suggestCommand?: string
  /** The editor's command that opens a policy of the cluster, given its URI, or compares it with another text, given its URI too. */
  readonly compareCommand?: string
  /** The editor's command that shows who can reach what stands at a position, given a URI and a position. */
  readonly reachCommand?: string
}

/** A client that supports nothing beyond the basics. */
export const PLAIN_CLIENT: Client = {
  documentChanges: false,
  create: false,
  annotations: false,
  snippets: false,
  markdown: false,
  related: false,
  resolveEdit: false,
  hierarchicalSymbols: false,
  codeActionLiterals: false,
}

/** Where a request was made. */
export interface At {
  readonly uri: string
  readonly position: Position
}

/** The LSP range of a span of one of the file's documents. */
export function rangeOf(file: File, document: Document, span: Span): Range {
  const start = startOf(file, document)
  return { start: positionAt(file, start + span.start), end: positionAt(file, start + span.end) }
}

/** The LSP range of two offsets into the file's text. */
export function fileRange(file: File, start: number, end: number): Range {
  return { start: positionAt(file, start), end: positionAt(file, end) }
}

/** The offset in the file at which the document starts; 0 for a document of another file. */
export function startOf(file: File, document: Document): number {
  return file.starts[file.documents.indexOf(document)] ?? 0
}

/** The document that holds an offset of the file, and where it starts. */
export function documentAt(file: File, offset: number): { document: Document; start: number } | undefined {
  for (let i = file.documents.length - 1; i >= 0; i--) {
    const start = file.starts[i]
    const document = file.documents[i]
    if (start !== undefined && document && start <= offset) return { document, start }
  }
  return undefined
}

/** A file, and where a document starts in it. */
interface Owner {
  readonly file: File
  readonly start: number
}

const owners = memo((files: ReadonlyMap<string, File>) => {
  const known = new Map<Document, Owner>()
  for (const file of files.values()) {
    file.documents.forEach((document, i) => {
      known.set(document, { file, start: file.starts[i] ?? 0 })
    })
  }
  return known
})

/** The file of the workspace that holds the document, and where the document starts in it. */
export function fileOf(snapshot: Snapshot, document: Document): Owner | undefined {
  return owners(snapshot.files).get(document)
}

/** A place as an LSP location; undefined when it lies in no file of the workspace (in the cluster, for instance). */
export function locationOf(snapshot: Snapshot, place: Place): Location | undefined {
  return locationIn(fileOf(snapshot, place.document), place)
}

function locationIn(owner: Owner | undefined, { span }: Place): Location | undefined {
  return (
    owner && { uri: owner.file.uri, range: fileRange(owner.file, owner.start + span.start, owner.start + span.end) }
  )
}

const applied = memo((inventories: Snapshot['inventories']) =>
  owners(new Map(inventories.filter(i => i.origin.kind === 'cluster').flatMap(i => i.policies.map(f => [f.uri, f])))),
)

/** A place in a policy that is only in the live cluster, as editors can open it that have a command to compare with what is applied. */
function appliedAt({ inventories }: Snapshot, place: Place, client: Client): Location | undefined {
  return client.compareCommand === undefined ? undefined : locationIn(applied(inventories).get(place.document), place)
}

const SEVERITIES: Readonly<Record<Severity, 1 | 2 | 3 | 4>> = { error: 1, warning: 2, information: 3, hint: 4 }

/** Where the page of a rule is. */
export function ruleHref(code: string): string {
  return `https://github.com/cilium-policy/cilium-policy/blob/main/docs/rules.md#${code}`
}

/** A problem of one of the file's documents as an LSP diagnostic. */
export function toDiagnostic(
  snapshot: Snapshot,
  file: File,
  found: { readonly document: Document; readonly problem: Problem },
  client: Client,
): Diagnostic {
  const { document, problem } = found
  const diagnostic: Diagnostic = {
    range: rangeOf(file, document, problem.span),
    severity: SEVERITIES[problem.severity],
    code: problem.code,
    codeDescription: { href: ruleHref(problem.code) },
    source: 'cilium',
    message: problem.message,
  }
  const tags = tagsOf(problem)
  if (tags.length > 0) diagnostic.tags = tags
  if (!client.related || problem.related.length === 0) return diagnostic
  diagnostic.relatedInformation = problem.related.flatMap(({ place, message }) => {
    const location = locationOf(snapshot, place)
    if (location) return [{ location, message }]
    const there = appliedAt(snapshot, place, client)
    return there ? [{ location: there, message: `${message} (only in the cluster)` }] : []
  })
  return diagnostic
}

/** Struck through for what goes away (2), faded for what has no effect (1). */
function tagsOf(problem: Problem): (1 | 2)[] {
  if (problem.severity !== 'hint' && problem.severity !== 'information') return []
  const words = problem.code.split('-')
  if (words.includes('deprecated')) return [2]
  if (words.includes('unused') || words.includes('redundant') || words.includes('unnecessary')) return [1]
  return []
}

/**
 * Edits as one LSP workspace edit: `documentChanges` with versions of open files where the client knows them, else
 * `changes`. A new file is a `create` operation where the client can do it. Edits of more than one file carry an
 * annotation, `label`, where the client knows those.
 */
export function toWorkspaceEdit(
  snapshot: Snapshot,
  edits: readonly Edit[],
  client: Client,
  label = 'Change several files',
): WorkspaceEdit {
  const changed = changesByFile(snapshot, edits)
  const created = edits.filter(edit => edit.kind === 'create')
  if (!client.documentChanges) {
    const changes: Record<string, TextEdit[]> = Object.fromEntries(changed)
    for (const { uri, text } of created) changes[uri] = [insertion(text)]
    return { changes }
  }
  const annotationId = client.annotations && changed.size + created.length > 1 ? 'other-files' : undefined
  const documentChanges: (TextDocumentEdit | CreateFile)[] = []
  for (const { uri, text } of created) {
    if (client.create) documentChanges.push(createFile(uri, annotationId))
    documentChanges.push({ textDocument: { uri, version: null }, edits: [annotated(insertion(text), annotationId)] })
  }
  for (const [uri, list] of changed) {
    const version = snapshot.files.get(uri)?.version ?? null
    documentChanges.push({ textDocument: { uri, version }, edits: list.map(edit => annotated(edit, annotationId)) })
  }
  if (!annotationId) return { documentChanges }
  return { documentChanges, changeAnnotations: { [annotationId]: { label, needsConfirmation: false } } }
}

function changesByFile(snapshot: Snapshot, edits: readonly Edit[]): Map<string, TextEdit[]> {
  const changed = new Map<string, TextEdit[]>()
  for (const edit of edits) {
    if (edit.kind !== 'replace') continue
    const location = locationOf(snapshot, edit.place)
    if (!location) continue
    const list = changed.get(location.uri) ?? []
    list.push({ range: location.range, newText: edit.text })
    changed.set(location.uri, list)
  }
  return changed
}

function insertion(text: string): TextEdit {
  const top = { line: 0, character: 0 }
  return { range: { start: top, end: top }, newText: text }
}

function createFile(uri: string, annotationId: string | undefined): CreateFile {
  const operation: CreateFile = { kind: 'create', uri, options: { overwrite: false, ignoreIfExists: true } }
  return annotationId ? { ...operation, annotationId } : operation
}

function annotated(edit: TextEdit, annotationId: string | undefined): TextEdit | AnnotatedTextEdit {
  return annotationId ? { ...edit, annotationId } : edit
}
