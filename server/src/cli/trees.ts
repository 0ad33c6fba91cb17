// The files as the last run has read them, kept on disk: of a repository that is checked again only what has changed is read anew.

import { createHash } from 'node:crypto'
import { keptPath, readKept, writeKept } from '../host/kept.ts'
import type { File } from '../syntax/file.ts'
import { isPackable, type Packed, pack, unpack } from '../syntax/packed.ts'

/** Bytes of a repository that is kept: about fifty thousand policies. */
const MOST = 64_000_000
/** A share of files that are read sooner than all are written. */
const FEW = 0.02
const HASH = 'sha256'
const HASH_LENGTH = 32

/** What the last run of this build has read. */
export interface Trees {
  /** The file of that digest, whose text is given; undefined when it was not read, or not by the fast reader. */
  file(digest: string, of: { readonly uri: string; readonly text: string }): File | undefined
  /** Keeps these files, by their digests, in place of those of the last run, when more than a few are others. */
  keep(files: ReadonlyMap<string, File>): void
}

const OPEN = 0
const BEGUN = 1
const DONE = 2

/** Milliseconds in which a file is written. */
const LONGEST = 2000

/** What says, among threads, who keeps the trees. */
export const newKeeping = (): Int32Array<SharedArrayBuffer> => new Int32Array(new SharedArrayBuffer(4))

/** Whether it is this thread that keeps them: the first that asks. */
export const beginKeeping = (keeping: Int32Array<SharedArrayBuffer>): boolean =>
  Atomics.compareExchange(keeping, 0, OPEN, BEGUN) === OPEN

/** Says that they are kept. */
export function endKeeping(keeping: Int32Array<SharedArrayBuffer>): void {
  Atomics.store(keeping, 0, DONE)
  Atomics.notify(keeping, 0)
}

/** Waits until another thread that has begun has kept them, but not for long: then they are not kept. */
export function awaitKeeping(keeping: Int32Array<SharedArrayBuffer>): void {
  Atomics.wait(keeping, 0, BEGUN, LONGEST)
}

/** Reads what is kept at a path; nothing is kept without one. */
export function openTrees(path: string | undefined = keptPath('trees')): Trees {
  const bytes = path === undefined ? undefined : readKept(path)
  const known = bytes && opened(bytes)
  return {
    file: (digest, { uri, text }) => {
      const index = known?.digests.get(digest)
      return index === undefined ? undefined : known?.files.file(index, uri, text)
    },
    keep: files => {
      const packable = [...files].filter(([, file]) => isPackable(file))
      const fresh = packable.filter(([digest]) => !known?.digests.has(digest)).length
      if (path === undefined || fresh <= packable.length * FEW) return
      const parts = closed(
        packable.map(([digest]) => digest),
        pack(packable.map(([, file]) => file)),
      )
      if (parts.reduce((sum, { length }) => sum + length, 0) <= MOST) writeKept(path, parts)
    },
  }
}

/** What stands before the numbers. */
interface Head {
  readonly digests: readonly string[]
  readonly scalars: readonly string[]
  /** How many numbers follow. */
  readonly ints: number
  readonly shorts: number
}

/** A hash of all that follows; the length of the head and the head, up to a multiple of eight bytes; the numbers. */
function closed(digests: readonly string[], { ints, shorts, scalars }: Packed): readonly Uint8Array[] {
  const head: Head = { digests, scalars, ints: ints.length, shorts: shorts.length }
  const text = Buffer.from(JSON.stringify(head))
  const padded = Buffer.alloc(Math.ceil((text.length + 4) / 8) * 8, ' ')
  padded.writeUInt32LE(padded.length - 4)
  text.copy(padded, 4)
  const parts = [padded, bytesOf(ints), bytesOf(shorts)]
  const hash = createHash(HASH)
  for (const part of parts) hash.update(part)
  return [hash.digest(), ...parts]
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Int32Array | Uint16Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength)

/** What was kept; undefined when it is spoilt. */
function opened(bytes: Buffer) {
  const rest = bytes.subarray(HASH_LENGTH)
  const hash = createHash(HASH).update(rest).digest()
  if (rest.length < 4 || !hash.equals(bytes.subarray(0, HASH_LENGTH))) return undefined
  const start = rest.readUInt32LE() + 4
  const head = JSON.parse(rest.toString('utf8', 4, start)) as Head
  const from = rest.byteOffset + start
  const ints = new Int32Array(rest.buffer.slice(from, from + head.ints * 4))
  const shorts = new Uint16Array(rest.buffer.slice(from + head.ints * 4, from + head.ints * 4 + head.shorts * 2))
  const files = unpack({ ints, shorts, scalars: head.scalars })
  return { files, digests: new Map(head.digests.map((digest, i) => [digest, i])) }
}
