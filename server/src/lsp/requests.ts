// Answers to the editor's requests: each one is a function of the snapshot, from features/.

import type { CodeAction, Connection, ExecuteCommandParams, ServerCapabilities } from 'vscode-languageserver'
import {
  APPLY,
  CODE_ACTION_KINDS,
  codeActions,
  editNamed,
  fixCommands,
  resolveCodeAction,
} from '../features/codeActions.ts'
import { codeLenses } from '../features/codeLens.ts'
import { completion, TRIGGER_CHARACTERS } from '../features/completion.ts'
import type { At, Client } from '../features/convert.ts'
import { hover } from '../features/hover.ts'
import { inlayHints } from '../features/inlayHints.ts'
import { definition, highlights, references } from '../features/navigation.ts'
import { reachable } from '../features/reachable.ts'
import { documentSymbols, workspaceSymbols } from '../features/symbols.ts'
import { REACH } from '../protocol.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import { handle, type Log } from './handle.ts'
import { type Session, view } from './session.ts'

/** What the server can be asked, as `initialize` announces it. */
export const CAPABILITIES: ServerCapabilities = {
  completionProvider: { triggerCharacters: [...TRIGGER_CHARACTERS], resolveProvider: false },
  hoverProvider: true,
  codeActionProvider: { codeActionKinds: [...CODE_ACTION_KINDS], resolveProvider: true },
  codeLensProvider: { resolveProvider: false },
  documentSymbolProvider: true,
  workspaceSymbolProvider: true,
  definitionProvider: true,
  referencesProvider: true,
  documentHighlightProvider: true,
  inlayHintProvider: { resolveProvider: false },
}

/** Announced to editors that know code actions as commands only. */
export const COMMANDS: ServerCapabilities = { executeCommandProvider: { commands: [APPLY] } }

interface InFile {
  readonly textDocument: { readonly uri: string }
}

/** Answers everything in `CAPABILITIES`. */
export function answerRequests(connection: Connection, session: Session, client: () => Client, log: Log): void {
  const seen = (params: InFile): Snapshot => view(session.get(), params.textDocument.uri)
  const at = (params: InFile & { readonly position: At['position'] }): At => ({
    uri: session.keyOf(params.textDocument.uri),
    position: params.position,
  })
  const on = <P, R>(name: string, run: (params: P) => R, otherwise: R) => handle(name, log, run, otherwise)

  connection.onCompletion(on('completion', p => completion(seen(p), at(p), client()), null))
  connection.onHover(on('hover', p => hover(seen(p), at(p), client()) ?? null, null))
  connection.onCodeAction(
    on(
      'codeAction',
      p => {
        const { only, diagnostics } = p.context
        const request = { uri: session.keyOf(p.textDocument.uri), range: p.range, only, diagnostics }
        return client().codeActionLiterals
          ? codeActions(seen(p), request, client())
          : fixCommands(seen(p), request, client())
      },
      [],
    ),
  )
  connection.onCodeActionResolve((action: CodeAction) =>
    handle(
      'codeAction/resolve',
      log,
      () => resolveCodeAction(view(session.get(), uriIn(action.data)), action, client()),
      action,
    )(undefined),
  )
  connection.onExecuteCommand(
    on(
      'executeCommand',
      ({ command, arguments: given }: ExecuteCommandParams) => {
        const named: unknown = given?.[0]
        const edit = command === APPLY ? editNamed(view(session.get(), uriIn(named)), named, client()) : undefined
        if (edit) void connection.workspace.applyEdit(edit)
        return null
      },
      null,
    ),
  )
  connection.onCodeLens(on('codeLens', p => codeLenses(seen(p), session.keyOf(p.textDocument.uri), client()), []))
  connection.onDocumentSymbol(
    on('documentSymbol', p => documentSymbols(seen(p), session.keyOf(p.textDocument.uri), client()), []),
  )
  connection.onWorkspaceSymbol(on('workspace/symbol', p => workspaceSymbols(session.get().snapshot, p.query), []))
  connection.onDefinition(on('definition', p => definition(seen(p), at(p)), []))
  connection.onReferences(on('references', p => references(seen(p), at(p), p.context.includeDeclaration), []))
  connection.onDocumentHighlight(on('documentHighlight', p => highlights(seen(p), at(p)), []))
  connection.onRequest(
    REACH,
    on('reach', (p: Parameters<typeof at>[0]) => reachable(seen(p), at(p)), { text: null }),
  )
  connection.languages.inlayHint.on(
    on('inlayHint', p => inlayHints(seen(p), session.keyOf(p.textDocument.uri), p.range), []),
  )
}

/** The URI in an action's data; none in foreign data. */
function uriIn(data: unknown): string {
  return typeof data === 'object' && data !== null && 'uri' in data ? String(data.uri) : ''
}
