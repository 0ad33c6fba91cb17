// The fixes of dns-missing in generated clusters: the names can be looked up, nothing closes, nothing else opens.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findParties, parsePortQuery } from '../../server/src/engine/party.ts'
import { verdict } from '../../server/src/engine/verdict.ts'
import { check } from '../../server/src/rules/check.ts'
import type { Plain } from '../../server/src/syntax/print.ts'
import type { Snapshot } from '../../server/src/workspace/snapshot.ts'
import { random } from '../conformance/random.ts'
import { type Json, snapshotOf, textsOf, type World, worldOf } from './generate.ts'
import { applied, flowsOf } from './promises.ts'

const SEEDS = Number(process.env.SEEDS ?? 25)
const FIRST = Number(process.env.FIRST_SEED ?? 1)

/** The world of a seed with the cluster's DNS in it, which a policy may close, and with names in some rules. */
function withDns(seed: number): World {
  const world = worldOf(seed)
  const dice = random(seed + 77)
  const dns: Json[] = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-system' } },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'coredns-1', namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } },
      spec: { serviceAccountName: 'coredns', nodeName: 'n1', containers: [{ name: 'c' }] },
      status: { podIP: '10.0.1.1' },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'kube-dns', namespace: 'kube-system' },
      spec: { selector: { 'k8s-app': 'kube-dns' }, ports: [{ port: 53, targetPort: 53, protocol: 'UDP' }] },
    },
  ]
  const policies = new Map([...world.policies].map(([name, list]) => [name, list.map(p => named(p, dice.chance(0.5)))]))
  if (dice.chance(0.6)) policies.set('dns.yaml', [dnsPolicy(dice.chance(0.5), dice.chance(0.5))])
  const items = [...(world.inventory.items as readonly Plain[]), ...dns]
  return {
    ...world,
    policies,
    inventory: { ...world.inventory, items },
    pods: [...world.pods, 'kube-system/coredns-1'],
  }
}

/** The policy with one more egress item that uses a name. */
function named(policy: Json, yes: boolean): Json {
  const { spec } = policy
  if (!yes || typeof spec !== 'object' || spec === null || !('egress' in spec)) return policy
  const egress = [...(spec.egress as readonly Plain[]), { toFQDNs: [{ matchName: 'api.example.com' }] }]
  return { ...policy, spec: { ...spec, egress } }
}

function dnsPolicy(byAccount: boolean, closed: boolean): Json {
  const labels: Json = byAccount ? { 'io.cilium.k8s.policy.serviceaccount': 'coredns' } : { 'k8s-app': 'kube-dns' }
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name: 'dns', namespace: 'kube-system' },
    spec: {
      endpointSelector: { matchLabels: labels },
      ...(closed ? { ingress: [{ fromEntities: ['host'] }] } : {}),
      egress: [{ toEntities: ['kube-apiserver'] }],
    },
  }
}

function verdicts(snapshot: Snapshot, world: World): Map<string, string> {
  const party = (end: string) => {
    const found = findParties(snapshot, end)
    assert.ok('parties' in found && found.parties[0], end)
    return found.parties[0]
  }
  return new Map(
    [...flowsOf(world)].map(({ id, from, to, port }) => {
      const query = parsePortQuery(port)
      assert.ok(query)
      return [id, verdict(snapshot, { from: party(from), to: party(to), port: query }).verdict] as const
    }),
  )
}

const problems = (snapshot: Snapshot) =>
  [...snapshot.files.values()].flatMap(f => f.documents.flatMap(d => check(snapshot, d)))

test('the way to DNS opens and nothing else does', () => {
  const wrong: string[] = []
  let fixes = 0
  for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
    const world = withDns(seed)
    const snapshot = snapshotOf(world, textsOf(world))
    const before = verdicts(snapshot, world)
    for (const problem of problems(snapshot).filter(p => p.code === 'dns-missing')) {
      const [fix] = problem.fixes
      if (!fix) continue
      fixes++
      const after = snapshotOf(world, applied(snapshot, fix.edits()))
      if (problems(after).some(p => p.severity === 'error')) wrong.push(`seed ${seed}: "${fix.title}" makes an error`)
      if (problems(after).some(p => p.code === 'dns-missing' && p.message === problem.message))
        wrong.push(`seed ${seed}: still there: ${problem.message}`)
      for (const [id, now] of verdicts(after, world)) {
        const was = before.get(id)
        if (was === 'allowed' && now === 'denied') wrong.push(`seed ${seed}: "${fix.title}" closes ${id}`)
        if (was === 'denied' && now === 'allowed' && !/ kube-system\/coredns-1 53\//.test(id))
          wrong.push(`seed ${seed}: "${fix.title}" opens ${id}`)
      }
    }
  }
  assert.deepEqual(wrong, [])
  assert.ok(fixes > SEEDS / 4, `only ${fixes} fixes`)
})
