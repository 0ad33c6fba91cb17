// What is built starts with the code that an earlier process has compiled, and without it when that is spoilt or not wanted.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const COMMAND = fileURLToPath(new URL('../dist/cli.js', import.meta.url))
const NOT_BUILT = existsSync(COMMAND) ? false : 'dist/cli.js is not built: npm run build'
const folder = mkdtempSync(join(tmpdir(), 'cilium-policy-start-'))
after(() => rmSync(folder, { recursive: true, force: true }))

function help(env: NodeJS.ProcessEnv = {}): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, '--help'], {
    env: { ...process.env, NODE_COMPILE_CACHE: folder, ...env },
    encoding: 'utf8',
  })
  assert.deepEqual([status, stderr], [0, ''])
  return stdout
}

function kept(): string {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => name.includes('cli.main.js-'))
  assert.equal(names.length, 1)
  return join(folder, names[0] ?? '')
}

test('compiled code is kept and taken, and what is spoilt is made again', { skip: NOT_BUILT }, () => {
  const before = help()
  const good = readFileSync(kept())
  assert.equal(help(), before)
  assert.deepEqual(readFileSync(kept()), good)
  for (const spoilt of [
    good.subarray(0, good.length / 2),
    good.subarray(0, 5),
    Buffer.alloc(0),
    Buffer.alloc(5000, 7),
  ]) {
    writeFileSync(kept(), spoilt)
    assert.equal(help(), before)
    assert.ok(readFileSync(kept()).length > good.length * 0.9)
  }
})

test('nothing is kept where Node is to keep nothing', { skip: NOT_BUILT }, () => {
  rmSync(folder, { recursive: true })
  assert.match(help({ NODE_DISABLE_COMPILE_CACHE: '1' }), /cilium-policy/)
  assert.ok(!existsSync(folder))
})
