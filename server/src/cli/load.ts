// Reads what a command is asked to look at: files, folders, standard input, the inventory and the cluster, into one snapshot.

import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { decode } from '../host/files.ts'
import { memoText } from '../memo.ts'
import { lensOf } from '../rules/check.ts'
import type { File } from '../syntax/file.ts'
import { parseWhole } from '../syntax/parse.ts'
import { inventoryFromFile } from '../workspace/collect.ts'
import type { Inventory } from '../workspace/inventory.ts'
import { mayHoldPolicies, mayMatter } from '../workspace/relevance.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import { readCluster } from './cluster.ts'
import { CannotRun, settingsOf, type WorldValues } from './options.ts'
import { readAlone, type Unread } from './sheets.ts'
import type { Helpers } from './threads.ts'

const READ = /\.(?:ya?ml|json)$/i
const MAX_BYTES = 32_000_000

/** A snapshot, and how its files are called in reports. */
export interface World {
  readonly snapshot: Snapshot
  /** From URI to the path as given, relative to the current folder where it was. */
  readonly names: ReadonlyMap<string, string>
  /** How many files were read, those without anything for us included. */
  readonly read: number
}

/** Reads the paths (the current folder when there are none) and what the flags name; `helpers` judge documents meanwhile. */
export async function loadWorld(paths: readonly string[], values: WorldValues, helpers?: Helpers): Promise<World> {
  const settings = settingsOf(values)
  const read = values.inventory === undefined ? undefined : readInventory(values.inventory)
  const cluster = values.cluster ? await readCluster(values) : undefined
  const { found, bytes } = listed(paths, values.inventory === undefined ? undefined : uriOf(values.inventory))
  const inventory = read && withoutChecked(read, found)
  helpers?.begin(bytes)
  const texts = new Map<string, string>()
  for (const [uri, name] of found) {
    const bytes = readBytes(name)
    const text = decode(bytes)
    if (!mayMatter(text, name.split(/[\\/]/).at(-1) ?? '')) continue
    texts.set(uri, text)
    helpers?.expect(text, bytes)
  }
  const others = { inventories: [cluster, inventory].filter(i => i !== undefined), settings }
  const files = parsed(texts, helpers, early => helpers?.judge(() => lensOf({ files: early, ...others })))
  const snapshot = { files, ...others }
  helpers?.finish(snapshot)
  return { snapshot, names: found, read: found.size }
}

/** All files that the paths stand for, by their URIs: the inventory file only where a path is its name, not where it lies in a folder. */
function listed(paths: readonly string[], inventory: string | undefined) {
  const found = new Map<string, string>()
  let bytes = 0
  for (const path of paths.length > 0 ? paths : ['.']) {
    for (const { name, size } of expand(path)) {
      const uri = uriOf(name)
      if (uri === inventory && name !== path) continue
      found.set(uri, name)
      bytes += size
    }
  }
  return { found, bytes }
}

/** The inventory without the policies of a file that is checked: they count as those of that file. */
const withoutChecked = (inventory: Inventory, found: ReadonlyMap<string, string>): Inventory => ({
  ...inventory,
  policies: inventory.policies.filter(file => !found.has(file.uri)),
})

/** The files, in their order; `onEarly` is given those without policies, which nearly always make the lens, before the others are parsed. */
function parsed(
  texts: ReadonlyMap<string, string>,
  helpers: Helpers | undefined,
  onEarly: (files: Snapshot['files']) => void,
): Snapshot['files'] {
  helpers?.read([...texts.values()])
  const early = new Map<number, Unread>()
  const others = new Map<number, Unread>()
  for (const [i, [uri, text]] of [...texts].entries()) (mayHoldPolicies(text) ? others : early).set(i, { uri, text })
  const read = helpers?.files ?? readAlone
  const first = read(early)
  onEarly(new Map([...first.values()].map(file => [file.uri, file])))
  const rest = read(others)
  return new Map([...texts.keys()].map((uri, i) => [uri, (first.get(i) ?? rest.get(i)) as File]))
}

/** The URI of a path; standard input has one of its own. */
export function uriOf(path: string): string {
  if (path === '-') return 'stdin:-'
  const slash = path.lastIndexOf('/')
  const name = path.slice(slash + 1)
  return slash > 0 && PLAIN.test(name) ? folderUri(path.slice(0, slash)) + name : pathToFileURL(resolve(path)).href
}

/** A name that is in a URI as it is on disk. */
const PLAIN = /^\w[\w.-]*$/

const folderUri = memoText((folder: string): string => {
  const { href } = pathToFileURL(resolve(folder))
  return href.endsWith('/') ? href : `${href}/`
})

/** A file to read, with its bytes as far as they are known. */
interface Listed {
  readonly name: string
  readonly size: number
}

/** The files that a path stands for. */
function expand(path: string): readonly Listed[] {
  return path !== '-' && isFolder(path) ? below(path) : [{ name: path, size: 0 }]
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch (error) {
    throw new CannotRun(`cannot read ${path}: ${reason(error)}`)
  }
}

function below(folder: string): Listed[] {
  const found: Listed[] = []
  const waiting = [folder]
  for (let here = waiting.pop(); here !== undefined; here = waiting.pop()) {
    for (const item of listFolder(here)) {
      if (item.name === '.git' || item.name === 'node_modules') continue
      const name = join(here, item.name)
      const size = item.isDirectory() || !READ.test(item.name) ? undefined : sizeOf(name)
      if (item.isDirectory()) waiting.push(name)
      else if (size !== undefined) found.push({ name, size })
    }
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1))
}

function listFolder(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    throw new CannotRun(`cannot read ${folder}: ${reason(error)}`)
  }
}

/** Files that hold data rather than policies, links that lead nowhere, sockets and the like have none: they are passed over in folders. */
function sizeOf(path: string): number | undefined {
  try {
    const stat = statSync(path)
    return stat.isFile() && stat.size <= MAX_BYTES ? stat.size : undefined
  } catch {
    return undefined
  }
}

/** The text of a file or of standard input. */
export function readPath(path: string): string {
  return decode(readBytes(path))
}

/** What was piped in: it can be read once only. */
let piped: Uint8Array | undefined

function readBytes(path: string): Uint8Array {
  try {
    if (path !== '-') return readFileSync(path)
    piped ??= readFileSync(0)
    return piped
  } catch (error) {
    throw new CannotRun(`cannot read ${path === '-' ? 'standard input' : path}: ${reason(error)}`)
  }
}

function readInventory(path: string): Inventory {
  const inventory = inventoryFromFile(parseWhole(uriOf(path), readPath(path)), path)
  if (inventory.gaps.length > 0) throw new CannotRun(`--inventory: ${inventory.gaps.join('; ')}`)
  return inventory
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder',
  EAGAIN: 'nothing was piped in',
}

/** Why the system could not do it, in words. */
export function reason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error))
}
