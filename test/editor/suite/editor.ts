// What the suites ask of VS Code, each in a few words.

import * as vscode from 'vscode'

export const ID = 'cilium-policy.cilium-policy'

const PATIENCE_MS = 60_000
const PAUSE_MS = 50

/** A file of the workspace. */
export function file(path: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0]
  if (!folder) throw new Error('no folder is open')
  return vscode.Uri.joinPath(folder.uri, path)
}

/** Waits until `look` finds something; says what it waited for when that does not come. */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  for (let waited = 0; waited < PATIENCE_MS; waited += PAUSE_MS) {
    const found = await look()
    if (found) return found
    await new Promise(resolve => setTimeout(resolve, PAUSE_MS))
  }
  throw new Error(`still waiting for ${what}`)
}

/** What is reported in a file, as `line:column code: message`, once `when` holds of it. */
export function problems(uri: vscode.Uri, when: (found: readonly string[]) => boolean): Promise<readonly string[]> {
  return until(`the problems of ${uri.path}, now: ${reported(uri).join('; ') || 'none'}`, () => {
    const found = reported(uri)
    return when(found) && found
  })
}

function reported(uri: vscode.Uri): string[] {
  return vscode.languages.getDiagnostics(uri).map(({ range, code, message }) => {
    const id = typeof code === 'object' ? code.value : code
    return `${range.start.line + 1}:${range.start.character + 1} ${id}: ${message}`
  })
}

/** The position after the first place of a text. */
export function after(document: vscode.TextDocument, text: string): vscode.Position {
  return document.positionAt(document.getText().indexOf(text) + text.length)
}

/** Shows a file. */
export async function show(uri: vscode.Uri): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(uri)
  await vscode.window.showTextDocument(document)
  return document
}

/** Applies the quick fix with this title to the file's first problem. */
export async function fix(document: vscode.TextDocument, title: RegExp): Promise<void> {
  const [problem] = vscode.languages.getDiagnostics(document.uri)
  if (!problem) throw new Error('nothing is reported')
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    document.uri,
    problem.range,
    vscode.CodeActionKind.QuickFix.value,
    10,
  )
  const action = actions.find(a => title.test(a.title))
  if (!action?.edit) throw new Error(`no fix with an edit among: ${actions.map(a => a.title).join(', ')}`)
  await vscode.workspace.applyEdit(action.edit)
}

/** The labels that are suggested at a position. */
export async function suggestions(document: vscode.TextDocument, at: vscode.Position): Promise<string[]> {
  const list = await vscode.commands.executeCommand<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider',
    document.uri,
    at,
  )
  return list.items.map(({ label }) => (typeof label === 'string' ? label : label.label))
}

/** The text of all hovers at a position. */
export async function hover(document: vscode.TextDocument, at: vscode.Position): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, at)
  return hovers.flatMap(h => h.contents.map(c => (typeof c === 'string' ? c : c.value))).join('\n')
}

/** Changes a setting of the workspace; undefined removes it. */
export async function set(key: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration('ciliumPolicy').update(key, value, vscode.ConfigurationTarget.Workspace)
}
