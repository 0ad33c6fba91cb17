// "Who can reach this? What can this reach?": the server's answer, as a page with links.

import { commands, type Disposable, EventEmitter, Uri, window, workspace } from 'vscode'
import type { BaseLanguageClient } from 'vscode-languageclient'
import { REACH, type ReachText } from '../../server/src/protocol.ts'

/** From a code lens with a URI and a position, from the palette for the cursor of the active editor. */
export const REACH_COMMAND = 'ciliumPolicy.whoCanReach'

/** The page: of a scheme of its own, so that nothing has to be saved when it is closed. */
const PAGE = Uri.from({ scheme: 'cilium-policy', path: '/Who can reach it.md' })

const changed = new EventEmitter<Uri>()
let shown = ''

/** Lets VS Code open the page. */
export function registerReachPage(): Disposable {
  const provider = { onDidChange: changed.event, provideTextDocumentContent: () => shown }
  return workspace.registerTextDocumentContentProvider(PAGE.scheme, provider)
}

/** Asks about a place and shows the answer. */
export async function showReach(client: BaseLanguageClient, uri: unknown, position: unknown): Promise<void> {
  const editor = window.activeTextEditor
  const at = typeof uri === 'string' ? { uri, position } : { uri: editor?.document.uri.toString(), position: cursor() }
  if (at.uri === undefined || at.position === undefined) return
  const params = { textDocument: { uri: at.uri }, position: at.position }
  const { text, problem } = await client.sendRequest<ReachText>(REACH, params)
  if (text === null) {
    await window.showInformationMessage(problem ?? 'There is nothing to say about this place.')
    return
  }
  shown = linked(text)
  changed.fire(PAGE)
  await commands.executeCommand('markdown.showPreviewToSide', PAGE)
}

/** Links as the preview follows them: from the root of the workspace, as it opens no `file:` address. */
function linked(text: string): string {
  const root = workspace.workspaceFolders?.[0]?.uri.toString()
  return root === undefined ? text : text.replaceAll(`](${root}/`, '](/')
}

function cursor(): { line: number; character: number } | undefined {
  const active = window.activeTextEditor?.selection.active
  return active && { line: active.line, character: active.character }
}
