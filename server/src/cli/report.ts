// Problems as a report: files by name, lines and columns from 1, in the order of the files and their text.

import { policyRoots } from '../model/kinds.ts'
import { check } from '../rules/check.ts'
import type { Document, File } from '../syntax/file.ts'
import { lineOf, positionAt } from '../syntax/lines.ts'
import type { Place, Problem, Severity } from '../syntax/problem.ts'
import { uriOf } from '../workspace/documents.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import type { World } from './load.ts'

export interface Spot {
  readonly file: string
  readonly line: number
  readonly column: number
}

export interface Reported extends Spot {
  readonly endLine: number
  readonly endColumn: number
  readonly code: string
  readonly severity: Severity
  readonly message: string
  readonly related: readonly (Spot & { readonly message: string })[]
  readonly fixes: readonly { readonly title: string; readonly preferred: boolean }[]
  /** The line of the source on which it starts. */
  readonly source: string
}

export interface Report {
  readonly problems: readonly Reported[]
  /** Names of the files that hold policies or have problems, in order. */
  readonly files: readonly string[]
  readonly summary: {
    readonly files: number
    readonly policies: number
    readonly errors: number
    readonly warnings: number
  }
  /** What was mended before, by --fix. */
  readonly fixed: number
  /** The level that makes the command fail. */
  readonly failOn: 'error' | 'warning'
}

/** Checks every file of the world. */
export function makeReport(
  world: World,
  how: { readonly fixed: number; readonly failOn: 'error' | 'warning' },
): Report {
  const problems: Reported[] = []
  const files: string[] = []
  let policies = 0
  for (const file of world.snapshot.files.values()) {
    const before = problems.length
    let here = 0
    for (const document of file.documents) {
      here += policyRoots(document).length
      for (const problem of check(world.snapshot, document)) problems.push(reported(world, file, document, problem))
    }
    policies += here
    if (here > 0 || problems.length > before) files.push(world.names.get(file.uri) ?? file.uri)
  }
  const count = (severity: Severity) => problems.filter(p => p.severity === severity).length
  const summary = { files: world.read, policies, errors: count('error'), warnings: count('warning') }
  return { problems, files, summary, ...how }
}

/** Whether the report has something at the level that makes the command fail. */
export function fails(report: Report): boolean {
  return report.summary.errors > 0 || (report.failOn === 'warning' && report.summary.warnings > 0)
}

function reported(world: World, file: File, document: Document, problem: Problem): Reported {
  const base = file.starts[file.documents.indexOf(document)] ?? 0
  const start = positionAt(file, base + problem.span.start)
  const end = positionAt(file, base + problem.span.end)
  return {
    file: world.names.get(file.uri) ?? file.uri,
    line: start.line + 1,
    column: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
    code: problem.code,
    severity: problem.severity,
    message: problem.message,
    related: problem.related.flatMap(({ place, message }) => {
      const spot = spotOf(world, place)
      return spot ? [{ ...spot, message }] : []
    }),
    fixes: problem.fixes.map(fix => ({ title: fix.title, preferred: fix.preferred === true })),
    source: lineOf(file, base + problem.span.start),
  }
}

/** Where a place is; undefined for what is in no file, such as an object of the live cluster. */
export function spotOf(world: Pick<World, 'snapshot' | 'names'>, place: Place): Spot | undefined {
  const found = fileAt(world.snapshot, place)
  if (!found) return undefined
  const { line, character } = positionAt(found.file, found.offset)
  return { file: world.names.get(found.file.uri) ?? found.file.uri, line: line + 1, column: character + 1 }
}

/** The line of the source on which a place starts; empty for what is in no file. */
export function sourceOf({ snapshot }: Pick<World, 'snapshot'>, place: Place): string {
  const found = fileAt(snapshot, place)
  return found ? lineOf(found.file, found.offset) : ''
}

function fileAt(snapshot: Snapshot, { document, span }: Place): { file: File; offset: number } | undefined {
  const uri = uriOf(snapshot, document)
  const file = uri === undefined ? undefined : fileNamed(snapshot, uri)
  return file && { file, offset: (file.starts[file.documents.indexOf(document)] ?? 0) + span.start }
}

function fileNamed(snapshot: Snapshot, uri: string): File | undefined {
  const known = snapshot.files.get(uri)
  return known ?? snapshot.inventories.flatMap(i => i.policies).find(f => f.uri === uri)
}
