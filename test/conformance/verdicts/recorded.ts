// What Cilium's policy engine said of generated questions, as a file: seeds and hashes instead of the questions themselves.

import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Answer } from '../../../server/src/engine/verdict.ts'
import type { Version } from '../../../server/src/model/version.ts'
import { goProgram } from '../goProgram.ts'
import { ASKED, type Question, question } from './generate.ts'
import { type Right, type Rights, startOracle } from './oracle.ts'
import { accepted, snapshotOf } from './ours.ts'

const FILE = fileURLToPath(new URL('recorded/verdicts.json', import.meta.url))
const SEED = 5
const QUESTIONS = 90
const FLOWS = 240

/** One question: what it hashes to, and three digits for each flow (egress, ingress, both); dots where nothing is asked. */
type Line = readonly [hash: string, answers: string]

export interface Recorded {
  readonly version: Version
  readonly question: Question
  readonly hash: string
  readonly rights: readonly (Rights | undefined)[]
}

/** Asks Cilium anew and writes the file; false when it is as before. */
export async function record(): Promise<boolean> {
  const made: Record<string, Line[]> = {}
  for (const version of ASKED) {
    const oracle = startOracle(await goProgram({ command: 'verdict', minor: version }))
    const lines: Line[] = []
    for (let i = 0; i < QUESTIONS; i++) {
      const asked = question(version, SEED, i, FLOWS)
      const rights = await oracle.ask(asked, accepted(snapshotOf(asked, version)))
      lines.push([hashOf(asked), rights.map(write).join('')])
    }
    oracle.stop()
    made[version] = lines
  }
  const text = `${JSON.stringify(made, null, 1)}\n`
  const changed = text !== textOf(FILE)
  if (changed) writeFileSync(FILE, text)
  return changed
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** Everything that was recorded, with the questions generated again. */
export function* recorded(version: Version): Iterable<Recorded> {
  const all: Readonly<Record<string, readonly Line[]>> = JSON.parse(textOf(FILE))
  for (const [i, [hash, answers]] of (all[version] ?? []).entries()) {
    const asked = question(version, SEED, i, FLOWS)
    yield { version, question: asked, hash, rights: asked.flows.map((_, n) => read(answers.slice(3 * n, 3 * n + 3))) }
  }
}

/** What tells that a question is the one that was recorded. */
export function hashOf(asked: Question): string {
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex').slice(0, 12)
}

const BITS: Readonly<Record<Answer, number>> = { allowed: 1, denied: 2, unknown: 4 }

const digit = (right: Right): string => String(right.reduce((sum, a) => sum + BITS[a], 0))

function write(rights: Rights | undefined): string {
  return rights ? digit(rights.egress) + digit(rights.ingress) + digit(rights.verdict) : '...'
}

function read(text: string): Rights | undefined {
  const [egress = '.', ingress = '.', verdict = '.'] = text
  if (egress === '.') return undefined
  const right = (c: string): Right =>
    (['allowed', 'denied', 'unknown'] as const).filter(a => (Number(c) & BITS[a]) !== 0)
  return { egress: right(egress), ingress: right(ingress), verdict: right(verdict) }
}
