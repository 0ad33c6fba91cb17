// Twenty thousand findings on one line hang neither the command, in any format, nor the editor.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatGithub } from '../../server/src/cli/formats/github.ts'
import { formatJson } from '../../server/src/cli/formats/json.ts'
import { formatJunit } from '../../server/src/cli/formats/junit.ts'
import { formatSarif } from '../../server/src/cli/formats/sarif.ts'
import { formatText } from '../../server/src/cli/formats/text.ts'
import { makeReport } from '../../server/src/cli/report.ts'
import { PLAIN_CLIENT } from '../../server/src/features/convert.ts'
import { diagnostics } from '../../server/src/features/diagnostics.ts'
import { parseFile } from '../../server/src/syntax/parse.ts'
import { DEFAULTS } from '../../server/src/workspace/settings.ts'

const HEAD = 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: a, namespace: b }\n'
const list = (count: number, item: (i: number) => string) => Array.from({ length: count }, (_, i) => item(i)).join(', ')

/** Policies with so many findings of one kind on one line. */
const POLICIES: Readonly<Record<string, (count: number) => string>> = {
  'domains that a pattern leaves out': n =>
    `spec: { endpointSelector: {}, egress: [{ toFQDNs: [${list(n, i => `{ matchPattern: "*.a${i}.com" }`)}] }] }\n`,
  'unknown entities': n => `spec: { endpointSelector: {}, ingress: [{ fromEntities: [${list(n, i => `e${i}`)}] }] }\n`,
  'unknown keys': n => `spec: { endpointSelector: {}, ${list(n, i => `k${i}: 1`)} }\n`,
  'labels a level too high': n => `spec: { endpointSelector: { ${list(n, i => `k${i}: a`)} }, ingress: [{}] }\n`,
}

function report(text: string): number {
  const file = parseFile('file:///a.yaml', undefined, HEAD + text)
  const snapshot = { files: new Map([[file.uri, file]]), inventories: [], settings: DEFAULTS }
  const world = { snapshot, names: new Map([[file.uri, 'a.yaml']]), read: 1 }
  const made = makeReport(world, { fixed: 0, failOn: 'error' })
  for (const format of [formatText, formatJson, formatSarif, formatGithub, formatJunit]) format(made)
  assert.equal(diagnostics(snapshot, file.uri, PLAIN_CLIENT).length, made.problems.length)
  return made.problems.length
}

const MANY = 20_000
/** Milliseconds after which something hangs, on the slowest of machines. */
const HANGS = 30_000

for (const [name, policy] of Object.entries(POLICIES)) {
  test(name, () => {
    const start = performance.now()
    assert.ok(report(policy(MANY)) >= MANY)
    assert.ok(performance.now() - start < HANGS)
  })
}
