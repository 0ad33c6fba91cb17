// `npm test`: installs and builds what is missing, then checks types and style and runs every test that this machine can run.

import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { node24, ROOT, run } from './node24.mjs'
import { prepare } from './prepare.mjs'

prepare()
run(['--disable-warning=ExperimentalWarning', '.ci/editorTests.ts'])

/** Every *.test.ts below test/, sorted. */
function tests(folder) {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap(entry => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return tests(path)
    return entry.name.endsWith('.test.ts') ? [path] : []
  })
}

/** Runs a package's command line program under Node 24. */
function program(path, ...args) {
  return spawnSync(node24(), [join(ROOT, 'node_modules', path), ...args], { cwd: ROOT, stdio: 'inherit' }).status ?? 1
}

console.log('Checking types …')
const types = program('typescript/bin/tsc', '-p', '.')
console.log('Checking format and style …')
const style = program('@biomejs/biome/bin/biome', 'ci', '--error-on-warnings', '.')
const files = process.argv.length > 2 ? process.argv.slice(2) : tests('test').sort()
console.log(`Running ${files.length} test files …`)
const status = run([
  '--disable-warning=ExperimentalWarning',
  '--test',
  '--test-reporter=spec',
  '--test-timeout=600000',
  ...files,
])
if (types !== 0) console.error('The types do not hold: see above.')
if (style !== 0) console.error('The style does not hold: npm run format mends most of it.')
process.exit(types || style || status)
