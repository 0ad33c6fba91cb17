// Makes the page a VS Code as on vscode.dev: no server behind it, extensions from an address, a workspace on no disk.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { ROOT } from './suites.ts'

const VIRTUAL = '/test/editor/virtualFiles'
const PREFIX = '/project'
/** Opens the workspace: `virtual:` is a file system in memory. */
export const WEB_QUERY = `folder=virtual:/workspace&payload=${encodeURIComponent('[["skipWelcome","true"]]')}`

/** In the browser's own storage instead of on a server. */
const USER_DATA = 'P.from({scheme:J.vscodeUserData,path:"/"})'

/** Sets the page up before it is opened; `tests` is the bundled suite, `folder` has the files of the workspace. */
export async function serveWeb(page: Page, address: string, tests: string, folder: string): Promise<void> {
  await page.context().route(`${address}${PREFIX}/**`, (route, request) => {
    const path = new URL(request.url()).pathname.slice(PREFIX.length)
    if (path === `${VIRTUAL}/files.json`) return route.fulfill({ json: filesOf(folder) })
    return existsSync(join(ROOT, path)) ? route.fulfill({ path: join(ROOT, path) }) : route.fulfill({ status: 404 })
  })
  const host = new URL(address).host
  await change(page, '/', html => withTests(html, host, tests))
  await change(page, '/workbench.js', script =>
    script
      .replace('remoteAuthority:location.host', 'remoteAuthority:void 0')
      .replace(/P\.file\(this\.userDataPath\)\.with\(\{scheme:J\.vscodeRemote\}\)/, USER_DATA),
  )
}

/** Changes an answer whose path ends so. */
function change(page: Page, end: string, edit: (text: string) => string): Promise<unknown> {
  return page.route(
    url => url.pathname.endsWith(end),
    async route => {
      const response = await route.fetch()
      const before = await response.text()
      const body = edit(before)
      if (body === before) throw new Error(`${end} of this VS Code is not as this test knows it`)
      await route.fulfill({ response, body })
    },
  )
}

/** The workbench's page with our extensions in its configuration. */
function withTests(html: string, authority: string, tests: string): string {
  const at = (path: string) => ({ $mid: 1, scheme: 'http', authority, path: PREFIX + path })
  return html.replace(/(id="vscode-workbench-web-configuration" data-settings=")([^"]*)"/, (_, start, settings) => {
    const before = JSON.parse(settings.replaceAll('&quot;', '"'))
    const developmentOptions = {
      ...before.developmentOptions,
      extensions: [at(''), at(VIRTUAL)],
      extensionTestsPath: at(tests.slice(ROOT.length)),
    }
    return `${start}${JSON.stringify({ ...before, developmentOptions }).replaceAll('"', '&quot;')}"`
  })
}

/** The texts of all files below a folder, by their path in the workspace. */
function filesOf(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  const files = paths.filter(path => statSync(join(folder, path)).isFile())
  return Object.fromEntries(files.map(path => [`/workspace/${path}`, readFileSync(join(folder, path), 'utf8')]))
}
