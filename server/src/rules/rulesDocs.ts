// Writes docs/rules.md from the rules and their archives of examples (`--check`: only compares).

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Case, readArchive } from '../../../test/rules/archive.ts'
import { rules } from './index.ts'
import type { Rule } from './rule.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const PAGE = `${ROOT}docs/rules.md`
const KINDS = [
  ['error', 'Errors: Cilium or the API server rejects the document'],
  ['warning', 'Warnings: accepted, but it does not do what it looks like'],
  ['information', 'Information: worth knowing'],
  ['hint', 'Hints: a better way to write it'],
] as const

/** docs/rules.md: a list of all rules, then a section for each. */
export function rulesPage(): string {
  const groups = KINDS.map(([severity, title]) => ({ title, list: rules.filter(r => r.severity === severity) }))
  const index = groups.flatMap(({ title, list }) =>
    list.length === 0 ? [] : [`## ${title}`, '', ...list.map(r => `- [\`${r.id}\`](#${r.id}): ${r.summary}`), ''],
  )
  const sections = groups.flatMap(({ list }) => list.map(section))
  return `# Rules

Generated from \`server/src/rules/\` and the examples in \`test/rules/\`; \`npm run generate\` writes it.

A comment silences a rule where that is right: \`# cilium-policy-ignore <rule-id> reason\` on the line before, or at the top of the document for all of it. The
setting \`ciliumPolicy.rules\` gives a rule another severity everywhere, or switches it \`off\`.

${index.join('\n')}
${sections.join('\n')}`.replace(/\n{3,}/g, '\n\n')
}

function section(rule: Rule): string {
  const archive = readArchive(readFileSync(`${ROOT}test/rules/${rule.id}.txt`, 'utf8'))
  const failing = archive.cases.find(c => c.fails)
  return [
    `## ${rule.id}`,
    '',
    `**${rule.summary}.**`,
    '',
    rule.why,
    '',
    ...(failing ? example(failing) : []),
    `- Severity: ${rule.severity}`,
    `- Cilium versions: ${versions(rule)}`,
    `- Judged by: ${SCOPES[rule.scope]}`,
    `- Upstream: ${rule.source}`,
    `- Silence: \`# cilium-policy-ignore ${rule.id} reason\`, or \`"ciliumPolicy.rules": { "${rule.id}": "off" }\``,
    '',
  ].join('\n')
}

const SCOPES = {
  text: 'the text of one document',
  document: 'one document alone',
  workspace: 'all files, and what is known of the cluster',
} as const

function versions({ since, until }: Rule): string {
  if (since && until) return since === until ? since : `${since} to ${until}`
  return since ? `${since} and later` : until ? `up to ${until}` : 'all that are supported'
}

/** What is known of the cluster in an example: long, and not what it is about. */
const KNOWLEDGE = ['inventory.yaml', 'cluster.yaml']

function* example(one: Case): Iterable<string> {
  yield `Example: ${one.title}${one.options.size ? ` (${[...one.options].map(([k, v]) => `${k} ${v}`).join(', ')})` : ''}.`
  yield ''
  const several = [...one.files.keys()].filter(name => !KNOWLEDGE.includes(name)).length > 1
  for (const [name, text] of one.files) if (!KNOWLEDGE.includes(name)) yield* fenced(several ? name : undefined, text)
  const said = (one.recorded.get('problems') ?? '').split('\n').filter(l => l !== '')
  for (const line of said.slice(0, 3)) yield line.startsWith(' ') ? `> (${line.trim()})` : `> ${message(line)}`
  yield ''
  const fix = [...one.recorded].find(([name]) => name.startsWith('fix '))
  if (!fix) return
  const [, file, title] = /^fix ([^:]+): (.*)$/.exec(fix[0]) ?? []
  yield `Quick fix "${title}":`
  yield ''
  yield* fenced(several ? file : undefined, fix[1])
}

const message = (line: string): string => line.replace(/^\S+ \w+: /, '')

function* fenced(name: string | undefined, text: string): Iterable<string> {
  if (name) yield* [`\`${name}\``, '']
  const lines = text.trimEnd().split('\n')
  yield* ['```yaml', ...lines.map(l => (l.length > 200 ? `${l.slice(0, 80)}…` : l)), '```', '']
}

/** Whether docs/rules.md is as generated; with `write` it is written. */
export function generate(write: boolean): boolean {
  const page = rulesPage()
  const fresh = textOf(PAGE) === page
  if (write && !fresh) {
    mkdirSync(dirname(PAGE), { recursive: true })
    writeFileSync(PAGE, page)
  }
  return fresh
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

if (import.meta.main) {
  const check = process.argv.includes('--check')
  const fresh = generate(!check)
  if (!fresh) console.log(check ? 'docs/rules.md is stale: run npm run generate' : `wrote ${PAGE}`)
  if (check && !fresh) process.exitCode = 1
}
