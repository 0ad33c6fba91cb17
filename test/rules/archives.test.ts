// Every rule against its archive of examples; UPDATE=1 records anew what the rules say and what their fixes make.

import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { onFailure } from '../../server/src/rules/check.ts'
import { rules } from '../../server/src/rules/index.ts'
import { type Archive, type Case, printArchive, problemsOf, readArchive, recordOf, worldOf } from './archive.ts'
import { broken } from './promises.ts'
import { variantsOf } from './variants.ts'

const UPDATE = process.env.UPDATE === '1'
const path = (name: string) => fileURLToPath(new URL(name, import.meta.url))

onFailure.report = (rule, error) => {
  throw new Error(`the rule ${rule} threw`, { cause: error })
}

test('every archive belongs to a rule', () => {
  const ids = new Set(rules.map(r => `${r.id}.txt`))
  assert.deepEqual(
    readdirSync(path('.')).filter(name => name.endsWith('.txt') && !ids.has(name)),
    [],
  )
  assert.equal(ids.size, rules.length, 'two rules have the same id')
})

for (const rule of rules) {
  test(rule.id, () => {
    const file = path(`${rule.id}.txt`)
    assert.ok(existsSync(file), `test/rules/${rule.id}.txt is missing: write a failing and a passing example`)
    const text = readFileSync(file, 'utf8')
    const archive = readArchive(text)
    complete(rule.id, archive)
    for (const one of archive.cases) {
      promises(rule.id, one)
      variants(rule.id, one)
    }
    const now = printArchive(archive, one => recordOf(rule.id, one))
    if (UPDATE && now !== text) writeFileSync(file, now)
    if (!UPDATE) assert.equal(now, text, 'UPDATE=1 records what the rule says now')
  })
}

function complete(rule: string, archive: Archive): void {
  assert.ok(
    archive.cases.some(c => c.fails) && archive.cases.some(c => !c.fails),
    'an archive has a failing and a passing example',
  )
  for (const one of archive.cases) {
    const found = problemsOf(worldOf(one)).map(f => f.problem)
    const own = found.filter(p => p.code === rule)
    assert.equal(own.length > 0, one.fails, `${one.title}: ${own[0]?.message ?? 'the rule finds nothing'}`)
    if (!one.fails)
      assert.deepEqual(
        found.filter(p => p.severity === 'error').map(p => `${p.code}: ${p.message}`),
        [],
        one.title,
      )
  }
}

function promises(rule: string, one: Case, name = one.title): void {
  const snapshot = worldOf(one)
  for (const found of problemsOf(snapshot)) {
    if (found.problem.code !== rule) continue
    for (const fix of found.problem.fixes)
      assert.deepEqual(broken(snapshot, found, fix), [], `${name}: the fix "${fix.title}"`)
    assert.ok(found.problem.fixes.filter(f => f.preferred).length <= 1, `${name}: two preferred fixes`)
  }
}

/** The same documents written differently: the same problems, and fixes that keep their promises. */
function variants(rule: string, one: Case): void {
  const said = (c: Case) =>
    problemsOf(worldOf(c))
      .filter(f => f.problem.code === rule)
      .map(f => f.problem.message)
      .sort()
  for (const name of [
    'CRLF',
    'no newline at the end',
    'comments',
    'indented by 4',
    'lists not indented',
    'flow style',
    'flow style inside',
    'List',
    'JSON',
  ]) {
    const files = new Map([...one.files].map(([file, text]) => [file, variant(name, file, text)]))
    const other = { ...one, files }
    assert.deepEqual(said(other), said(one), `${one.title}, ${name}`)
    promises(rule, other, `${one.title}, ${name}`)
  }
}

const made = new Map<string, ReadonlyMap<string, string>>()

function variant(name: string, file: string, text: string): string {
  if (/kustomization|^inventory|^cluster/.test(file)) return text
  const known = made.get(text) ?? variantsOf(text)
  made.set(text, known)
  return known.get(name) ?? text
}
