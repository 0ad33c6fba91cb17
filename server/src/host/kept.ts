// Files that one process keeps for the next, beside what Node keeps of compiled code: only what this user wrote is read.

import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'

const PLACE = Symbol.for('cilium-policy: where files are kept')
const places = globalThis as { [PLACE]?: string }

/** Says where this program keeps files: what their paths begin with, another one for each build. */
export function keepAt(prefix: string): void {
  places[PLACE] = prefix
}

/** Where that is; undefined where nothing is to be kept. */
export const keptPrefix = (): string | undefined => places[PLACE]

/** The path of a kept file; undefined where nothing is to be kept: in tests, and where Node is told to keep nothing. */
export function keptPath(name: string): string | undefined {
  const prefix = keptPrefix()
  return prefix === undefined ? undefined : `${prefix}-${name}`
}

/** What was kept; undefined when there is nothing, and for what somebody else has put there, or could have. */
export function readKept(path: string): Buffer | undefined {
  try {
    if (!isOurs(statSync(dirname(path)))) return undefined
    const file = openSync(path, 'r')
    try {
      return isOurs(fstatSync(file)) ? readFileSync(file) : undefined
    } finally {
      closeSync(file)
    }
  } catch {
    return undefined
  }
}

/** Keeps a file, never half of it: others may be reading. Where that is not possible nothing is kept. */
export function writeKept(path: string, parts: readonly Uint8Array[]): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    if (!isOurs(statSync(dirname(path)))) return
    writeFileSync(`${path}.${process.pid}`, Buffer.concat(parts), { mode: 0o600 })
    renameSync(`${path}.${process.pid}`, path)
    removeLeftovers(path)
  } catch {
    // The next process does the work again.
  }
}

/** Milliseconds in which every file is written. */
const LONGEST = 60_000

/** What processes have left that were ended while they wrote. */
function removeLeftovers(path: string): void {
  for (const name of readdirSync(dirname(path))) {
    if (!name.startsWith(`${basename(path)}.`)) continue
    const left = join(dirname(path), name)
    if (Date.now() - statSync(left).mtimeMs > LONGEST) rmSync(left)
  }
}

const isOurs = ({ uid }: { readonly uid: number }): boolean => uid === (process.getuid?.() ?? 0)
