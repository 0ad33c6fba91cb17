// Files for the server: whether there are policies at all, and, in a browser, the texts that the server asks for.

import { RelativePattern, Uri, workspace } from 'vscode'
import type { BaseLanguageClient } from 'vscode-languageclient'
import { LIST_FILES, READ_FILE } from '../../server/src/protocol.ts'

const PATTERN = '**/*.{yaml,yml,json}'
const EXCLUDE = '**/{node_modules,.git}/**'
const MARK = 'cilium.io/v2'
/** Files looked into before the extension decides to wait for an open policy instead. */
const MOST = 3000

/** Whether an open document or a file of the workspace says `cilium.io/v2`. */
export async function hasPolicies(): Promise<boolean> {
  if (workspace.textDocuments.some(d => d.getText().includes(MARK))) return true
  const uris = await workspace.findFiles(PATTERN, EXCLUDE, MOST)
  for (let i = 0; i < uris.length; i += 50) {
    const found = await Promise.all(uris.slice(i, i + 50).map(async uri => (await read(uri))?.includes(MARK) ?? false))
    if (found.includes(true)) return true
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

/** Answers the server's questions for files: it has no disk of its own in a browser. */
export function answerFileRequests(client: BaseLanguageClient): void {
  client.onRequest(READ_FILE, async ({ uri }: { uri: string }) => ({ text: (await read(Uri.parse(uri))) ?? null }))
  client.onRequest(LIST_FILES, async ({ folder }: { folder: string }) => {
    const uris = await workspace.findFiles(new RelativePattern(Uri.parse(folder), PATTERN), EXCLUDE)
    return { uris: uris.map(u => u.toString()) }
  })
}
