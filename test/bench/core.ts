// The core without an editor: a keystroke in one document with all rules on, and verdicts of flows among many policies and pods.

import { findParties } from '../../server/src/engine/party.ts'
import { verdict } from '../../server/src/engine/verdict.ts'
import { check } from '../../server/src/rules/check.ts'
import { parseFile, parseWhole } from '../../server/src/syntax/parse.ts'
import { inventoryFromFile } from '../../server/src/workspace/collect.ts'
import { DEFAULTS } from '../../server/src/workspace/settings.ts'
import { type Snapshot, withFile } from '../../server/src/workspace/snapshot.ts'
import { namespaces, policy } from './corpus.ts'
import { atMost, type Figure } from './figures.ts'

const KEYSTROKES = 400
const FLOWS = 2000
const MANY = 1000
const URI = 'file:///w/policy.yaml'

/** Milliseconds of each keystroke and of each verdict, after a warm-up of the same kind. */
export function core(): Figure[] {
  keystrokes()
  const world = manyPods()
  verdicts(world)
  return [
    atMost('a keystroke in one document, all rules', 'ms', keystrokes(), { of: 'median', value: 2 }),
    atMost('a verdict, 1,000 policies and 1,000 pods', 'ms', verdicts(world), { of: 'p95', value: 5 }),
  ]
}

const empty: Snapshot = { files: new Map(), inventories: [], settings: DEFAULTS }

function keystrokes(): number[] {
  let snapshot = empty
  let file = parseFile(URI, 0, policy(7, 1))
  return Array.from({ length: KEYSTROKES }, (_, i) => {
    const text = policy(7, 1).replace('Traffic of', `Traffic ${i} of`)
    const start = performance.now()
    file = parseFile(URI, i + 1, text, file)
    snapshot = withFile(snapshot, URI, file)
    for (const document of file.documents) check(snapshot, document)
    return performance.now() - start
  })
}

function manyPods(): Snapshot {
  const spread = namespaces(MANY)
  const files = new Map(
    Array.from({ length: MANY }, (_, i) => {
      const uri = `file:///w/${i}.yaml`
      return [uri, parseFile(uri, undefined, policy(i, spread))] as const
    }),
  )
  const apps = [...files.values()].flatMap(f => /app\.kubernetes\.io\/name: (\S+)/.exec(f.text)?.[1] ?? [])
  const items = Array.from({ length: MANY }, (_, i) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `pod-${i}`, namespace: `team-${i % spread}`, labels: { 'app.kubernetes.io/name': apps[i] } },
    spec: { containers: [{ name: 'a', ports: [{ containerPort: 8080 }] }] },
  }))
  const list = parseWhole('file:///inventory.json', JSON.stringify({ apiVersion: 'v1', kind: 'List', items }))
  return { ...empty, files, inventories: [inventoryFromFile(list)] }
}

function verdicts(snapshot: Snapshot): number[] {
  const spread = namespaces(MANY)
  const end = (i: number) => {
    const found = findParties(snapshot, `team-${i % spread}/pod-${i}`)
    const party = 'parties' in found ? found.parties[0] : undefined
    if (!party) throw new Error(`pod-${i} is not there`)
    return party
  }
  return Array.from({ length: FLOWS }, (_, i) => {
    const [from, to] = [end((i * 7) % MANY), end((i * 13 + 1) % MANY)]
    const start = performance.now()
    verdict(snapshot, { from, to, port: { port: 8080, protocol: 'TCP' } })
    return performance.now() - start
  })
}
