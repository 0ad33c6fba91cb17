// What the editor can do, from the capabilities that it names.

import type { ClientCapabilities } from 'vscode-languageserver-protocol'
import type { Client } from '../features/convert.ts'

/** What answers depend on. */
export function clientOf(capabilities: ClientCapabilities): Client {
  const { workspace, textDocument } = capabilities
  const edit = workspace?.workspaceEdit
  const item = textDocument?.completion?.completionItem
  const action = textDocument?.codeAction
  const formats = [...(textDocument?.hover?.contentFormat ?? []), ...(item?.documentationFormat ?? [])]
  return {
    documentChanges: edit?.documentChanges === true,
    create: edit?.resourceOperations?.includes('create') === true,
    annotations: edit?.changeAnnotationSupport !== undefined,
    snippets: item?.snippetSupport === true,
    markdown: formats.includes('markdown'),
    related: textDocument?.publishDiagnostics?.relatedInformation === true,
    resolveEdit: action?.dataSupport === true && action.resolveSupport?.properties.includes('edit') === true,
    hierarchicalSymbols: textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true,
    codeActionLiterals: action?.codeActionLiteralSupport !== undefined,
  }
}

/** What the server asks of the editor, where it can answer. */
export interface Abilities {
  readonly configuration: boolean
  readonly watchConfiguration: boolean
  readonly watchFiles: boolean
  readonly folders: boolean
  readonly progress: boolean
  readonly refreshLenses: boolean
  readonly refreshHints: boolean
  /** It asks for the texts of documents that only the server has. */
  readonly serverTexts: boolean
}

/** Which requests of ours the editor answers. */
export function abilitiesOf({ workspace, window }: ClientCapabilities): Abilities {
  return {
    configuration: workspace?.configuration === true,
    watchConfiguration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    watchFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    folders: workspace?.workspaceFolders === true,
    progress: window?.workDoneProgress === true,
    refreshLenses: workspace?.codeLens?.refreshSupport === true,
    refreshHints: workspace?.inlayHint?.refreshSupport === true,
    serverTexts: workspace?.textDocumentContent !== undefined,
  }
}
