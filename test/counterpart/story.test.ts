// The story behind the project: from four policies and one new line, quick fixes alone lead to a Hubble that shows flows.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { findParties, parsePortQuery } from '../../server/src/engine/party.ts'
import { verdict } from '../../server/src/engine/verdict.ts'
import { check } from '../../server/src/rules/check.ts'
import { applyEdits } from '../../server/src/syntax/apply.ts'
import { parseFile, parseWhole } from '../../server/src/syntax/parse.ts'
import { inventoryFromFile } from '../../server/src/workspace/collect.ts'
import { DEFAULTS } from '../../server/src/workspace/settings.ts'
import type { Snapshot } from '../../server/src/workspace/snapshot.ts'

const INVENTORY = readFileSync(fileURLToPath(new URL('../../examples/inventory.yaml', import.meta.url)), 'utf8')

const policy = (name: string, account: string, entities: readonly string[], namespace = 'kube-system') =>
  `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  endpointSelector:
    matchLabels:
      io.cilium.k8s.policy.serviceaccount: ${account}
  egress:
    - toEntities:
${entities.map(e => `        - ${e}\n`).join('')}`

const START: Readonly<Record<string, string>> = {
  'core-dns.yaml': policy('core-dns', 'coredns', ['kube-apiserver']),
  'local-path-provisioner.yaml': policy(
    'local-path-provisioner',
    'local-path-provisioner-service-account',
    ['kube-apiserver'],
    'local-path-storage',
  ),
  'hubble-relay.yaml': policy('hubble-relay', 'hubble-relay', ['host', 'remote-node']),
  'hubble-ui.yaml': policy('hubble-ui', 'hubble-ui', ['kube-apiserver']),
}

const LINE = `    - toEndpoints:
        - matchLabels:
            io.cilium.k8s.policy.serviceaccount: hubble-relay
`

function world(texts: Readonly<Record<string, string>>): Snapshot {
  const files = Object.entries(texts).map(([name, text]) => parseFile(`file:///w/${name}`, undefined, text))
  return {
    files: new Map(files.map(f => [f.uri, f])),
    inventories: [inventoryFromFile(parseWhole('file:///inventory.yaml', INVENTORY))],
    settings: { ...DEFAULTS, enforcementMode: 'always' },
  }
}

const problems = (snapshot: Snapshot) =>
  [...snapshot.files.values()].flatMap(f => f.documents.flatMap(d => check(snapshot, d)))
const codes = (snapshot: Snapshot) => problems(snapshot).map(p => p.code)

/** The world after the quick fix of the first problem of that rule. */
function mended(snapshot: Snapshot, rule: string): Snapshot {
  const [fix] = problems(snapshot).find(p => p.code === rule)?.fixes ?? []
  assert.ok(fix?.preferred, `no fix for ${rule}`)
  const edits = fix.edits()
  const texts = [...snapshot.files.values()].map(f => [f.uri.slice(10), applyEdits(f, edits) ?? ''] as const)
  return world(Object.fromEntries(texts))
}

function may(snapshot: Snapshot, from: string, to: string, port: string): string {
  const party = (end: string) => {
    const found = findParties(snapshot, end)
    assert.ok('parties' in found && found.parties[0], end)
    return found.parties[0]
  }
  const query = parsePortQuery(port)
  assert.ok(query)
  return verdict(snapshot, { from: party(from), to: party(to), port: query }).verdict
}

test('the story, replayed', () => {
  const first = world(START)
  assert.ok(!codes(first).includes('counterpart-missing'), 'hubble-ui names hubble-relay nowhere yet')
  assert.equal(may(first, 'sa:kube-system/hubble-ui', 'sa:kube-system/hubble-relay', '4245/TCP'), 'denied')

  const line = world({ ...START, 'hubble-ui.yaml': START['hubble-ui.yaml'] + LINE })
  assert.deepEqual(codes(line).sort(), ['counterpart-missing', 'dns-missing', 'dns-missing'])
  assert.equal(may(line, 'sa:kube-system/hubble-ui', 'sa:kube-system/hubble-relay', '4245/TCP'), 'denied')

  const relay = mended(line, 'counterpart-missing')
  assert.equal(may(relay, 'sa:kube-system/hubble-ui', 'sa:kube-system/hubble-relay', '4245/TCP'), 'allowed')
  assert.equal(may(relay, 'sa:kube-system/hubble-ui', 'sa:kube-system/coredns', '53/UDP'), 'denied')

  const all = mended(mended(relay, 'dns-missing'), 'dns-missing')
  assert.deepEqual(codes(all), [])
  const ui = 'sa:kube-system/hubble-ui'
  for (const [from, to, port] of [
    [ui, 'sa:kube-system/hubble-relay', '4245/TCP'],
    [ui, 'sa:kube-system/coredns', '53/UDP'],
    [ui, 'sa:kube-system/coredns', '53/TCP'],
    ['sa:kube-system/coredns', 'entity:world', '53/UDP'],
    ['sa:kube-system/coredns', 'entity:kube-apiserver', '6443/TCP'],
  ] as const)
    assert.equal(may(all, from, to, port), 'allowed', `${from} > ${to} ${port}`)
  assert.equal(may(all, 'sa:kube-system/hubble-relay', ui, '8081/TCP'), 'denied')
  assert.equal(may(all, ui, 'entity:world', '443/TCP'), 'denied')
  const files = Object.fromEntries([...all.files.values()].map(f => [f.uri.slice(10), f.text]))
  assert.match(files['core-dns.yaml'] ?? '', / {8}- kube-apiserver\n {8}- world\n/)
})
