// Files of a Node host: reading one, and finding those that may hold Kubernetes objects.

import * as fs from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

// Of `node:fs/promises` every start would load the whole, terminals included.
const [readdir, readFile, stat] = [promisify(fs.readdir), promisify(fs.readFile), promisify(fs.stat)]

const READ = /\.(?:ya?ml|json)$/i
const MAX_BYTES = 32_000_000
const BATCH = 64

/** The text of a file, read as UTF-8 (or UTF-16 with its mark); undefined when it cannot be read or is no file. */
export async function readText(path: string): Promise<string | undefined> {
  try {
    const { size } = await stat(path)
    return size > MAX_BYTES ? undefined : decode(await readFile(path))
  } catch {
    return undefined
  }
}

const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** Bytes as text: UTF-8, or UTF-16 when a byte order mark says so. */
export function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  return UTF8.decode(bytes)
}

/**
 * Paths (with `/`, relative to the folder) of all *.yaml, *.yml and *.json files below a folder, in batches, sorted within each
 * folder. `.git` and `node_modules`, and whatever `skip` says of a path, are left out. Links to folders are not followed.
 */
export async function* listFiles(folder: string, skip: (path: string) => boolean): AsyncGenerator<readonly string[]> {
  let batch: string[] = []
  const waiting = ['']
  for (let below = waiting.pop(); below !== undefined; below = waiting.pop()) {
    const { files, folders } = await readFolder(folder, below, skip)
    waiting.push(...folders.reverse())
    batch.push(...files)
    if (batch.length < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

async function readFolder(
  folder: string,
  below: string,
  skip: (path: string) => boolean,
): Promise<{ readonly files: readonly string[]; readonly folders: string[] }> {
  const files: string[] = []
  const folders: string[] = []
  const found = await readdir(join(folder, below), { withFileTypes: true }).catch(() => [])
  for (const item of found.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = below === '' ? item.name : `${below}/${item.name}`
    if (item.name === '.git' || item.name === 'node_modules' || skip(path)) continue
    if (item.isDirectory()) folders.push(path)
    else if (READ.test(item.name) && (item.isFile() || item.isSymbolicLink())) files.push(path)
  }
  return { files, folders }
}
