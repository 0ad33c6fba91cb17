// The example workspace in the web extension host, where there is no Node: the server is a worker, files come through the client.

import { after, file, fix, hover, problems, show, suggestions } from './editor.ts'
import { type Cases, runner } from './run.ts'

const TYPO = file('policies/shop/web.yaml')
const UI = file('policies/kube-system/hubble-ui.yaml')
const RELAY = file('policies/kube-system/hubble-relay.yaml')

const some = (found: readonly string[]) => found.length > 0
const none = (found: readonly string[]) => found.length === 0

/** There is no node:assert here. */
function holds(condition: boolean, otherwise: string): void {
  if (!condition) throw new Error(otherwise)
}

const cases: Cases = {
  'the extension runs in a worker': async () => holds('WorkerGlobalScope' in globalThis, 'this is Node'),
  'one policy is opened, and all others are judged': async () => {
    await show(UI)
    const [first = ''] = await problems(TYPO, some)
    holds(first.includes('did you mean kube-apiserver?'), first)
  },
  'a quick fix mends the word': async () => {
    await fix(await show(TYPO), /kube-apiserver/)
    await problems(TYPO, none)
  },
  'accounts are suggested, and hovers explain, from the inventory file': async () => {
    const document = await show(UI)
    const accounts = await suggestions(document, after(document, 'serviceaccount: '))
    holds(accounts.includes('coredns'), accounts.join())
    const words = await hover(document, after(document, '- kube-api'))
    holds(words.includes('172.18.0.'), words)
  },
  'the missing half is written into the other file': async () => {
    const document = await show(UI)
    await problems(UI, some)
    await fix(document, /ingress into hubble-relay/)
    await problems(UI, found => !found.join().includes('counterpart-missing'))
    const relay = await show(RELAY)
    holds(relay.getText().includes('fromEndpoints'), relay.getText())
  },
}

export const run = runner(cases)
