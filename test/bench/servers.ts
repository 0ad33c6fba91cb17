// The two language servers that are measured beside each other, each with what it needs to judge Cilium policies.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { SERVER_FLAGS } from '../../server/src/protocol.ts'
import { schemaOf } from '../../server/src/schema/overlay.ts'
import { type Diagnostics, type Peer, startPeer } from '../lsp/peer.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** The server that is built. */
export const SERVER = join(ROOT, 'dist/server.js')

/** A language server that can be started on a folder. */
export interface Contestant {
  readonly name: string
  start(folder: string, settings?: object): Promise<Peer>
}

const CAPABILITIES = {
  workspace: { configuration: true, workspaceFolders: true, didChangeConfiguration: { dynamicRegistration: true } },
  textDocument: {
    completion: { completionItem: { snippetSupport: true, documentationFormat: ['markdown'] } },
    hover: { contentFormat: ['markdown'] },
    publishDiagnostics: { relatedInformation: true, versionSupport: true },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix'] } } },
  },
}

/** What is built in dist/, started as VS Code's client does, without a cluster. */
export const OURS: Contestant = {
  name: 'cilium-policy',
  start: (folder, settings = {}) =>
    startPeer({
      command: [...SERVER_FLAGS, SERVER],
      folders: [pathToFileURL(folder).href],
      capabilities: CAPABILITIES,
      answers: { 'workspace/configuration': () => [{ cluster: { enabled: 'off' }, ...settings }] },
    }),
}

/** Red Hat's server with the schema of Cilium's policies in a local file. */
export const THEIRS: Contestant = {
  name: 'yaml-language-server',
  start: folder => {
    const yaml = {
      validate: true,
      completion: true,
      hover: true,
      format: { enable: false },
      schemaStore: { enable: false },
      schemas: { [pathToFileURL(schemaFile()).href]: '**/*.yaml' },
    }
    const section = (s: string | undefined) => (s === 'yaml' ? yaml : {})
    return startPeer({
      command: [join(ROOT, 'node_modules/yaml-language-server/bin/yaml-language-server')],
      folders: [pathToFileURL(folder).href],
      capabilities: CAPABILITIES,
      initializationOptions: {},
      answers: {
        'workspace/configuration': params =>
          (params as { items: { section?: string }[] }).items.map(item => section(item.section)),
      },
    })
  },
}

const folders: string[] = []

/** A folder that is gone when the bench ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cilium-policy-bench-'))
  folders.push(folder)
  return folder
}

/** Takes all temporary folders away. */
export function cleanUp(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
}

let written: string | undefined

/** The newest schema of our own as a file; a folder of one file for each kind, in lower case, as kubeconform wants it. */
export function schemaFile(): string {
  if (written) return written
  const folder = temporaryFolder()
  const schema = JSON.stringify(schemaOf('1.20'), withListedDescriptions)
  for (const kind of ['ciliumclusterwidenetworkpolicy', 'ciliumnetworkpolicy']) {
    written = join(folder, `${kind}.json`)
    writeFileSync(written, schema)
  }
  return written ?? ''
}

/** yaml-language-server wants one description for each value of an enum, in a list; ours are a map. */
function withListedDescriptions(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('enumDescriptions' in value && 'enum' in value)) return value
  const { enum: values, enumDescriptions } = value
  const said = new Map(Object.entries(enumDescriptions as object))
  return { ...value, enumDescriptions: (values as unknown[]).map(v => said.get(String(v)) ?? '') }
}

/** Ends a server as an editor does; it may keep something for its next start. */
export async function end(peer: Peer): Promise<void> {
  await peer.request('shutdown', null)
  const ended = new Promise(resolve => peer.process.once('exit', resolve))
  peer.notify('exit', null)
  await ended
}

/** Resident memory of a process in MiB. */
export function memoryOf(pid: number | undefined): number {
  const kilobytes = execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })
  return Number(kilobytes) / 1024
}

/** The most that a process has had resident, in MiB; NaN where the system does not say. */
export function peakMemoryOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return Number(/VmHWM:\s*(\d+)/.exec(status)?.[1]) / 1024
  } catch {
    return Number.NaN
  }
}

/** Opens a text; resolves with the first diagnostics that say something. */
export function open(peer: Peer, uri: string, text: string): Promise<Diagnostics> {
  const published = nextDiagnostics(peer, uri, d => d.diagnostics.length > 0)
  peer.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } })
  return published
}

/** The next diagnostics of a file that fit. */
export function nextDiagnostics(
  peer: Peer,
  uri: string,
  fits: (published: Diagnostics) => boolean = () => true,
): Promise<Diagnostics> {
  return peer.next<Diagnostics>('textDocument/publishDiagnostics', d => d.uri === uri && fits(d))
}
