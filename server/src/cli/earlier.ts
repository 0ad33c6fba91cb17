// In which documents an earlier run has found nothing, kept on disk by what stands in their files: of a repository that is checked
// again only what has changed is judged by itself.

import { createHash } from 'node:crypto'
import { keptPath, readKept, writeKept } from '../host/kept.ts'
import { memo } from '../memo.ts'
import { checkAlone, isJudged, knowClean } from '../rules/check.ts'
import type { Lens } from '../rules/rule.ts'
import type { File } from '../syntax/file.ts'

/** Files that are remembered: those of the last runs, about 45 bytes each. */
const MOST = 50_000

/** What earlier runs of this build have found, whatever the folder was. */
export interface Earlier {
  /** Whether nothing was ever judged. */
  readonly isEmpty: boolean
  /** Whether a file of that digest was judged before, under a lens or under some. */
  knows(digest: string, lens?: Lens): boolean
  /** Takes the word of an earlier run for the documents of a file in which it has found nothing. */
  recall(digest: string, file: File, lens: Lens): void
  /** Keeps what is known of files, by their digests, by now: those that are judged completely. */
  keep(files: ReadonlyMap<string, File>, lens: Lens): void
}

/** What stands for a file: a digest of its bytes. */
export function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64url').slice(0, 22)
}

/** Reads what is kept at a path; nothing is kept without one. */
export function openEarlier(path: string | undefined = keptPath('judged')): Earlier {
  const known = path === undefined ? new Map<string, Kept>() : read(path)
  const digests = new Set([...known.values()].map(k => k.digest))
  return {
    isEmpty: known.size === 0,
    knows: (digest, lens) => (lens ? known.has(nameOf(lens, digest)) : digests.has(digest)),
    recall: (digest, file, lens) => {
      const found = known.get(nameOf(lens, digest))?.found
      if (!found) return
      for (const [i, document] of file.documents.entries()) if (!found.includes(i)) knowClean(document, lens)
    },
    keep: (files, lens) => {
      if (path === undefined) return
      const now = new Map<string, Kept>()
      let news = false
      for (const [digest, { documents }] of files) {
        const name = nameOf(lens, digest)
        const before = known.get(name)
        if (!before && !documents.every(d => isJudged(d, lens))) continue
        news ||= !before
        now.set(name, before ?? { digest, found: foundIn(documents, lens) })
      }
      if (news) write(path, new Map([...now, ...known]))
    },
  }
}

const foundIn = (documents: File['documents'], lens: Lens): readonly number[] =>
  [...documents.entries()].flatMap(([i, document]) => (checkAlone(document, lens).length > 0 ? [i] : []))

interface Kept {
  readonly digest: string
  /** The numbers of the documents in which something was found. */
  readonly found: readonly number[]
}

/** A file under a lens. */
const nameOf = (lens: Lens, digest: string): string => `${lensName(lens)} ${digest}`

const lensName = memo((lens: Lens): string =>
  digestOf(Buffer.from(JSON.stringify([lens.version, lens.config]))).slice(0, 12),
)

const LINE = /^([\w-]{12} ([\w-]{22})) ((?:\d+(?:,\d+)*)?)$/

/** One file a line: the lens, the digest, and the documents in which something was found. Other lines are left out. */
function read(path: string): ReadonlyMap<string, Kept> {
  const found = new Map<string, Kept>()
  for (const line of readKept(path)?.toString('latin1').split('\n') ?? []) {
    const [, name, digest, list] = LINE.exec(line) ?? []
    if (name !== undefined && digest !== undefined)
      found.set(name, { digest, found: list ? list.split(',').map(Number) : [] })
  }
  return found
}

function write(path: string, all: ReadonlyMap<string, Kept>): void {
  const lines = [...all].slice(0, MOST).map(([name, { found }]) => `${name} ${found.join()}\n`)
  writeKept(path, [Buffer.from(lines.join(''))])
}
