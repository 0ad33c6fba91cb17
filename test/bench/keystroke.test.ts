// What one keystroke sets in motion is counted, not timed: it must not grow with the workspace.

import assert from 'node:assert/strict'
import { Session } from 'node:inspector/promises'
import { test } from 'node:test'
import { check } from '../../server/src/rules/check.ts'
import { parseFile, parseWhole } from '../../server/src/syntax/parse.ts'
import { inventoryFromFile } from '../../server/src/workspace/collect.ts'
import { DEFAULTS } from '../../server/src/workspace/settings.ts'
import { type Snapshot, withFile } from '../../server/src/workspace/snapshot.ts'
import { distinctPod, repository } from './corpus.ts'

/** What is costly, by file and function. */
const COSTLY = [
  'syntax/parse.ts read',
  'syntax/compose.ts compose',
  'model/lower.ts lowerPolicy',
  'rules/check.ts settle',
  'engine/filed.ts fileRule',
  'engine/basis.ts makeBasis',
  'engine/judge.ts judge',
  'engine/judge.ts meet',
  'engine/counterpart/missing.ts missingBetween',
] as const

type Counts = Readonly<Record<string, number>>

/** How often each costly function is called while `run` runs, as V8 counts. */
async function counted(run: () => void): Promise<Counts> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
  await session.post('Profiler.takePreciseCoverage')
  run()
  const { result } = await session.post('Profiler.takePreciseCoverage')
  await session.post('Profiler.stopPreciseCoverage')
  session.disconnect()
  const counts: Record<string, number> = Object.fromEntries(COSTLY.map(name => [name, 0]))
  for (const { url, functions } of result) {
    for (const { functionName, ranges } of functions) {
      const name = `${url.split('/server/src/')[1]} ${functionName}`
      if (name in counts) counts[name] = (counts[name] ?? 0) + (ranges[0]?.count ?? 0)
    }
  }
  return counts
}

function workspace(policies: number): Snapshot {
  const files = [...repository(policies)].map(([path, text]) => {
    const uri = `file:///${path}`
    return [uri, parseFile(uri, undefined, text)] as const
  })
  // With enforcement everywhere every peer has to be looked at.
  const settings = { ...DEFAULTS, enforcementMode: 'always' as const }
  const snapshot: Snapshot = { files: new Map(files), inventories: [], settings }
  for (const [, file] of files) for (const document of file.documents) check(snapshot, document)
  return snapshot
}

/** Types a letter into the second file and asks for its problems. */
async function keystroke(policies: number): Promise<Counts> {
  const before = workspace(policies)
  const [uri = '', old] = [...before.files].find(([, file]) => file.documents.length === 2) ?? []
  assert.ok(old)
  return counted(() => {
    const file = parseFile(uri, 2, old.text.replace('- host', '- hostx'), old)
    const after = withFile(before, uri, file)
    for (const document of file.documents) check(after, document)
  })
}

test('a keystroke reads one document, and judges no more in a large workspace than in a small one', async () => {
  const small = await keystroke(100)
  const large = await keystroke(400)
  assert.equal(small['syntax/parse.ts read'], 1, 'documents read')
  assert.equal(small['model/lower.ts lowerPolicy'], 1, 'policies lowered')
  assert.equal(small['rules/check.ts settle'], 1, 'documents judged by themselves')
  assert.equal(
    small['engine/basis.ts makeBasis'],
    0,
    'pictures of the cluster made: none, for a policy says nothing of it',
  )
  for (const name of COSTLY) {
    const allowed = Math.max(4, (small[name] ?? 0) * 2)
    assert.ok(
      (large[name] ?? 0) <= allowed,
      `${name}: ${large[name]} calls among 400 policies, ${small[name]} among 100`,
    )
  }
})

test('a rule for everybody asks once about pods that no rule tells apart', async () => {
  const asked = async (pods: number) => {
    const uri = 'file:///everybody.yaml'
    const everybody = parseFile(uri, undefined, EVERYBODY)
    const items = Array.from({ length: pods }, (_, i) => distinctPod(i, 1))
    const inventory = inventoryFromFile(parseWhole('file:///inventory.yaml', items.join('---\n')))
    const world = { ...withFile(workspace(100), uri, everybody), inventories: [inventory] }
    return counted(() => {
      for (const document of everybody.documents) check(world, document)
    })
  }
  const [few, many] = [await asked(200), await asked(400)]
  const meetings = 'engine/judge.ts meet'
  assert.ok((few[meetings] ?? 0) > 100, `${few[meetings]} pairs of kinds of pods, from both sides`)
  assert.equal(many[meetings], few[meetings])
  // Of those on which both sides say the same the ports are looked at once.
  const looked = few['engine/counterpart/missing.ts missingBetween'] ?? 0
  assert.ok(looked > 0 && looked < 20, `${looked} times`)
})

const EVERYBODY = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: everybody, namespace: team-0 }
spec:
  endpointSelector: { matchLabels: { app.kubernetes.io/name: cart-0 } }
  egress: [{ toEntities: [cluster] }]
`
