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

/**
 * Bytes as text: UTF-8, or UTF-16 when a byte order mark says so. A byte that is not UTF-8 becomes a lone surrogate (U+DC00 and the
 * byte), which nothing else does: the readers refuse it, and `encode` makes the byte of it again.
 */
export function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  const text = UTF8.decode(bytes)
  return text.includes('\ufffd') ? withStrays(bytes) : text
}

/** Text that may hold bytes which are not UTF-8. */
function withStrays(bytes: Uint8Array): string {
  let text = ''
  let done = 0
  for (let i = 0; i < bytes.length; ) {
    const length = lengthAt(bytes, i)
    if (length === 0) {
      text += UTF8.decode(bytes.subarray(done, i)) + String.fromCharCode(0xdc00 + (bytes[i] ?? 0))
      done = i + 1
    }
    i += length || 1
  }
  return text + UTF8.decode(bytes.subarray(done))
}

/** How many bytes the character at an offset has; 0: it is none (RFC 3629). */
function lengthAt(bytes: Uint8Array, at: number): number {
  const [first = 0, second = 0] = bytes.subarray(at, at + 2)
  if (first < 0x80) return 1
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
  const least = { 224: 0xa0, 240: 0x90 }[first] ?? 0x80
  const most = { 237: 0x9f, 244: 0x8f }[first] ?? 0xbf
  if (first < 0xc2 || first > 0xf4 || second < least || second > most) return 0
  for (let i = at + 2; i < at + length; i++) if (((bytes[i] ?? 0) & 0xc0) !== 0x80) return 0
  return length
}

/** The bytes of a text that came from `before`, in the same encoding: as they were, where the text is. */
export function encode(text: string, before: Uint8Array): Uint8Array {
  const [first, second] = before
  const little = first === 0xff && second === 0xfe
  if (little || (first === 0xfe && second === 0xff)) {
    const bytes = Buffer.from(`\ufeff${text}`, 'utf16le')
    return little ? bytes : bytes.swap16()
  }
  const parts = text.split(/([\udc80-\udcff])/u)
  if (parts.length === 1) return Buffer.from(text)
  return Buffer.concat(parts.map((part, i) => (i % 2 === 0 ? Buffer.from(part) : Buffer.of(part.charCodeAt(0) & 0xff))))
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
