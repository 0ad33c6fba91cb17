// --fix: applies every preferred fix, in rounds, until nothing changes; then writes the files.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { encode } from '../host/files.ts'
import { check } from '../rules/check.ts'
import { applyEdits } from '../syntax/apply.ts'
import type { File } from '../syntax/file.ts'
import { parseFile } from '../syntax/parse.ts'
import type { Edit } from '../syntax/problem.ts'
import type { World } from './load.ts'
import { reason } from './load.ts'
import { CannotRun } from './options.ts'

/** More rounds than any chain of fixes needs: two fixes that undo each other end here. */
const ROUNDS = 500

/** The world after all preferred fixes, and how many there were. Nothing is written yet. */
export function fixWorld(world: World): { readonly world: World; readonly fixed: number } {
  let now = world
  let fixed = 0
  for (let round = 0; round < ROUNDS; round++) {
    const { edits, fixes } = oneRound(now)
    if (fixes === 0) break
    now = applied(now, edits)
    fixed += fixes
  }
  return { world: now, fixed }
}

/** The edits of fixes that do not get into each other's way; the others have their turn in the next round. */
function oneRound({ snapshot }: World): { readonly edits: readonly Edit[]; readonly fixes: number } {
  const taken: Taken[] = []
  const subjects: Subjects = { whole: new Set(), parts: new Map() }
  let fixes = 0
  for (const file of snapshot.files.values()) {
    for (const document of file.documents) {
      for (const problem of check(snapshot, document)) {
        const fix = problem.fixes.find(f => f.preferred)
        if (!fix || fix.about?.some(what => isTaken(subjects, what))) continue
        const part = fix.about?.every(what => what !== wholeOf(what)) === true
        const wanted = fix.edits().map(edit => ({ edit, part }))
        if (wanted.length === 0 || wanted.some(w => taken.some(t => clash(t, w)))) continue
        taken.push(...wanted)
        for (const what of fix.about ?? []) take(subjects, what)
        fixes++
      }
    }
  }
  return { edits: taken.map(t => t.edit), fixes }
}

/** An edit; `part`: of a fix that only adds to lists. */
interface Taken {
  readonly edit: Edit
  readonly part: boolean
}

/** What fixes of this round are about: whole things, and parts by the thing that they are of. */
interface Subjects {
  readonly whole: Set<string>
  readonly parts: Map<string, Set<string>>
}

/** "policy shop/web" of "policy shop/web spec.ingress …". */
const wholeOf = (what: string): string => what.split(' ', 2).join(' ')

function isTaken({ whole, parts }: Subjects, what: string): boolean {
  const thing = wholeOf(what)
  return whole.has(thing) || (what === thing ? parts.has(thing) : parts.get(thing)?.has(what) === true)
}

function take({ whole, parts }: Subjects, what: string): void {
  const thing = wholeOf(what)
  if (what === thing) whole.add(thing)
  else parts.set(thing, (parts.get(thing) ?? new Set()).add(what))
}

/** Edits that overlap or touch; what is added to lists may be added in one place. */
function clash({ edit: a, part: addsA }: Taken, { edit: b, part: addsB }: Taken): boolean {
  if (a.kind === 'create') return b.kind === 'create' && a.uri === b.uri
  if (b.kind === 'create' || a.place.document !== b.place.document) return false
  const [x, y] = [a.place.span, b.place.span]
  if (addsA && addsB && x.start === x.end && y.start === y.end) return false
  return x.start <= y.end && y.start <= x.end
}

function applied(world: World, edits: readonly Edit[]): World {
  const files = new Map(world.snapshot.files)
  const names = new Map(world.names)
  for (const file of world.snapshot.files.values()) {
    const text = applyEdits(file, edits)
    if (text !== undefined && text !== file.text) files.set(file.uri, parseFile(file.uri, undefined, text, file))
  }
  for (const edit of edits) {
    if (edit.kind !== 'create' || files.has(edit.uri)) continue
    files.set(edit.uri, parseFile(edit.uri, undefined, edit.text))
    if (edit.uri.startsWith('file:')) names.set(edit.uri, relative('.', fileURLToPath(edit.uri)))
  }
  return { snapshot: { ...world.snapshot, files }, names, read: world.read + files.size - world.snapshot.files.size }
}

/** Writes what has changed, in the encoding that it had. */
export function writeWorld(before: World, after: World): void {
  for (const [uri, file] of after.snapshot.files) {
    const old = before.snapshot.files.get(uri)?.text
    if (old !== file.text) writeFile(file, old)
  }
}

function writeFile({ uri, text }: File, old: string | undefined): void {
  const path = fileURLToPath(uri)
  try {
    mkdirSync(dirname(path), { recursive: true })
    const before = existsSync(path) ? readFileSync(path) : Buffer.alloc(0)
    const isKnown = old === undefined || before.equals(encode(old, before))
    if (!isKnown) throw new Error('it was changed meanwhile, or is in no known encoding')
    writeFileSync(path, encode(text, before))
  } catch (error) {
    throw new CannotRun(`cannot write ${path}: ${reason(error)}`)
  }
}
