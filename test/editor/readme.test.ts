// README tells the truth about the example, and its pictures are there.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { ROOT } from './suites.ts'

const README = readFileSync(join(ROOT, 'README.md'), 'utf8')

test('what README says that check prints is what it prints', () => {
  const [, args = '', output] = README.match(/^\$ cilium-policy (check .*)\n([\s\S]*?)^```/m) ?? []
  const { stdout } = spawnSync(process.execPath, ['server/src/cli/main.ts', ...args.split(' ')], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, KUBECONFIG: '/nowhere/config' },
  })
  assert.equal(stdout, output)
})

test('every file that README points at is there', () => {
  const paths = [...README.matchAll(/\]\(((?!https?:)[^)#]+)/g)].map(match => match[1] ?? '')
  assert.deepEqual(
    paths.filter(path => !existsSync(join(ROOT, path))),
    [],
  )
})

test('examples/ needs no flag: its inventory lies in the folder', () => {
  const { stdout } = spawnSync(process.execPath, [join(ROOT, 'server/src/cli/main.ts'), 'check'], {
    cwd: join(ROOT, 'examples'),
    encoding: 'utf8',
    env: { ...process.env, KUBECONFIG: '/nowhere/config' },
  })
  assert.match(stdout, /4 policies: 3 warnings/)
})
