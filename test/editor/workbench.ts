// VS Code in a browser, driven as a person drives it: opens files, types, waits for what appears, takes pictures.

import { mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Locator, Page } from 'playwright-core'
import { startBrowser } from '../../.ci/browser.ts'
import { type Running, startVscode } from '../../.ci/vscode.ts'

/** Pictures of test runs. */
export const OUT = fileURLToPath(new URL('out/', import.meta.url))

const PATIENCE_MS = 60_000
/** How often the keys for a menu are pressed. */
const PRESSES = 3

export interface Workbench {
  readonly page: Page
  readonly server: Running
  /** Shows a file of the workspace in the editor. */
  open(file: string): Promise<void>
  /** Puts the cursor right after the first place of the text in the open file. */
  goTo(text: string): Promise<void>
  /** Runs a command by its title in the command palette. */
  command(title: string): Promise<void>
  /** Shows the hover of what is at the cursor, and waits until it says this. */
  hover(text: string | RegExp): Promise<void>
  /** Waits until something is seen, and returns it. */
  see(selector: string, text?: string | RegExp): Promise<Locator>
  /** Waits until nothing like it is seen. */
  seeNo(selector: string, text?: string | RegExp): Promise<void>
  /** Opens the light bulb's menu at the cursor, shows it to `before`, and takes the action of this title. */
  act(title: string, before?: () => Promise<void>): Promise<void>
  /** Takes a picture into `test/editor/out/`, or to a path of its own. */
  picture(name: string): Promise<void>
  close(): Promise<void>
}

export interface Options {
  readonly folder: string
  readonly extensions: string
  readonly width?: number
  readonly height?: number
  /** Path of the kubeconfig, as the environment names it; none when absent. */
  readonly kubeconfig?: string
  /** Settings beside those that every workbench has. */
  readonly settings?: Readonly<Record<string, unknown>>
}

/** Opens a folder in VS Code, with our extensions, and waits until it is there. */
export async function openWorkbench(options: Options): Promise<Workbench> {
  const { folder, extensions, width = 1280, height = 800, kubeconfig = '/nowhere/config' } = options
  const settings = { ...SETTINGS, ...options.settings }
  const server = await startVscode({ extensions, env: { KUBECONFIG: kubeconfig }, settings })
  const browser = await startBrowser()
  const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: 2 })
  page.setDefaultTimeout(PATIENCE_MS)
  await page.goto(`${server.address}/?folder=${encodeURI(folder)}&payload=${PAYLOAD}`)
  await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor()
  return workbench(page, server, browser)
}

/** Only what the tests and pictures are about. */
const SETTINGS = {
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'editor.minimap.enabled': false,
  'files.autoSave': 'off',
}

const PAYLOAD = encodeURIComponent(JSON.stringify([['skipWelcome', 'true']]))

function workbench(page: Page, server: Running, browser: Browser): Workbench {
  const find = (selector: string, text?: string | RegExp) =>
    page.locator(selector, text === undefined ? {} : { hasText: text }).first()
  const quickInput = async (keys: string, text: string) => {
    await page.keyboard.press(keys)
    const input = page.locator('.quick-input-widget:visible input').first()
    await input.waitFor()
    await input.pressSequentially(text)
    return input
  }
  const see: Workbench['see'] = async (selector, text) => {
    const found = find(selector, text)
    await found.waitFor({ state: 'visible' })
    return found
  }
  const picture: Workbench['picture'] = async name => {
    mkdirSync(OUT, { recursive: true })
    await page.screenshot({ path: name.endsWith('.png') ? name : join(OUT, `${name}.png`) })
  }
  /**
   * Opens the light bulb's menu and waits for an action. VS Code takes a question back, and shows nothing, when the file changes on disk
   * meanwhile, as one does that it has just saved: then a person presses the keys again.
   */
  const menu = async (title: string): Promise<Locator> => {
    const row = '.action-widget .monaco-list-row'
    const offered: string[][] = []
    for (let press = 0; press < PRESSES; press++) {
      await page.keyboard.press('Control+.')
      const item = find(row, title)
      const shown = await item.waitFor({ state: 'visible', timeout: PATIENCE_MS / PRESSES }).then(
        () => true,
        () => false,
      )
      if (shown) return item
      offered.push(await page.locator(row).allInnerTexts())
      await picture(`menu-failed-${press}`)
      await page.keyboard.press('Escape')
    }
    throw new Error(`The menu offers ${JSON.stringify(offered)}, without ${title}`)
  }
  return {
    page,
    server,
    see,
    picture,
    seeNo: (selector, text) => find(selector, text).waitFor({ state: 'hidden' }),
    open: async file => {
      const input = await quickInput('Control+p', file)
      await see('.quick-input-list .monaco-list-row.focused', basename(file))
      await input.press('Enter')
      await see('.tab.active', basename(file))
      await see('.editor-instance .view-line')
    },
    goTo: async text => {
      await page.keyboard.press('Control+f')
      const input = page.locator('.find-widget.visible textarea').first()
      await input.waitFor()
      await input.fill('')
      await input.fill(text)
      // The count of matches may still be that of the text before: the selection is what was found.
      await see('.statusbar-item', `(${text.length} selected)`)
      await input.press('Escape')
      await page.locator('.find-widget.visible').waitFor({ state: 'hidden' })
      await page.keyboard.press('ArrowRight')
      await find('.statusbar-item', 'selected)').waitFor({ state: 'hidden' })
    },
    command: async title => {
      const input = await quickInput('F1', title)
      await see('.quick-input-list .monaco-list-row.focused', title)
      await input.press('Enter')
    },
    hover: async text => {
      await page.keyboard.press('Control+k')
      await page.keyboard.press('Control+i')
      await see('.monaco-hover', text)
    },
    act: async (title, before) => {
      const item = await menu(title)
      await before?.()
      await item.click()
      await find('.action-widget').waitFor({ state: 'hidden' })
    },
    close: async () => {
      await browser.close()
      await server.stop()
    },
  }
}
