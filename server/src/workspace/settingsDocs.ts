// Writes what is generated from the settings: `contributes.configuration` of package.json and docs/settings.md (`--check`: only compares).

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { DECLARATIONS, type Declaration, PREFIX } from './settings.ts'

/** VS Code's description of the settings. */
export function configuration(): object {
  const properties = Object.fromEntries(
    DECLARATIONS.map((d, order) => [`${PREFIX}.${d.key}`, { ...property(d), order }]),
  )
  return { title: 'Cilium Policy', properties }
}

function property(declared: Declaration): object {
  const { allowed, meanings, scope } = declared
  const common = { default: declared.default, markdownDescription: declared.description, scope }
  switch (declared.type) {
    case 'word':
      return { type: 'string', enum: allowed, markdownEnumDescriptions: meanings, ...common }
    case 'text':
      return { type: 'string', ...common }
    case 'list':
      return { type: 'array', items: { type: 'string' }, ...common }
    case 'map':
      return { type: 'object', additionalProperties: { type: 'string' }, ...common }
    case 'words':
      return { type: 'object', additionalProperties: { type: 'string', enum: allowed }, ...common }
  }
}

/** docs/settings.md. */
export function settingsPage(): string {
  const sections = DECLARATIONS.map(section).join('\n')
  return `# Settings

Generated from \`server/src/workspace/settings.ts\`; \`npm run generate\` writes it.

VS Code: in the settings editor, or in \`.vscode/settings.json\`. Other editors send them as the section \`${PREFIX}\` when the server asks
(\`workspace/configuration\`), or as \`initializationOptions.${PREFIX}\`: nested objects, such as \`{ "cluster": { "enabled": "off" } }\`.
A change takes effect at once. A wrong value is named once, with what is allowed, and the default is used.

${sections}`
}

function section(declared: Declaration): string {
  const { key, allowed = [], meanings, description, example } = declared
  const lines = [`## \`${PREFIX}.${key}\``, '', description, '']
  if (meanings) lines.push(...allowed.map((word, i) => `- \`${word}\`: ${meanings[i] ?? ''}`), '')
  lines.push(
    `Default: \`${JSON.stringify(declared.default)}\`${example === undefined ? '' : `, for example \`${JSON.stringify(example)}\``}.`,
    '',
  )
  return lines.join('\n')
}

/** The text of package.json with the settings of now in it. */
export function withConfiguration(text: string): string {
  const read: unknown = JSON.parse(text)
  const manifest = typeof read === 'object' && read !== null ? read : {}
  const contributes = 'contributes' in manifest && typeof manifest.contributes === 'object' ? manifest.contributes : {}
  return `${JSON.stringify({ ...manifest, contributes: { ...contributes, configuration: configuration() } }, null, 2)}\n`
}

/** What is stale, by path; nothing when all is as generated. With `write` it is written. */
export function generate(root: string, write: boolean): string[] {
  const manifest = `${root}/package.json`
  const page = `${root}/docs/settings.md`
  const made = [
    [manifest, withConfiguration(readFileSync(manifest, 'utf8'))],
    [page, settingsPage()],
  ] as const
  const stale = made.filter(([path, text]) => text !== textOf(path))
  if (write) mkdirSync(`${root}/docs`, { recursive: true })
  if (write) for (const [path, text] of stale) writeFileSync(path, text)
  return stale.map(([path]) => path)
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
  const stale = generate(fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, ''), !check)
  for (const path of stale) console.log(check ? `${path} is stale: run npm run generate` : `wrote ${path}`)
  if (check && stale.length > 0) process.exitCode = 1
}
