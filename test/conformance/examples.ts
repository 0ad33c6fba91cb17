// Cilium's own example policies, which come with its Go module: no error on one that it accepts.

import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { policyRoots } from '../../server/src/model/kinds.ts'
import { VERSIONS, type Version } from '../../server/src/model/version.ts'
import { parseFile } from '../../server/src/syntax/parse.ts'
import { answers } from './accept.ts'
import { agrees } from './compare.ts'

/** Whether we agree on all examples of all versions; prints figures, and which differ. */
export async function agreesOnExamples(): Promise<boolean> {
  let right = true
  for (const version of VERSIONS) {
    const found = examples(version)
    const said = await answers(
      version,
      found.map(({ document }) => document.text),
    )
    const wrong = found.filter(({ document }, i) => !agrees(document, version, said[i] ?? { layer: '' }))
    console.log(`Cilium ${version}: ${found.length} example policies, ${wrong.length} disagreements`)
    for (const { path } of wrong) console.log(`  ${path}`)
    if (wrong.length > 0 || found.length === 0) right = false
  }
  return right
}

function examples(version: Version) {
  const folder = join(moduleFolder(version), 'examples')
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(path =>
    /\.(?:ya?ml|json)$/.test(path),
  )
  return paths.flatMap(path =>
    parseFile(path, undefined, readFileSync(join(folder, path), 'utf8'))
      .documents.filter(document => policyRoots(document).length > 0)
      .map(document => ({ path, document })),
  )
}

/** Where Go keeps the module that the programs of the version are built with. */
function moduleFolder(version: Version): string {
  const flags = ['list', `-modfile=${version}.mod`, '-m', '-f', '{{.Dir}}', 'github.com/cilium/cilium']
  const cwd = fileURLToPath(new URL('go/cilium', import.meta.url))
  return execFileSync('go', flags, { cwd, encoding: 'utf8', env: { ...process.env, GOFLAGS: '-mod=mod' } }).trim()
}
