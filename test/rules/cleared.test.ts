// Leaving out the parts that are cleared changes nothing of what is found: the same parts, put together anew, are judged with and without
// what is remembered of them.

import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { parseDocument as parseYaml, stringify } from 'yaml'
import { SECTIONS } from '../../server/src/model/lower.ts'
import type { Section } from '../../server/src/model/policy.ts'
import { VERSIONS } from '../../server/src/model/version.ts'
import { checkAlone, lensFor, onFailure } from '../../server/src/rules/check.ts'
import { uncleared } from '../../server/src/rules/cleared.ts'
import { documentRules } from '../../server/src/rules/index.ts'
import type { DocumentRule, Lens } from '../../server/src/rules/rule.ts'
import type { Span } from '../../server/src/syntax/node.ts'
import { parseFile } from '../../server/src/syntax/parse.ts'
import type { Edit } from '../../server/src/syntax/problem.ts'
import { type CiliumConfig, defaultConfig } from '../../server/src/workspace/config.ts'
import { document } from '../conformance/generate.ts'
import { type Random, random } from '../conformance/random.ts'

const DOCUMENTS = 5000
const POOL = 400
const TURN = 1000

type Plain = Record<string, unknown>

const KINDS = ['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy'] as const

const POLICY: Plain = {
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumNetworkPolicy',
  metadata: { name: 'a' },
  spec: { endpointSelector: {} },
}

const isMap = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The rules of a policy, as plain data. */
function rulesOf(policy: Plain): Plain[] {
  const { spec, specs } = policy
  return [spec, ...(Array.isArray(specs) ? specs : [])].filter(isMap)
}

/** The document of a text as plain data; undefined where it is none. */
function plainOf(text: string): Plain | undefined {
  try {
    const value: unknown = JSON.parse(JSON.stringify(parseYaml(text, { logLevel: 'silent' }).toJS()))
    return isMap(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** All switches the other way round. */
const turned = (config: CiliumConfig): CiliumConfig => ({
  ...config,
  ...Object.fromEntries(Object.entries(config).flatMap(([key, on]) => (typeof on === 'boolean' ? [[key, !on]] : []))),
})

/** A line that the fast reader does not take: of what the exact one reads no part is ever cleared. */
const SLOW = '# \u00A0\n'

/** What is found in a new document of the text, behind a line before it. */
function found(text: string, lens: Lens, line = '') {
  const spanOf = ({ start, end }: Span) => [start - line.length, end - line.length]
  const editOf = (edit: Edit) => (edit.kind === 'create' ? edit : [spanOf(edit.place.span), edit.text])
  const { documents } = parseFile('file:///w/policy.yaml', undefined, line + text)
  return documents.map(d =>
    checkAlone(d, lens).map(({ code, severity, message, span, related, fixes }) => [
      [code, severity, message, spanOf(span)],
      related.map(r => [spanOf(r.place.span), r.message]),
      fixes.map(fix => [fix.title, fix.preferred, fix.edits().map(editOf)]),
    ]),
  )
}

/** An item of a section, and where it stood. */
interface Part {
  readonly section: Section
  readonly item: unknown
}

/** Clean in a clusterwide policy only. */
const SERVICE: Part = { section: 'egress', item: { toServices: [{ k8sService: { serviceName: 'web' } }] } }

/** Whether nothing is found in an item by itself. */
const isClean = ({ section, item }: Part, kind: string, lens: Lens): boolean =>
  found(stringify({ ...POLICY, kind, spec: { endpointSelector: {}, [section]: [item] } }), lens, SLOW).flat().length ===
  0

/** A policy with such parts, most of them where they belong. */
function mixed(base: Plain, pool: readonly Part[], r: Random): Plain {
  const policy = structuredClone(base)
  for (const rule of rulesOf(policy)) {
    for (const section of SECTIONS) if (r.chance(0.8)) delete rule[section]
    for (let left = 1 + r.below(3); left > 0; left--) {
      const { section, item } = r.chance(0.05) ? SERVICE : r.pick(pool)
      const at = r.chance(0.9) ? section : r.pick(SECTIONS)
      rule[at] = [...(Array.isArray(rule[at]) ? rule[at] : []), structuredClone(item)]
    }
    if (r.chance(0.1)) rule.enableDefaultDeny = { ingress: r.chance(0.5), egress: r.chance(0.5) }
    if (r.chance(0.1)) {
      rule.nodeSelector = rule.endpointSelector ?? {}
      delete rule.endpointSelector
      policy.kind = 'CiliumClusterwideNetworkPolicy'
    }
    if (r.chance(0.1)) rule.description = 'Allow traffic of all namespaces'
  }
  if (r.chance(0.2)) policy.kind = r.pick(KINDS)
  return policy
}

test('what is found in parts that others have as well is found in each of them', () => {
  const r = random(11)
  const bases: Plain[] = [POLICY]
  const pool: Part[] = []
  const count = { quiet: 0, loud: 0 }
  for (let i = 0; i < DOCUMENTS; i++) {
    const value = plainOf(document(9, i))
    if (!value) continue
    // One lens for a while: what is known of an item is forgotten under the next.
    const turn = Math.floor(i / TURN)
    const version = VERSIONS[turn % VERSIONS.length] ?? '1.20'
    const config = defaultConfig(version)
    const lens = lensFor(version, turn % 3 === 0 ? turned(config) : config)
    if (bases.length < POOL) bases.push(value)
    const parts = rulesOf(value).flatMap(rule =>
      SECTIONS.flatMap(section => [rule[section] ?? []].flat().map(item => ({ section, item }))),
    )
    pool.push(...parts.filter(part => r.chance(0.05) || KINDS.some(kind => isClean(part, kind, lens))))
    if (pool.length > POOL) pool.splice(r.below(POOL), pool.length - POOL)
    if (pool.length === 0) continue
    const text = stringify(mixed(r.chance(0.5) ? POLICY : r.pick(bases), pool, r), { lineWidth: 0 })
    const [fresh] = parseFile('file:///w/policy.yaml', undefined, text).documents
    const left = fresh && uncleared(fresh, lens)
    const actual = found(text, lens)
    const expected = found(text, lens, SLOW)
    if (left) count[expected.flat().length === 0 ? 'quiet' : 'loud']++
    assert.deepEqual(actual, expected, text)
  }
  assert.ok(count.quiet > DOCUMENTS / 20 && count.loud > DOCUMENTS / 20, JSON.stringify(count))
})

test('where a rule fails nothing is cleared', () => {
  const text = (name: string) =>
    stringify({
      ...POLICY,
      metadata: { name },
      spec: { endpointSelector: {}, egress: [{ toCIDR: ['10.0.0.1/8'] }] },
    })
  const lens = lensFor('1.20', { ...defaultConfig('1.20'), clusterName: 'failing' })
  const rule = documentRules.find(r => r.id === 'cidr-host-bits') as { check: DocumentRule['check'] }
  const { check } = rule
  const report = mock.method(onFailure, 'report', () => {})
  rule.check = () => {
    throw new Error('no')
  }
  assert.deepEqual(found(text('a'), lens), [[]])
  rule.check = check
  report.mock.restore()
  assert.ok(report.mock.callCount() > 0)
  assert.deepEqual(
    found(text('b'), lens)
      .flat()
      .map(([said]) => said?.[0]),
    ['cidr-host-bits'],
  )
})
