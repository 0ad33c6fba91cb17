// Takes the pictures of README from the real editor (`npm run pictures`), and draws the icon: docs/images/*.png.

import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startBrowser } from '../../.ci/browser.ts'
import { extensionsFolder, installVscode } from '../../.ci/vscode.ts'
import { OURS, ROOT } from './suites.ts'
import { openWorkbench, type Workbench } from './workbench.ts'

const IMAGES = join(ROOT, 'docs', 'images')
const ICON_PIXELS = 256
/** What is explained stays visible above its explanation. */
const SETTINGS = { 'editor.hover.above': false, 'explorer.decorations.badges': false }

async function drawIcon(): Promise<void> {
  const browser = await startBrowser()
  const page = await browser.newPage({ viewport: { width: ICON_PIXELS, height: ICON_PIXELS } })
  const svg = readFileSync(join(IMAGES, 'icon.svg'), 'utf8')
  await page.setContent(`<style>* { margin: 0 } svg { display: block; width: 100vw; height: 100vh }</style>${svg}`)
  await page.screenshot({ path: join(IMAGES, 'icon.png'), omitBackground: true })
  await browser.close()
}

/** What README shows, in the order of the story of the example. */
async function takePictures({ page, open, goTo, hover, act, see, seeNo, picture }: Workbench): Promise<void> {
  const take = async (name: string) => {
    console.log(`docs/images/${name}.png`)
    await picture(join(IMAGES, `${name}.png`))
    await page.keyboard.press('Escape')
  }
  await open('core-dns.yaml')
  await see('.codelens-decoration', '2 pods')
  await goTo('kube-apiserver')
  await hover('API server')
  await take('hover')
  await page.keyboard.press('End')
  await page.keyboard.type('\n- ')
  await page.keyboard.press('Control+Space')
  await see('.suggest-widget.visible .monaco-list-row', 'world')
  await take('complete')
  await page.keyboard.press('Control+Shift+k')
  await page.keyboard.press('Control+s')
  await seeNo('.tab.active.dirty')

  await open('hubble-ui.yaml')
  await see('.squiggly-warning')
  await goTo('serviceaccount: hubble-relay')
  await hover('counterpart-missing')
  await take('problem')
  await act('Write the missing ingress')
  await open('hubble-relay.yaml')
  await see('.tab.active.dirty')
  await page.keyboard.press('Control+s')
  await seeNo('.tab.active.dirty')
  await take('fixed')
}

const problem = installVscode()
if (problem) throw new Error(problem)
await drawIcon()
const temporary = mkdtempSync(join(tmpdir(), 'cilium-policy-pictures-'))
const folder = join(temporary, 'examples')
cpSync(join(ROOT, 'examples'), folder, { recursive: true })
const extensions = extensionsFolder(join(temporary, 'extensions'), [OURS])
const workbench = await openWorkbench({ folder, extensions, width: 1080, height: 640, settings: SETTINGS })
try {
  await takePictures(workbench)
} finally {
  await workbench.close()
  rmSync(temporary, { recursive: true, force: true })
}
