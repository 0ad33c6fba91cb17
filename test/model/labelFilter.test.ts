// Which labels make identities, by version and by the agent's own filter.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { labelFilter } from '../../server/src/model/labelFilter.ts'

/** The keys of those that are kept. */
function kept(keys: readonly string[], ...of: Parameters<typeof labelFilter>): readonly string[] {
  return keys.filter(labelFilter(...of))
}

const KEYS = [
  'app',
  'app.kubernetes.io/name',
  'kubernetes.io/os',
  'foo.k8s.io/x',
  'k8s.io/x',
  'topology.kubernetes.io/zone',
  'x.beta.kubernetes.io/y',
  'pod-template-hash',
  'annotation.x',
  'io.kubernetes.pod.namespace',
  'io.cilium.k8s.policy.serviceaccount',
]

test('the default filter', () => {
  const always = ['app', 'app.kubernetes.io/name', 'foo.k8s.io/x']
  const own = ['io.kubernetes.pod.namespace', 'io.cilium.k8s.policy.serviceaccount']
  assert.deepEqual(kept(KEYS, '1.20', undefined), [...always, ...own])
  assert.deepEqual(kept(KEYS, '1.18', undefined), [...always, 'topology.kubernetes.io/zone', ...own])
})

test('an inclusive pattern leaves out all that is not named', () => {
  const own = ['app.kubernetes.io/name', 'io.kubernetes.pod.namespace']
  assert.deepEqual(kept(KEYS, '1.17', 'k8s:app$'), ['app', ...own])
  assert.deepEqual(kept(KEYS, '1.20', 'k8s:app$'), ['app', ...own, 'io.cilium.k8s.policy.serviceaccount'])
})

test('an exclusive pattern leaves out what it matches from the start on, unless a longer one includes it', () => {
  assert.deepEqual(kept(['job', 'my-job', 'app'], '1.20', 'k8s:!job'), ['my-job', 'app'])
  assert.deepEqual(kept(['team', 'team-lead'], '1.20', '!team  k8s:team-lead'), ['team-lead'])
})

test('other sources and what is no pattern change nothing', () => {
  assert.deepEqual(kept(['app', 'job'], '1.20', 'container:!app k8s:!('), ['app', 'job'])
})
