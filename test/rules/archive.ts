// Archives of examples, one a rule: cases of several files with what the rule says of them and what its fixes make of them.

import { check } from '../../server/src/rules/check.ts'
import { applyEdits } from '../../server/src/syntax/apply.ts'
import type { File } from '../../server/src/syntax/file.ts'
import { positionAt } from '../../server/src/syntax/lines.ts'
import { parseFile, parseWhole } from '../../server/src/syntax/parse.ts'
import type { Edit, Fix, Problem } from '../../server/src/syntax/problem.ts'
import { inventoryFromFile } from '../../server/src/workspace/collect.ts'
import type { Inventory } from '../../server/src/workspace/inventory.ts'
import { readSettings } from '../../server/src/workspace/settings.ts'
import type { Snapshot } from '../../server/src/workspace/snapshot.ts'

const ROOT = 'file:///w/'
const OPTIONS = ['version', 'config', 'enforcement', 'namespace'] as const

/** One `=== fails: …` or `=== passes: …` with its options and files, in the order of the text. */
export interface Case {
  readonly fails: boolean
  readonly title: string
  readonly options: ReadonlyMap<string, string>
  /** `inventory.yaml` is the inventory file, `cluster.yaml` the live cluster, all others are the workspace's. */
  readonly files: ReadonlyMap<string, string>
  /** What stands under `-- problems --` and `-- fix …: … --`, as recorded. */
  readonly recorded: ReadonlyMap<string, string>
}

export interface Archive {
  readonly preamble: string
  readonly cases: readonly Case[]
}

/** Reads an archive; an error names the line that cannot be read. */
export function readArchive(text: string): Archive {
  const [preamble = '', ...sections] = `\n${text}`.split(/(?<=\n)(?==== )/)
  return { preamble: preamble.slice(1), cases: sections.map(readCase) }
}

function readCase(section: string): Case {
  const [heading = '', ...parts] = section.split(/^(?=-- .+ --$)/m)
  const [first = '', ...lines] = heading.trimEnd().split('\n')
  const kind = /^=== (fails|passes): (.+)$/.exec(first)
  if (!kind) throw new Error(`"${first}" begins no case: write "=== fails: …" or "=== passes: …"`)
  const options = new Map(lines.map(readOption))
  const files = new Map<string, string>()
  const recorded = new Map<string, string>()
  for (const part of parts) {
    const end = part.indexOf('\n')
    const name = part.slice(3, end - 3)
    const into = name === 'problems' || name.startsWith('fix ') ? recorded : files
    into.set(name, part.slice(end + 1))
  }
  return { fails: kind[1] === 'fails', title: kind[2] ?? '', options, files, recorded }
}

function readOption(line: string): [string, string] {
  const [, key = '', value = ''] = /^(\w+): (.+)$/.exec(line) ?? []
  if (!OPTIONS.some(o => o === key)) throw new Error(`"${line}" is no option: known are ${OPTIONS.join(', ')}`)
  return [key, value]
}

/** An archive as text, with what is recorded now in place of what was. */
export function printArchive(archive: Archive, recordedOf: (one: Case) => ReadonlyMap<string, string>): string {
  return archive.preamble + archive.cases.map(one => printCase(one, recordedOf(one))).join('')
}

function printCase(one: Case, recorded: ReadonlyMap<string, string>): string {
  const head = [`=== ${one.fails ? 'fails' : 'passes'}: ${one.title}`]
  for (const [key, value] of one.options) head.push(`${key}: ${value}`)
  const parts = [...one.files, ...recorded].map(([name, body]) => `-- ${name} --\n${body}`)
  return `${head.join('\n')}\n${parts.join('')}`
}

/** The snapshot that the files of a case make. */
export function worldOf(one: Pick<Case, 'files' | 'options'>): Snapshot {
  const files = new Map<string, File>()
  const inventories: Inventory[] = []
  for (const [name, text] of one.files) {
    const uri = ROOT + name
    if (name === 'inventory.yaml' || name === 'cluster.yaml') {
      const read = inventoryFromFile(parseWhole(uri, text), name)
      const origin = { kind: 'cluster', name: 'cluster test' } as const
      inventories.push(name === 'cluster.yaml' ? { ...read, origin } : read)
    } else files.set(uri, parseFile(uri, 1, text))
  }
  return { files, inventories, settings: settingsOf(one.options) }
}

function settingsOf(options: Case['options']): Snapshot['settings'] {
  const config = Object.fromEntries((options.get('config') ?? '').split(' ').map(pair => pair.split('=')))
  const { settings, problems } = readSettings({
    ciliumVersion: options.get('version') ?? 'auto',
    enforcementMode: options.get('enforcement') ?? 'auto',
    config: options.has('config') ? config : {},
  })
  if (problems.length > 0) throw new Error(problems.join('; '))
  return { ...settings, namespace: options.get('namespace') ?? '' }
}

/** A problem and the file that it is in. */
export interface Found {
  readonly file: File
  readonly problem: Problem
}

/** All problems of a snapshot, file by file. */
export function problemsOf(snapshot: Snapshot): Found[] {
  return [...snapshot.files.values()].flatMap(file =>
    file.documents.flatMap(d => check(snapshot, d).map(problem => ({ file, problem, document: d }))),
  )
}

/** `policy.yaml:9:15-9:30 error: message`, with related places below. */
export function describe(snapshot: Snapshot, { file, problem }: Found): string {
  const document = file.documents.find(d => check(snapshot, d).includes(problem))
  const base = file.starts[document ? file.documents.indexOf(document) : 0] ?? 0
  const at = (offset: number) => {
    const { line, character } = positionAt(file, base + offset)
    return `${line + 1}:${character + 1}`
  }
  const place = `${file.uri.slice(ROOT.length)}:${at(problem.span.start)}-${at(problem.span.end)}`
  const related = problem.related.map(r => `  related: ${r.message}\n`).join('')
  return `${place} ${problem.severity}: ${problem.message}\n${related}`
}

/** The snapshot after edits; undefined when they overlap. */
export function edited(snapshot: Snapshot, edits: readonly Edit[]): Snapshot | undefined {
  const files = new Map(snapshot.files)
  for (const file of snapshot.files.values()) {
    const text = applyEdits(file, edits)
    if (text === undefined) return undefined
    if (text !== file.text) files.set(file.uri, parseFile(file.uri, 1, text, file))
  }
  for (const edit of edits) if (edit.kind === 'create') files.set(edit.uri, parseFile(edit.uri, undefined, edit.text))
  return { ...snapshot, files }
}

/** What is to be recorded of a case: the problems of the rule and the files that each of its fixes changes. */
export function recordOf(rule: string, one: Case): ReadonlyMap<string, string> {
  const snapshot = worldOf(one)
  const recorded = new Map<string, string>()
  const found = problemsOf(snapshot).filter(f => f.problem.code === rule)
  if (found.length === 0) return recorded
  recorded.set('problems', found.map(f => describe(snapshot, f)).join(''))
  for (const { problem } of found) for (const fix of problem.fixes) recordFix(recorded, snapshot, fix)
  return recorded
}

function recordFix(recorded: Map<string, string>, snapshot: Snapshot, fix: Fix): void {
  const after = edited(snapshot, fix.edits())
  for (const [uri, file] of after?.files ?? []) {
    if (file.text === snapshot.files.get(uri)?.text) continue
    const name = `fix ${uri.slice(ROOT.length)}: ${fix.title}`
    const free = [name, ...Array.from({ length: 40 }, (_, i) => `${name} (${i + 2})`)].find(n => !recorded.has(n))
    recorded.set(free ?? name, file.text.endsWith('\n') ? file.text : `${file.text}\n`)
  }
}
