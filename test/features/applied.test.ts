// Whether a policy is applied in the live cluster: what the code lenses say, and the texts that a diff shows.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clusterText } from '../../server/src/features/applied.ts'
import { codeLenses } from '../../server/src/features/codeLens.ts'
import { parseFile } from '../../server/src/syntax/parse.ts'
import { inventoryFromFile } from '../../server/src/workspace/collect.ts'
import type { Inventory } from '../../server/src/workspace/inventory.ts'
import { DEFAULTS } from '../../server/src/workspace/settings.ts'
import type { Snapshot } from '../../server/src/workspace/snapshot.ts'

const FILE = 'file:///shop/web.yaml'
const URI = 'cilium-policy-cluster:/kind/shop/CiliumNetworkPolicy/web.yaml'

const policy = (spec: string, more = '') =>
  `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: web\n  namespace: shop\n${spec}${more}`
const SPEC = 'spec:\n  endpointSelector: {}\n  ingress:\n    - fromEntities: [cluster]\n'

function snapshot(
  file: string,
  applied: string,
  more: Partial<Inventory> = {},
  others: Record<string, string> = {},
): Snapshot {
  const texts = Object.entries({ [FILE]: file, ...others })
  const policies = applied === '' ? [] : [parseFile(URI, undefined, applied)]
  const empty = inventoryFromFile(parseFile('file:///i.yaml', undefined, 'apiVersion: v1\nkind: List\nitems: []\n'))
  const cluster: Inventory = {
    ...empty,
    origin: { kind: 'cluster', name: 'cluster kind' },
    gaps: [],
    policies,
    ...more,
  }
  return {
    files: new Map(texts.map(([uri, text]) => [uri, parseFile(uri, undefined, text)])),
    inventories: [cluster],
    settings: DEFAULTS,
  }
}

/** The lens titles that are not about the namespace. */
function said(...of: Parameters<typeof snapshot>): string[] {
  return codeLenses(snapshot(...of), FILE)
    .map(lens => lens.command?.title ?? '')
    .filter(title => !title.startsWith('namespace'))
}

test('a policy that is not in the cluster is not applied', () => {
  assert.deepEqual(said(policy(SPEC), ''), ['not applied in cluster kind'])
})

test('the same rules in other words are applied', () => {
  const flow = 'spec: {ingress: [{fromEntities: ["cluster"]}], endpointSelector: {}}\n'
  assert.deepEqual(said(policy(SPEC), policy(flow)), ['applied in cluster kind'])
})

test("the API server's default for ICMP families is no difference", () => {
  const icmp = (family: string) =>
    `spec:\n  endpointSelector: {}\n  ingress:\n    - icmps:\n        - fields:\n            - type: 8\n${family}`
  assert.deepEqual(said(policy(icmp('')), policy(icmp('              family: IPv4\n'))), ['applied in cluster kind'])
})

test('other rules differ, and both sides of the diff are spelled alike', () => {
  const made = snapshot(policy(SPEC), policy(SPEC.replace('cluster', 'world')))
  const lens = codeLenses(made, FILE, { compareCommand: 'compare' }).find(l => l.command?.command === 'compare')
  assert.equal(lens?.command?.title, 'differs from what is applied in cluster kind')
  const [theirs, ours] = (lens?.command?.arguments ?? []).map(uri => clusterText(made, uri, (a, b) => a === b))
  assert.match(theirs ?? '', /fromEntities: \[world\]/)
  assert.match(
    ours ?? '',
    /^apiVersion: cilium.io\/v2\nkind: CiliumNetworkPolicy\nmetadata:\n {2}name: web\n {2}namespace: shop\n/,
  )
  assert.match(ours ?? '', /- cluster/)
})

test('what the operator says of a policy is said', () => {
  const status = 'status:\n  conditions:\n    - type: Valid\n      status: "False"\n      message: no such port\n'
  assert.deepEqual(said(policy(SPEC), policy(SPEC, status)), [
    'applied in cluster kind',
    'rejected by the agent: no such port',
  ])
})

test('nothing is said where it is not known', () => {
  assert.deepEqual(said(policy(SPEC), '', { unread: ['CiliumNetworkPolicy'] }), [])
  assert.deepEqual(said(policy(SPEC), '', { origin: { kind: 'file', name: 'inventory.yaml' } }), [])
  assert.deepEqual(said(policy(SPEC.replace('[cluster]', '[{{ .entity }}]')), policy(SPEC)), [])
  assert.deepEqual(said(policy(SPEC).replace('  namespace: shop\n', ''), ''), [])
  const renamed = { 'file:///shop/kustomization.yaml': 'namePrefix: eu-\nresources: [web.yaml]\n' }
  assert.deepEqual(said(policy(SPEC), '', {}, renamed), [])
})
