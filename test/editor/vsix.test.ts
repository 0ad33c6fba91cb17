// The packaged extension: made without a warning, small, and at work in a real VS Code once installed.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { after, before, test } from 'node:test'
import { VSCODE } from '../../.ci/vscode.ts'
import { withoutEditor, withoutVscode } from './machine.ts'
import { exampleSuite, ROOT } from './suites.ts'
import { openWorkbench } from './workbench.ts'

const MAX_BYTES = 1_500_000
/** What a checkout does not have, or what is too large to copy. */
const LEFT_OUT = ['node_modules', 'dist', 'out', '.git', '.cache', 'recorded']

const temporary = mkdtempSync(join(tmpdir(), 'cilium-policy-vsix-'))
const project = join(temporary, 'project')
const extensions = join(temporary, 'extensions')
const vsix = join(project, 'dist', 'cilium-policy.vsix')
let said = ''

// In a copy of the project: other tests read dist/ at the same time.
before(() => {
  cpSync(ROOT, project, { recursive: true, filter: path => path === ROOT || !LEFT_OUT.includes(basename(path)) })
  symlinkSync(join(ROOT, 'node_modules'), join(project, 'node_modules'), 'junction')
  const { status, stdout, stderr } = spawnSync('npm', ['run', 'package'], { cwd: project, encoding: 'utf8' })
  said = stdout + stderr
  assert.equal(status, 0, said)
})

after(() => rmSync(temporary, { recursive: true, force: true }))

test('it is packaged without a warning and is small', () => {
  assert.doesNotMatch(said, /warn/i)
  assert.ok(statSync(vsix).size <= MAX_BYTES, `${statSync(vsix).size} bytes`)
})

test('it is installed, and reports what is wrong', { skip: withoutEditor || withoutVscode }, async () => {
  const installed = spawnSync(
    process.execPath,
    [join(VSCODE, 'out', 'server-main.js'), '--install-extension', vsix, '--extensions-dir', extensions].concat(
      '--server-data-dir',
      join(temporary, 'data'),
    ),
    { encoding: 'utf8' },
  )
  assert.match(installed.stdout, /was successfully installed/, installed.stdout + installed.stderr)
  const { folder } = exampleSuite()
  const workbench = await openWorkbench({ folder, extensions })
  try {
    await workbench.open('web.yaml')
    await workbench.see('.squiggly-error')
    await workbench.see('.statusbar-item', 'Cilium: ')
  } finally {
    await workbench.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
