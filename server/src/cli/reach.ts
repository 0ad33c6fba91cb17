// `cilium-policy reach`: may a flow pass, and because of which lines?

import { parsePortQuery, whyMalformed } from '../engine/party.ts'
import { type Question, type Reach, reach } from '../engine/reach.ts'
import type { Answer, SideVerdict } from '../engine/verdict.ts'
import { formatReach } from './formats/reach.ts'
import { loadWorld, readPath, type World } from './load.ts'
import { answers, CannotRun, oneOf, readFlags, WORLD_FLAGS } from './options.ts'
import { spotOf } from './report.ts'

const FLAGS = {
  ...WORLD_FLAGS,
  from: { type: 'string' },
  to: { type: 'string' },
  port: { type: 'string' },
  flows: { type: 'string' },
  format: { type: 'string' },
} as const

const CODES: Readonly<Record<Answer, number>> = { allowed: 0, denied: 1, unknown: 3 }

/** Runs the command; resolves to the exit code. */
export async function runReach(args: readonly string[], print: (text: string) => void): Promise<number> {
  const { values, positionals } = readFlags('reach', args, FLAGS)
  if (answers('reach', values, print)) return 0
  const format = oneOf('format', values.format ?? 'text', ['text', 'json'])
  if (values.flows !== undefined) {
    for (const flag of ['from', 'to', 'port'] as const)
      if (values[flag] !== undefined) throw new CannotRun(`--flows asks by itself: leave out --${flag}`)
    for (const [what, paths] of Object.entries({ policies: positionals, inventory: [values.inventory] }))
      if (values.flows === '-' && paths.includes('-'))
        throw new CannotRun(`standard input cannot be both the flows and the ${what}`)
    const asked = readFlows(readPath(values.flows))
    const world = await loadWorld(positionals, values)
    for (const { id, question } of asked) print(`${JSON.stringify({ ...id, ...json(world, ask(world, question)) })}\n`)
    return 0
  }
  const question = questionOf({ from: values.from, to: values.to, port: values.port }, '--')
  for (const flag of ['from', 'to'] as const) {
    const wrong = whyMalformed(question[flag])
    if (wrong !== undefined) throw new CannotRun(`--${flag}: ${wrong}`)
  }
  const world = await loadWorld(positionals, values)
  const answer = ask(world, question)
  print(format === 'json' ? `${JSON.stringify(json(world, answer), null, 2)}\n` : formatReach(world, question, answer))
  return CODES[answer.verdict]
}

const ask = (world: World, question: Question): Reach => reach(world.snapshot, question)

interface Asked {
  /** `{ id }` when one was given. */
  readonly id: object
  readonly question: Question
}

function readFlows(text: string): readonly Asked[] {
  // Some editors and shells begin a file with a byte order mark.
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .flatMap((line, i) => {
      if (line.trim() === '') return []
      const where = `line ${i + 1} of the flows: `
      const read = parsed(line, where)
      return [{ id: read.id === undefined ? {} : { id: read.id }, question: questionOf(read, where) }]
    })
}

function parsed(line: string, where: string): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    throw new CannotRun(`${where}is no JSON`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new CannotRun(`${where}must be an object with from, to and port`)
  return Object.fromEntries(Object.entries(value))
}

function questionOf(given: Readonly<Record<string, unknown>>, before: string): Question {
  const word = (key: string): string => {
    const value = given[key]
    if (value === undefined || value === null || value === '') throw new CannotRun(`${before}${key} is missing`)
    if (typeof value !== 'string') throw new CannotRun(`${before}${key} is ${JSON.stringify(value)}: write a text`)
    return value
  }
  const [from, to] = [word('from'), word('to')]
  // A number is a port as its text is: of TCP.
  const text = typeof given.port === 'number' ? JSON.stringify(given.port) : word('port')
  const port = parsePortQuery(text)
  if (!port) throw new CannotRun(`${before}port is ${text}: write a number and a protocol, such as 8080/TCP`)
  return { from, to, port }
}

function json(world: World, answer: Reach): object {
  const side = ({ verdict, because, why }: SideVerdict) => ({
    verdict,
    because: because.map(({ place, effect }) => {
      const spot = place && spotOf(world, place)
      return { file: spot?.file ?? null, line: spot?.line ?? null, effect }
    }),
    ...(why === undefined ? {} : { why }),
  })
  const why = answer.why === undefined ? {} : { why: answer.why }
  const leftOut = answer.leftOut.map(({ policy, place, why }) => {
    const spot = spotOf(world, place)
    return { file: spot?.file ?? null, line: spot?.line ?? null, policy: policy.name?.value ?? null, why }
  })
  return {
    verdict: answer.verdict,
    egress: side(answer.egress),
    ingress: side(answer.ingress),
    ...why,
    ...(leftOut.length > 0 ? { leftOut } : {}),
  }
}
