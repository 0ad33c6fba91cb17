// "Who can reach this? What can this reach?": the server's answer, as a text with links.

import { commands, window, workspace } from 'vscode'
import type { BaseLanguageClient } from 'vscode-languageclient'
import { REACH, type ReachText } from '../../server/src/protocol.ts'

/** From a code lens with a URI and a position, from the palette for the cursor of the active editor. */
export const REACH_COMMAND = 'ciliumPolicy.whoCanReach'

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
  const document = await workspace.openTextDocument({ language: 'markdown', content: text })
  await window.showTextDocument(document, { preview: true })
  await commands.executeCommand('markdown.showPreview', document.uri)
}

function cursor(): { line: number; character: number } | undefined {
  const active = window.activeTextEditor?.selection.active
  return active && { line: active.line, character: active.character }
}
