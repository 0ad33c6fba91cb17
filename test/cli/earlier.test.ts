// What an earlier run has found clean is not judged again, and everything else is said as if there had been none.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openEarlier } from '../../server/src/cli/earlier.ts'
import { loadWorld, type World } from '../../server/src/cli/load.ts'
import type { WorldValues } from '../../server/src/cli/options.ts'
import { makeReport, type Report } from '../../server/src/cli/report.ts'
import { startHelpers } from '../../server/src/cli/threads.ts'
import { readKept, writeKept } from '../../server/src/host/kept.ts'
import { isJudged, lensOf } from '../../server/src/rules/check.ts'
import { policy, repository } from '../bench/corpus.ts'
import { folderOf } from './command.ts'

const { path: folder } = folderOf({
  ...Object.fromEntries(repository(200)),
  'mixed.yaml': [policy(49, 1), policy(1, 1), policy(99, 1)].join('---\n'),
  'broken.yaml': 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: [\n',
})
const home = mkdtempSync(join(tmpdir(), 'cilium-policy-kept-'))
after(() => rmSync(home, { recursive: true, force: true }))

interface Run {
  readonly report: Report
  /** Documents that were known to be clean before anything was judged here, of all. */
  readonly recalled: number
  readonly all: number
}

/** Checks the folder with what is kept at a path, and keeps what is known afterwards. */
async function run(path: string | undefined, values: WorldValues = {}, threads = 0): Promise<Run> {
  const helpers = startHelpers({ threads, many: threads > 0 ? 0 : Infinity, some: 0, open: () => openEarlier(path) })
  const world: World = await loadWorld([folder], values, helpers)
  const lens = lensOf(world.snapshot)
  const documents = [...world.snapshot.files.values()].flatMap(f => f.documents)
  const recalled = documents.filter(d => isJudged(d, lens)).length
  const report = makeReport(world, { fixed: 0, failOn: 'error' })
  helpers.keep(world.snapshot)
  return { report, recalled, all: documents.length }
}

const alone = await run(undefined)

test('without a place to keep it nothing is kept', async () => {
  assert.equal(alone.recalled, 0)
  assert.ok(alone.report.summary.errors > 3 && alone.report.problems.some(p => p.file.endsWith('mixed.yaml')))
  assert.deepEqual((await run(undefined)).report, alone.report)
})

test('a second run says the same and judges only what had something to say', async () => {
  const path = join(home, 'second')
  const first = await run(path)
  assert.deepEqual([first.recalled, first.report], [0, alone.report])
  const kept = readFileSync(path, 'utf8')
  const second = await run(path)
  assert.deepEqual(second.report, alone.report)
  assert.ok(second.recalled > 180 && second.recalled < second.all)
  assert.equal(readFileSync(path, 'utf8'), kept)
  const threaded = await run(path, {}, 1)
  assert.deepEqual(threaded.report, alone.report)
})

test('a file that changes is judged, another configuration is another matter, and both are kept beside the first', async () => {
  const path = join(home, 'changes')
  await run(path)
  const { recalled } = await run(path)
  const changed = join(folder, 'mixed.yaml')
  const before = readFileSync(changed, 'utf8')
  writeFileSync(changed, before.replaceAll('port: "443"', 'port: "443443"'))
  const other = await run(path)
  assert.equal(other.recalled, recalled - 1)
  assert.equal(other.report.problems.filter(p => p.code === 'port-value' && p.file === changed).length, 3)
  writeFileSync(changed, before)
  assert.deepEqual(await run(path), { ...alone, recalled })

  const older = { 'cilium-version': '1.16' }
  const expected = await run(undefined, older)
  assert.notDeepEqual(expected.report, alone.report)
  assert.deepEqual(await run(path, older), { ...expected, recalled: 0 })
  assert.ok((await run(path, older)).recalled > 0)
  assert.deepEqual(await run(path), { ...alone, recalled })
})

test('what is kept is what counts, and what is spoilt is made again', async () => {
  const path = join(home, 'spoilt')
  const first = await run(path)
  const kept = readFileSync(path, 'utf8')
  // Somebody who may write there can hide what he could as well take out of the files.
  writeFileSync(path, kept.replaceAll(/ [\d,]+$/gm, ' '))
  const lied = await run(path)
  assert.equal(lied.recalled > 200 && lied.report.summary.errors < first.report.summary.errors, true)
  for (const spoilt of [
    '',
    'x',
    kept.slice(0, -30),
    kept.replaceAll(' ', '\t'),
    kept.toUpperCase(),
    '\0'.repeat(5000),
  ]) {
    writeFileSync(path, spoilt)
    assert.deepEqual((await run(path)).report, alone.report)
    assert.equal(readFileSync(path, 'utf8').includes(kept.split('\n')[0] ?? '?'), true)
  }
  rmSync(path)
  assert.deepEqual((await run(join(home, 'none', 'deeper'))).report, alone.report)
  assert.deepEqual((await run(join(path, 'below', 'a', 'file'))).report, alone.report)
})

test('what a process has left that was ended while it wrote is taken away', () => {
  const path = join(home, 'left')
  const [old, young] = [`${path}.4711`, `${path}.4712`]
  for (const name of [old, young]) writeFileSync(name, 'half')
  const hourAgo = Date.now() / 1000 - 3600
  utimesSync(old, hourAgo, hourAgo)
  writeKept(path, [Buffer.from('whole')])
  assert.deepEqual([existsSync(old), existsSync(young), readKept(path)?.toString()], [false, true, 'whole'])
})

test('what others own is not read', {
  skip: process.getuid?.() === 0 ? false : 'only root can give a file away',
}, async () => {
  const { chownSync } = await import('node:fs')
  const path = join(home, 'theirs')
  await run(path)
  chownSync(path, 12345, 12345)
  assert.equal((await run(path)).recalled, 0)
})

const COMMAND = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
const NOT_BUILT = existsSync(COMMAND) ? false : 'dist/cli.js is not built: npm run build'

for (const [many, length] of [
  ['', 3000],
  [' and with other threads where there are many', 60_000],
] as const)
  test(`as a process, beside the code that is kept${many}`, { skip: NOT_BUILT }, () => {
    const code = join(home, `code-${length}`)
    const padding = `# ${'x'.repeat(length)}\n`
    const big = folderOf(Object.fromEntries([...repository(200)].map(([path, text]) => [path, text + padding])))
    const said = (env: NodeJS.ProcessEnv) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, 'check', big.path], {
        env: { ...process.env, NODE_COMPILE_CACHE: code, ...env },
        encoding: 'utf8',
      })
      assert.deepEqual([status, stderr], [1, ''])
      return stdout
    }
    const kept = () =>
      (existsSync(code) ? readdirSync(code, { recursive: true, encoding: 'utf8' }) : []).filter(name =>
        name.endsWith('-judged'),
      )
    const expected = said({ NODE_DISABLE_COMPILE_CACHE: '1' })
    assert.deepEqual(kept(), [])
    assert.equal(said({}), expected)
    const [judged = '', ...more] = kept()
    assert.deepEqual(more, [])
    assert.ok(readFileSync(join(code, judged), 'utf8').split('\n').length > 50)
    assert.equal(said({}), expected)
  })
