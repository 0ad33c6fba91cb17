// What is missing between two pods does not depend on who was asked before: pods for whom the rules say the same share the answer.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { classesOf } from '../../server/src/engine/classes.ts'
import { type Gap, gapsOf } from '../../server/src/engine/counterpart/gap.ts'
import { type Missing, missingFor, together } from '../../server/src/engine/counterpart/missing.ts'
import type { Reason } from '../../server/src/engine/judge.ts'
import { policies } from '../../server/src/model/lower.ts'
import { VERSIONS } from '../../server/src/model/version.ts'
import type { Snapshot } from '../../server/src/workspace/snapshot.ts'
import { random } from '../conformance/random.ts'
import { worldWithDns } from './dnsPromises.ts'
import { snapshotOf, textsOf, worldOf } from './generate.ts'

const WORLDS = 400

const reasons = (list: readonly Reason[]) =>
  [
    ...new Set(
      list.flatMap(r => (r.place ? [`${r.effect} ${r.place.span.start} ${r.place.document.text.length}`] : [])),
    ),
  ].sort()

const words = (missing: Missing) => ({ ...missing, named: missing.named.map(p => p.port?.value) })

/** Each pair of a gap asked of a snapshot in which nothing has been asked yet. */
function alone(snapshot: Snapshot, gap: Gap) {
  const parts = gap.pairs.map(pair => {
    const fresh = { ...snapshot }
    const classOf = classesOf(fresh)
    const classes = { own: classOf(pair.own.identity), other: classOf(pair.other.identity) }
    const { closed, denied } = missingFor(fresh, gap.entry, false)({ ...pair, classes })
    return gap.denied ? denied : closed
  })
  return parts.flatMap(part => part ?? [])
}

/** Some of the words are not known before the chart is rendered. */
function templated(texts: ReadonlyMap<string, string>, seed: number): ReadonlyMap<string, string> {
  const dice = random(seed)
  const blank = (whole: string, key: string) => (dice.chance(0.2) ? `${key} {{ .Values.word }}` : whole)
  return new Map(
    [...texts].map(([name, text]) => {
      const more = text.replace(/^(\s+- )(?:port|(?:to|from)Endpoints):/gm, (whole, before) =>
        dice.chance(0.03) ? `${before}{{ .Values.more }}\n${whole}` : whole,
      )
      const less = more.replace(/^(\s+-) (?:web|cart|db|front|back)$/gm, blank)
      return [name, less.replace(/((?:app|tier|namespace|ingress|egress):) \S+$/gm, blank)]
    }),
  )
}

test('a pair of pods is told the same alone as among others', () => {
  let pairs = 0
  let several = 0
  for (let seed = 0; seed < WORLDS; seed++) {
    const world = {
      ...(seed % 4 === 0 ? worldWithDns(seed) : worldOf(seed)),
      version: VERSIONS[seed % VERSIONS.length],
    }
    const texts = textsOf(world)
    const snapshot = snapshotOf(world, seed % 2 === 0 ? texts : templated(texts, seed))
    for (const { documents } of snapshot.files.values()) {
      for (const policy of documents.flatMap(d => policies(d))) {
        for (const gap of gapsOf(snapshot, policy)) {
          const parts = alone(snapshot, gap)
          assert.equal(parts.length, gap.pairs.length, `seed ${seed}: pairs`)
          assert.deepEqual(words(gap.missing), words(together(parts.map(p => p.missing))), `seed ${seed}: ports`)
          assert.deepEqual(reasons(gap.because), reasons(parts.flatMap(p => p.because)), `seed ${seed}: lines`)
          pairs += parts.length
          if (parts.length > 1) several++
        }
      }
    }
  }
  assert.ok(pairs > 4 * WORLDS && several > WORLDS / 2, `${pairs} pairs, ${several} gaps of several`)
})
