// VS Code as a person uses it: types, sees what is wrong, is helped, and mends it. Pictures of each step are left in `out/`.

import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { extensionsFolder } from '../../.ci/vscode.ts'
import { withoutEditor } from './machine.ts'
import { exampleSuite, OURS } from './suites.ts'
import { openWorkbench, type Workbench } from './workbench.ts'

describe('the example workspace', { skip: withoutEditor }, () => {
  const { folder } = exampleSuite()
  const extensions = mkdtempSync(join(tmpdir(), 'cilium-policy-extensions-'))
  let workbench: Workbench

  before(async () => {
    workbench = await openWorkbench({ folder, extensions: extensionsFolder(extensions, [OURS]) })
  })
  after(async () => {
    await workbench.picture('last')
    await workbench.close()
    for (const path of [folder, extensions]) rmSync(path, { recursive: true, force: true })
  })

  const saved = async (file: string) => {
    await workbench.see('.tab.active.dirty')
    await workbench.page.keyboard.press('Control+s')
    await workbench.seeNo('.tab.active.dirty')
    return readFileSync(join(folder, file), 'utf8')
  }

  test('a misspelt entity is underlined, explained, and mended with the light bulb', async () => {
    const { page, open, goTo, see, seeNo, picture } = workbench
    await open('web.yaml')
    await see('.squiggly-error')
    await goTo('kube-apiservr')
    await page.keyboard.press('Control+k')
    await page.keyboard.press('Control+i')
    await see('.monaco-hover', 'did you mean kube-apiserver?')
    await picture('hover-problem')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+.')
    await see('.action-widget', 'Change to kube-apiserver')
    await picture('light-bulb')
    await page.keyboard.press('Enter')
    await seeNo('.squiggly-error')
    assert.match(await saved('policies/shop/web.yaml'), /- kube-apiserver\n/)
  })

  test('typing opens the suggest list, and what is chosen fits', async () => {
    const { page, open, goTo, see, picture } = workbench
    await open('web.yaml')
    await goTo('- kube-apiserver')
    await page.keyboard.press('End')
    await page.keyboard.type('\n- remo', { delay: 20 })
    await see('.suggest-widget.visible .monaco-list-row', 'remote-node')
    await picture('suggest')
    await page.keyboard.press('Enter')
    assert.match(await saved('policies/shop/web.yaml'), /^ {8}- kube-apiserver\n {8}- remote-node$/m)
  })

  test('the hover of an entity says what it is in this cluster', async () => {
    const { page, open, goTo, see, picture } = workbench
    await open('core-dns.yaml')
    await goTo('- kube-apiserver')
    await page.keyboard.press('Control+k')
    await page.keyboard.press('Control+i')
    await see('.monaco-hover', /172\.18\.0\./)
    await picture('hover-entity')
    await page.keyboard.press('Escape')
  })
})
