// Runs a suite in the extension host of VS Code's server, in a browser without a window.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { startBrowser } from '../../.ci/browser.ts'
import { extensionsFolder, startVscode } from '../../.ci/vscode.ts'
import { bundleSuite, RED_HAT, ROOT, type Suite } from './suites.ts'

export interface Outcome {
  readonly code: number
  readonly output: string
}

/** Runs a suite and returns its exit code with everything that was said. */
export async function runSuite({ name, folder }: Suite): Promise<Outcome> {
  const tests = await bundleSuite(name)
  const extensions = extensionsFolder(mkdtempSync(join(tmpdir(), 'cilium-policy-extensions-')), [RED_HAT])
  const server = await startVscode({ extensions, automation: true, env: { KUBECONFIG: '/nowhere/config' } })
  const browser = await startBrowser()
  try {
    const page = await browser.newPage()
    const ended = await outcome(page)
    const remote = (path: string) => `vscode-remote://${server.authority}${path}`
    const payload = JSON.stringify([
      ['extensionDevelopmentPath', remote(ROOT)],
      ['extensionTestsPath', remote(tests)],
      ['skipWelcome', 'true'],
    ])
    await page.goto(`${server.address}/?folder=${encodeURI(folder)}&payload=${encodeURIComponent(payload)}`)
    return await ended()
  } finally {
    await browser.close()
    await server.stop()
    for (const path of [folder, extensions]) rmSync(path, { recursive: true, force: true })
  }
}

/** Gives the page what VS Code calls during a test run; returns what waits for the end of it. */
async function outcome(page: Page): Promise<() => Promise<Outcome>> {
  let output = ''
  const exit = Promise.withResolvers<number>()
  await page.exposeFunction('codeAutomationLog', (_type: string, said: readonly unknown[]) => {
    output += `${said.join(' ')}\n`
  })
  await page.exposeFunction('codeAutomationExit', exit.resolve)
  return async () => ({ code: await exit.promise, output })
}
