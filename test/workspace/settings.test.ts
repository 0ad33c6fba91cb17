// Settings are read as editors send them; what is generated from them is up to date.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { DEFAULTS, readSettings } from '../../server/src/workspace/settings.ts'
import { generate } from '../../server/src/workspace/settingsDocs.ts'

test('nothing, null and an empty object are the defaults', () => {
  for (const raw of [undefined, null, {}]) assert.deepEqual(readSettings(raw), { settings: DEFAULTS, problems: [] })
})

test('nested and flat keys are read', () => {
  const nested = readSettings({ cluster: { enabled: 'off' }, ciliumVersion: '1.18' }).settings
  const flat = readSettings({ 'cluster.enabled': 'off', ciliumVersion: '1.18' }).settings
  assert.equal(nested.cluster.enabled, 'off')
  assert.deepEqual(nested, flat)
})

test('a version written as a number is taken', () => {
  assert.equal(readSettings({ ciliumVersion: 1.19 }).settings.ciliumVersion, '1.19')
})

test('a wrong value is named with what is allowed, and the default is used', () => {
  const { settings, problems } = readSettings({
    ciliumVersion: '1.9',
    config: {
      'enable-policy': 'foo',
      'enable-ipv6': true,
      'enable-l7-proxy': 'yes',
      'policy-cidr-match-mode': '',
      other: 'x',
    },
    cluster: 3,
    inventory: { file: ['a'] },
    rules: { 'dns-missing': 'loud', 'counterpart-missing': 'off' },
    files: { exclude: 'x' },
  })
  assert.deepEqual(problems, [
    'ciliumPolicy.cluster is 3: it must be an object. The default is used.',
    'ciliumPolicy.ciliumVersion is "1.9": allowed are auto, 1.16, 1.17, 1.18, 1.19, 1.20. The default is used.',
    'ciliumPolicy.config: enable-policy is "foo": allowed are default, always, never. It is left out.',
    'ciliumPolicy.config: enable-l7-proxy is "yes": allowed are true, false. It is left out.',
    'ciliumPolicy.inventory.file is ["a"]: it must be a text. The default is used.',
    'ciliumPolicy.rules: dns-missing is "loud": allowed are error, warning, information, hint, off. It is left out.',
    'ciliumPolicy.files.exclude is "x": it must be a list of texts. The default is used.',
  ])
  assert.deepEqual(settings, {
    ...DEFAULTS,
    config: { 'enable-ipv6': 'true', 'policy-cidr-match-mode': '', other: 'x' },
    rules: { 'counterpart-missing': 'off' },
  })
})

test('package.json and docs/settings.md are as generated', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')
  assert.deepEqual(generate(root, false), [], 'npm run generate writes them')
})
