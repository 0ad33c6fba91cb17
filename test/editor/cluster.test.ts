// VS Code beside a real cluster: the status item, completion of what was made a moment ago, and what is applied. Pictures are left in `out/`.

import assert from 'node:assert/strict'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { extensionsFolder } from '../../.ci/vscode.ts'
import { named, POD, POLICY, webTo } from '../cluster/objects.ts'
import { type RealServer, realServerMissing, startRealServer } from '../cluster/realServer.ts'
import { withoutEditor } from './machine.ts'
import { OURS, workspaceOf } from './suites.ts'
import { openWorkbench, type Workbench } from './workbench.ts'

const WEB = webTo('io.cilium.k8s.policy.serviceaccount: cart')

const to = (account: string) => ({
  endpointSelector: { matchLabels: { app: 'web' } },
  egress: [{ toEndpoints: [{ matchLabels: { 'io.cilium.k8s.policy.serviceaccount': account } }] }],
})
/** A policy that is only in the cluster: it lets nobody but the host in. */
const CLOSED = { endpointSelector: { matchLabels: { app: 'cart' } }, ingress: [{ fromEntities: ['host'] }] }

const POLICIES = '/apis/cilium.io/v2/namespaces/shop/ciliumnetworkpolicies'
const ACCOUNTS = '/api/v1/namespaces/shop/serviceaccounts'

describe('a live cluster', { skip: withoutEditor || realServerMissing() }, () => {
  const folder = workspaceOf({ 'policies/web.yaml': WEB })
  const outside = workspaceOf({})
  let real: RealServer
  let workbench: Workbench

  before(async () => {
    real = await startRealServer()
    await real.create('/api/v1/namespaces', named('shop'))
    await real.create(
      '/api/v1/namespaces/shop/pods',
      POD('web', 'shop', { app: 'web' }),
      POD('cart', 'shop', { app: 'cart' }),
    )
    await real.create(ACCOUNTS, named('web'), named('cart'))
    await real.create(POLICIES, POLICY('web', 'shop', to('elsewhere')), POLICY('cart', 'shop', CLOSED))
    const kubeconfig = join(outside, 'kubeconfig')
    writeFileSync(kubeconfig, real.kubeconfig())
    const extensions = extensionsFolder(join(outside, 'extensions'), [OURS])
    workbench = await openWorkbench({ folder, extensions, kubeconfig })
  })
  after(async () => {
    await workbench?.picture('cluster-last')
    await workbench?.close()
    await real?.stop()
    for (const path of [folder, outside]) rmSync(path, { recursive: true, force: true })
  })

  const refusesTyping = async () => {
    const { page, see } = workbench
    await page.keyboard.type('x')
    await see('.monaco-editor-overlaymessage', /read-only/)
    await page.keyboard.press('Escape')
  }
  const closeTab = async (title: string) => {
    await (await workbench.see('.tab.active .tab-actions a')).click()
    await workbench.seeNo('.tab', title)
  }

  test('the status item shows the context, and its tooltip that it is read live', async () => {
    const { page, open, see, picture } = workbench
    await open('web.yaml')
    const item = await see('.statusbar-item', /Cilium: real$/)
    await see('.statusbar-item .codicon-pass')
    await item.hover()
    await see('.monaco-hover', /Cluster real \(https:\/\/127\.0\.0\.1:\d+\)\. It is read live\. Since \d\d:\d\d:\d\d\./)
    await picture('cluster-status')
    await page.mouse.move(0, 0)
    await page.keyboard.press('Escape')
  })

  test('a file that differs from what is applied is compared with it', async () => {
    const { page, see, picture } = workbench
    await (await see('.codelens-decoration a', 'differs from what is applied in cluster real')).click()
    await see('.tab.active', 'applied ↔ this file')
    await see('.monaco-diff-editor .original .view-line', 'elsewhere')
    await see('.monaco-diff-editor .modified .view-line', 'cart')
    await see('.monaco-diff-editor .line-delete')
    await picture('cluster-diff')
    for (const side of ['original', 'modified']) {
      await page.locator(`.monaco-diff-editor .${side} .view-line`).first().click()
      await refusesTyping()
    }
    await closeTab('applied ↔ this file')
  })

  test('a policy that is only in the cluster takes part, and opens read-only', async () => {
    const { goTo, hover, see, picture } = workbench
    await see('.squiggly-warning')
    await goTo('serviceaccount: cart')
    await hover('counterpart-missing')
    await (await see('.monaco-hover a', /cart\.yaml/)).click()
    await see('.tab.active', 'cart.yaml')
    await see('.editor-instance .view-line', 'host')
    await picture('cluster-policy')
    await refusesTyping()
    await closeTab('cart.yaml')
  })

  test('a service account that was made a second ago is completed, and then the file is the same as what is applied', async () => {
    const { page, open, goTo, see, seeNo, picture } = workbench
    await open('web.yaml')
    await goTo('serviceaccount: cart')
    for (const _ of 'cart') await page.keyboard.press('Backspace')
    await page.keyboard.press('Escape')
    await real.create(ACCOUNTS, named('made-a-second-ago'))
    await new Promise(resolve => setTimeout(resolve, 1000))
    await page.keyboard.press('Control+Space')
    await see('.suggest-widget.visible .monaco-list-row', 'made-a-second-ago')
    await picture('cluster-completion')
    await page.keyboard.type('made')
    await see('.suggest-widget.visible .monaco-list-row.focused', 'made-a-second-ago')
    await page.keyboard.press('Enter')
    await see('.tab.active.dirty')
    await page.keyboard.press('Control+s')
    await seeNo('.tab.active.dirty')
    assert.match(readFileSync(join(folder, 'policies/web.yaml'), 'utf8'), /serviceaccount: made-a-second-ago\n$/)
    await real.ask('PATCH', `${POLICIES}/web`, { spec: to('made-a-second-ago') })
    await see('.codelens-decoration', /^.*(?<!not )applied in cluster real/)
    await seeNo('.codelens-decoration', 'differs')
  })

  test('a cluster that goes away is marked, and what was known is used', async () => {
    const { see, picture } = workbench
    await real.kill()
    const item = await see('.statusbar-item', /Cilium: real \(stale\)/)
    await item.hover()
    await see('.monaco-hover', /Lost since \d\d:\d\d:\d\d: nothing listens there\. What was known then is used/)
    await picture('cluster-stale')
    await real.start()
    await see('.statusbar-item', /Cilium: real$/)
  })
})
