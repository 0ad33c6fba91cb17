// Runs a suite in the extension host of VS Code's server, in a browser without a window.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { startBrowser } from '../../.ci/browser.ts'
import { extensionsFolder, type Running, startVscode } from '../../.ci/vscode.ts'
import { bundleSuite, RED_HAT, ROOT, type Suite } from './suites.ts'
import { serveWeb, WEB_QUERY } from './webHost.ts'

const PATIENCE_MS = 300_000

export interface Outcome {
  readonly code: number
  readonly output: string
}

/** Runs a suite and returns its exit code with everything that was said. */
export async function runSuite(suite: Suite): Promise<Outcome> {
  const tests = await bundleSuite(suite)
  const extensions = extensionsFolder(mkdtempSync(join(tmpdir(), 'cilium-policy-extensions-')), [RED_HAT])
  const server = await startVscode({ extensions, automation: true, env: { KUBECONFIG: '/nowhere/config' } })
  const browser = await startBrowser()
  try {
    const page = await browser.newPage()
    const ended = await outcome(page)
    if (suite.web) await serveWeb(page, server.address, tests, suite.folder)
    const query = suite.web ? WEB_QUERY : `folder=${encodeURI(suite.folder)}&payload=${payload(server, tests)}`
    await page.goto(`${server.address}/?${query}`)
    return await ended()
  } finally {
    await browser.close()
    await server.stop()
    for (const path of [suite.folder, extensions]) rmSync(path, { recursive: true, force: true })
  }
}

/** What the page is told of the extension and its tests. */
function payload({ authority }: Running, tests: string): string {
  const remote = (path: string) => `vscode-remote://${authority}${path}`
  const entries = [
    ['extensionDevelopmentPath', remote(ROOT)],
    ['extensionTestsPath', remote(tests)],
    ['skipWelcome', 'true'],
  ]
  return encodeURIComponent(JSON.stringify(entries))
}

/** Gives the page what VS Code calls during a test run; returns what waits for the end of it. */
async function outcome(page: Page): Promise<() => Promise<Outcome>> {
  let output = ''
  const exit = Promise.withResolvers<number>()
  await page.exposeFunction('codeAutomationLog', (_type: string, said: readonly unknown[]) => {
    output += `${said.join(' ')}\n`
  })
  await page.exposeFunction('codeAutomationExit', exit.resolve)
  return async () => {
    const timer = setTimeout(() => exit.resolve(-1), PATIENCE_MS)
    const code = await exit.promise
    clearTimeout(timer)
    return { code, output: code === -1 ? `${output}The suite does not come to an end.` : output }
  }
}
