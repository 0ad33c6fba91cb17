// The answer of `reach` for people: the verdict, and for each side the lines that decided it.

import type { LeftOut } from '../../engine/leftOut.ts'
import type { Question, Reach } from '../../engine/reach.ts'
import type { Reason, SideVerdict } from '../../engine/verdict.ts'
import type { World } from '../load.ts'
import { sourceOf, spotOf } from '../report.ts'

const WORDS = {
  allow: 'allows it',
  deny: 'denies it',
  'default-deny': 'closes this direction',
  'no-policy': 'no policy: open',
} as const

/** A few lines that say the verdict and why. */
export function formatReach(world: World, { from, to, port }: Question, answer: Reach): string {
  const lines = [`${from} → ${to} ${port.port}/${port.protocol}: ${answer.verdict}${because(answer.why)}`]
  lines.push(...sideLines(world, 'egress', `of ${from}`, answer.egress))
  lines.push(...sideLines(world, 'ingress', `of ${to}`, answer.ingress))
  lines.push(...answer.leftOut.map(left => `  left out: ${leftOutLine(world, left)}`))
  return `${lines.join('\n')}\n`
}

const LEFT_OUT = {
  refused: 'has an error: Cilium refuses it and enforces nothing of it',
  replaced: 'is given anew by another document: of several with one name the last one counts',
} as const

function leftOutLine(world: World, { policy, place, why }: LeftOut): string {
  const spot = spotOf(world, place)
  return `${spot ? `${spot.file}:${spot.line}:${spot.column}  ` : ''}${policy.name?.value ?? 'a policy'} ${LEFT_OUT[why]}`
}

function sideLines(world: World, side: string, of: string, said: SideVerdict): string[] {
  return [
    `  ${side} ${of}: ${said.verdict}${because(said.why)}`,
    ...said.because.map(r => `    ${reasonLine(world, r)}`),
  ]
}

const because = (why: string | undefined): string => (why === undefined ? '' : ` (${why})`)

function reasonLine(world: World, { place, effect }: Reason): string {
  const spot = place && spotOf(world, place)
  if (spot) return `${spot.file}:${spot.line}:${spot.column}  ${WORDS[effect]}:  ${sourceOf(world, place).trim()}`
  if (place) return `a policy in the cluster ${WORDS[effect]}`
  if (effect === 'default-deny') return 'mode always closes what no rule allows'
  return effect === 'allow' ? 'allowed without a rule' : WORDS[effect]
}
