// Files for the server: whether there are policies at all, and the texts of files that are on no disk.

import { FileType, RelativePattern, Uri, workspace } from 'vscode'
import type { BaseLanguageClient } from 'vscode-languageclient'
import { LIST_FILES, READ_FILE } from '../../server/src/protocol.ts'

/** What every policy says. */
export const MARK = 'cilium.io/v2'

const ALL = '**/*.{yaml,yml,json}'
/** Where policies are looked for, the likely names first. */
const SEARCHES = ['**/*{olic,etpol,cnp,ilium}*.{yaml,yml}', '**/*.{yaml,yml}']
const EXCLUDE = '**/{node_modules,.git}/**'
const EXCLUDED = ['node_modules', '.git']
/** Files of each search that are looked into: a policy beyond them is found when it is opened. */
const MOST = 5000
const AT_ONCE = 32
/** File systems that VS Code can search. It would wait for ever for a search of any other. */
const SEARCHED = ['file', 'vscode-remote']

/** Whether an open document or a file of the workspace says `cilium.io/v2`. */
export async function hasPolicies(): Promise<boolean> {
  if (workspace.textDocuments.some(d => d.getText().includes(MARK))) return true
  for (const { uri } of workspace.workspaceFolders ?? []) if (await anyBelow(uri)) return true
  return false
}

async function anyBelow(folder: Uri): Promise<boolean> {
  if (!SEARCHED.includes(folder.scheme)) return anyMarked(await walk(folder, /\.ya?ml$/i))
  for (const search of SEARCHES) {
    if (await anyMarked(await workspace.findFiles(new RelativePattern(folder, search), EXCLUDE, MOST))) return true
  }
  return false
}

async function anyMarked(uris: readonly Uri[]): Promise<boolean> {
  for (let i = 0; i < uris.length; i += AT_ONCE) {
    const texts = await Promise.all(uris.slice(i, i + AT_ONCE).map(read))
    if (texts.some(text => text?.includes(MARK))) return true
  }
  return false
}

async function read(uri: Uri): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await workspace.fs.readFile(uri))
  } catch {
    return undefined
  }
}

/** The files below a folder with such names, at most `MOST`; what cannot be read is left out. */
async function walk(folder: Uri, name: RegExp): Promise<Uri[]> {
  const found: Uri[] = []
  const waiting = [folder]
  for (let at = waiting.pop(); at && found.length < MOST; at = waiting.pop()) {
    const entries = await workspace.fs.readDirectory(at).then(undefined, () => [])
    for (const [entry, type] of entries) {
      const uri = Uri.joinPath(at, entry)
      if (type === FileType.Directory) waiting.push(...(EXCLUDED.includes(entry) ? [] : [uri]))
      else if (name.test(entry)) found.push(uri)
    }
  }
  return found
}

/** Answers the server's questions for files that it cannot read itself: in a browser, and in virtual workspaces. */
export function answerFileRequests(client: BaseLanguageClient): void {
  client.onRequest(READ_FILE, async ({ uri }: { uri: string }) => ({ text: (await read(Uri.parse(uri))) ?? null }))
  client.onRequest(LIST_FILES, async ({ folder }: { folder: string }) => {
    const uri = Uri.parse(folder)
    const uris = SEARCHED.includes(uri.scheme)
      ? await workspace.findFiles(new RelativePattern(uri, ALL), EXCLUDE)
      : await walk(uri, /\.(?:ya?ml|json)$/i)
    return { uris: uris.map(u => u.toString()) }
  })
}
