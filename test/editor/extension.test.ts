// The extension in the extension host of a real VS Code.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runSuite } from './extensionHost.ts'
import { withoutEditor } from './machine.ts'
import { exampleSuite, quietSuite, type Suite, webSuite } from './suites.ts'

async function passes(suite: Suite): Promise<void> {
  const { code, output } = await runSuite(suite)
  for (const line of output.match(/[✔✖] .*/g) ?? []) console.log(line)
  assert.equal(code, 0, output)
}

test('the example workspace', { skip: withoutEditor }, () => passes(exampleSuite()))

test('a folder without policies', { skip: withoutEditor }, () => passes(quietSuite()))

test('the example workspace as on vscode.dev: no Node, no disk', { skip: withoutEditor }, () => passes(webSuite()))
