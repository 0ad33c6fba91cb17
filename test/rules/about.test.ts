// A rule that says which keys it is about has nothing to say of policies without them.

import assert from 'node:assert/strict'
import { test } from 'node:test'
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
