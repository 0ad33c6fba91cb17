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

const RELAY = 'policies/kube-system/hubble-relay.yaml'
const UI = 'policies/kube-system/hubble-ui.yaml'
const DNS = 'policies/kube-system/core-dns.yaml'

const INGRESS = `  ingress:
    - fromEndpoints:
        - matchLabels:
            io.cilium.k8s.policy.serviceaccount: hubble-ui
      toPorts:
        - ports:
            - port: "4245"
              protocol: TCP
`
const DNS_PORTS = `      toPorts:
        - ports:
            - port: "53"
              protocol: UDP
            - port: "53"
              protocol: TCP
`
const DNS_EGRESS = `    - toEndpoints:
        - matchLabels:
            io.cilium.k8s.policy.serviceaccount: coredns
${DNS_PORTS}`
const DNS_INGRESS = `  ingress:
    - fromEndpoints:
        - matchLabels:
            io.cilium.k8s.policy.serviceaccount: hubble-ui
${DNS_PORTS}`

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

  const read = (file: string) => readFileSync(join(folder, file), 'utf8')
  const original = { [RELAY]: read(RELAY), [UI]: read(UI), [DNS]: read(DNS) }

  const fix = (title: string, name: string) => workbench.act(title, () => workbench.picture(name))
  const saved = async (file: string) => {
    await workbench.see('.tab.active.dirty')
    await workbench.page.keyboard.press('Control+s')
    await workbench.seeNo('.tab.active.dirty')
    return read(file)
  }

  test('a misspelt entity is underlined, explained, and mended with the light bulb', async () => {
    const { page, open, goTo, hover, see, seeNo, picture } = workbench
    await open('web.yaml')
    await see('.squiggly-error')
    await goTo('kube-apiservr')
    await hover('did you mean kube-apiserver?')
    await picture('hover-problem')
    await page.keyboard.press('Escape')
    await fix('Change to kube-apiserver', 'light-bulb')
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
    const { page, open, goTo, hover, see, picture } = workbench
    await open('core-dns.yaml')
    await see('.codelens-decoration', '2 pods')
    await goTo('- kube-apiserver')
    await hover(/172\.18\.0\./)
    await picture('hover-entity')
    await page.keyboard.press('Escape')
  })
  test('the missing half of a connection is written into the other policy', async () => {
    const { goTo, hover, see, open, page, picture } = workbench
    await open('hubble-ui.yaml')
    await see('.squiggly-warning')
    await goTo('serviceaccount: hubble-relay')
    await hover('counterpart-missing')
    await picture('counterpart-problem')
    await page.keyboard.press('Escape')
    await fix('Write the missing ingress into hubble-relay', 'counterpart-fix')
    await open('hubble-relay.yaml')
    await picture('counterpart-fixed')
    assert.equal(await saved(RELAY), original[RELAY] + INGRESS)
  })

  test('names can be looked up once both sides of DNS are written', async () => {
    const { goTo, open, picture, see, seeNo } = workbench
    await open('hubble-ui.yaml')
    await goTo('serviceaccount: hubble-relay')
    await fix('Let these pods ask the cluster’s DNS', 'dns-fix')
    await seeNo('.squiggly-warning')
    // VS Code saves by itself what is edited in several files at once (files.refactoring.autoSave).
    await seeNo('.tab.dirty')
    assert.equal(read(UI), original[UI] + DNS_EGRESS)
    await open('core-dns.yaml')
    await see('.squiggly-warning')
    await goTo('serviceaccount: coredns')
    await fix('Let the cluster’s DNS reach world', 'world-fix')
    await seeNo('.squiggly-warning')
    assert.equal(await saved(DNS), `${original[DNS]}        - world\n${DNS_INGRESS}`)
    await picture('all-mended')
  })

  test('who can reach the pods is a page whose links lead to the lines', async () => {
    const { open, page, see, picture } = workbench
    await open('hubble-relay.yaml')
    await (await see('.codelens-decoration a', 'who can reach')).click()
    const reached = page.frameLocator('iframe.webview').last().frameLocator('#active-frame')
    await reached.locator('h1', { hasText: 'kube-system/hubble-relay' }).waitFor()
    await picture('reach')
    await reached.locator('a', { hasText: 'hubble-relay.yaml:12' }).first().click()
    await see('.statusbar-item', 'Ln 12, Col 1')
  })
})
