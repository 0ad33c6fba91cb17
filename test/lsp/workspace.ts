// A folder on disk for a test, and the server that looks at it.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after } from 'node:test'
import { pathToFileURL } from 'node:url'
import { type Diagnostics, type Peer, type PeerOptions, startPeer } from './peer.ts'

export interface Workspace {
  readonly folder: string
  readonly peer: Peer
  uri(path: string): string
  write(path: string, text: string): void
  /** Tells the server of a change on disk: 1 made, 2 changed, 3 removed. */
  touched(path: string, type: 1 | 2 | 3): void
  remove(path: string): void
  open(path: string, text: string, version?: number): void
  change(path: string, version: number, text: string): void
  close(path: string): void
  /** The diagnostics of a file once they fit. */
  diagnostics(path: string, fits?: (published: Diagnostics) => boolean): Promise<Diagnostics>
  /** Rule ids last published for a file. */
  codes(path: string): readonly string[] | undefined
}

const cleanups: (() => Promise<void> | void)[] = []
after(async () => {
  for (const cleanup of cleanups) await cleanup()
})

/** Writes the files and starts a server on their folder. */
export async function openWorkspace(
  files: Readonly<Record<string, string>>,
  options: PeerOptions = {},
): Promise<Workspace> {
  const folder = mkdtempSync(join(tmpdir(), 'cilium-policy-'))
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  for (const [path, text] of Object.entries(files)) write(path, text)
  const peer = await startPeer({ folders: [pathToFileURL(folder).href], ...options })
  cleanups.push(async () => {
    await peer.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  const uri = (path: string) => (path.includes(':') ? path : pathToFileURL(join(folder, path)).href)
  return {
    folder,
    peer,
    uri,
    write,
    touched: (path, type) => peer.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: uri(path), type }] }),
    remove: path => rmSync(join(folder, path)),
    open: (path, text, version = 1) =>
      peer.notify('textDocument/didOpen', {
        textDocument: { uri: uri(path), languageId: 'yaml', version, text },
      }),
    change: (path, version, text) =>
      peer.notify('textDocument/didChange', {
        textDocument: { uri: uri(path), version },
        contentChanges: [{ text }],
      }),
    close: path => peer.notify('textDocument/didClose', { textDocument: { uri: uri(path) } }),
    diagnostics: (path, fits = () => true) =>
      peer.until<Diagnostics>('textDocument/publishDiagnostics', p => p.uri === uri(path) && fits(p)),
    codes: path => peer.last(uri(path))?.diagnostics.map(d => d.code),
  }
}
