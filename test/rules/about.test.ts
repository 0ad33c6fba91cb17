// A rule that says which keys it is about has nothing to say of policies without them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isEntangling, mayEntangle } from '../../server/src/engine/entangled.ts'
import { policies } from '../../server/src/model/lower.ts'
import { VERSIONS } from '../../server/src/model/version.ts'
import { concerns } from '../../server/src/rules/about.ts'
import { lensFor } from '../../server/src/rules/check.ts'
import { documentRules, workspaceRules } from '../../server/src/rules/index.ts'
import { applies } from '../../server/src/rules/rule.ts'
import { parseFile } from '../../server/src/syntax/parse.ts'
import { defaultConfig } from '../../server/src/workspace/config.ts'
import { DEFAULTS } from '../../server/src/workspace/settings.ts'
import { document } from '../conformance/generate.ts'

const DOCUMENTS = 1500
const URI = 'file:///w/policy.yaml'

test('without the keys that a rule is about it finds nothing', () => {
  let asked = 0
  for (let i = 0; i < DOCUMENTS; i++) {
    const file = parseFile(URI, undefined, document(7, i))
    const version = VERSIONS[i % VERSIONS.length] ?? '1.20'
    const lens = lensFor(version, defaultConfig(version))
    const snapshot = {
      files: new Map([[URI, file]]),
      inventories: [],
      settings: { ...DEFAULTS, ciliumVersion: version },
    }
    for (const d of file.documents) {
      for (const policy of policies(d)) {
        const silent = (rule: { id: string }, findings: Iterable<unknown>) =>
          assert.deepEqual([...findings], [], `${rule.id} of document ${i}:\n${d.text}`)
        for (const rule of documentRules.filter(r => applies(r, version) && !concerns(r, d))) {
          silent(rule, rule.check(policy, lens))
          asked++
        }
        for (const rule of workspaceRules.filter(r => applies(r, version) && !concerns(r, d)))
          silent(rule, rule.check(policy, snapshot))
      }
    }
  }
  assert.ok(asked > DOCUMENTS * 10)
})

test('a text without the words has no item that asks for more than letting pass', () => {
  let without = 0
  for (let i = 0; i < DOCUMENTS; i++) {
    for (const d of parseFile(URI, undefined, document(8, i)).documents) {
      if (mayEntangle(d)) continue
      without++
      for (const policy of policies(d))
        for (const rule of policy.rules) assert.deepEqual(rule.items.filter(isEntangling), [], d.text)
    }
  }
  assert.ok(without > 100)
})

test('keys that the text hides are looked for', () => {
  for (const key of ['"r\\u0075les"', '!!binary cnVsZXM=']) {
    const text = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: a }
spec:
  endpointSelector: {}
  egress:
    - toPorts:
        - ports: [{ port: "53", protocol: TCP }]
          ${key}: { dns: [{ matchPattern: "*" }] }
`
    const [d] = parseFile(URI, undefined, text).documents
    assert.ok(d && mayEntangle(d) && documentRules.every(rule => concerns(rule, d)))
    assert.ok(policies(d)[0]?.rules[0]?.items.every(isEntangling), key)
  }
})
