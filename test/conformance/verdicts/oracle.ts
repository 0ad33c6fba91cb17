// Asks the program around Cilium's policy engine about generated questions (test/conformance/go/cilium/verdict).

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Answer } from '../../../server/src/engine/verdict.ts'
import { type End, endsNamed, endsOf, isSame, pairsOf } from './ends.ts'
import type { Question } from './generate.ts'

/** One side of one flow: `none` has no policy of its own, `failed` one that Cilium cannot compute. */
interface Side {
  readonly says: 'allowed' | 'denied' | 'none' | 'failed'
  readonly unlearned?: string
  readonly inside?: readonly string[] | null
}

interface Reply {
  readonly id: string
  readonly error?: string
  readonly flows?: readonly (readonly [Side, Side])[]
}

/** What is right to say of a side or of a flow: one answer, or also `unknown` where Cilium's depends on what nobody knows. */
export type Right = readonly Answer[]

export interface Rights {
  readonly egress: Right
  readonly ingress: Right
  readonly verdict: Right
}

export interface Oracle {
  /** What is right for each flow; undefined for a pod's traffic to itself. Throws with what Cilium's code minds. */
  ask(question: Question, policies: readonly string[]): Promise<readonly (Rights | undefined)[]>
  stop(): void
}

/** Starts the program. */
export function startOracle(program: string): Oracle {
  const child = spawn(program, [], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const exchange = async (line: string): Promise<Reply> => {
    if (!child.stdin.write(`${line}\n`)) await once(child.stdin, 'drain')
    const { value, done } = await lines.next()
    if (done) throw new Error(`${program} ended`)
    return JSON.parse(value)
  }
  return {
    ask: async (question, policies) => {
      const known = endsOf(question.inventory.items)
      const pairs = question.flows.map(f => pairsOf(endsNamed(known, f.from), endsNamed(known, f.to)))
      const flows = question.flows.flatMap((f, i) =>
        (pairs[i] ?? []).map(([from, to]) => ({ from, to, ...portOf(f.port) })),
      )
      const { items } = question.inventory
      const reply = await exchange(
        JSON.stringify({ id: question.id, config: question.config, objects: items, policies, flows }),
      )
      if (!reply.flows) throw new Error(reply.error ?? 'no answer')
      const left = [...reply.flows]
      return pairs.map(some => rightFor(some, left.splice(0, some.length)))
    },
    stop: () => child.kill(),
  }
}

function portOf(text: string): { port: number; protocol: string } {
  const [port, protocol = 'TCP'] = text.split('/')
  return { port: Number(port), protocol }
}

function rightFor(
  pairs: readonly (readonly [End, End])[],
  sides: readonly (readonly [Side, Side])[],
): Rights | undefined {
  const [only] = pairs
  if (!only || (pairs.length === 1 && isSame(...only))) return undefined
  const each = sides.map(([out, into]) => ({ egress: rightSide(out), ingress: rightSide(into) }))
  const verdicts = each.map(e => both(e.egress, e.ingress))
  return {
    egress: agreed(each.map(e => e.egress)),
    ingress: agreed(each.map(e => e.ingress)),
    verdict: agreed(verdicts),
  }
}

function rightSide({ says, unlearned, inside }: Side): Right {
  if (says === 'none') return ['allowed']
  if (says === 'failed') return ['unknown']
  if (inside?.some(other => other !== says)) return ['unknown']
  return unlearned !== undefined && unlearned !== says ? [says, 'unknown'] : [says]
}

/** Both sides together: whatever can come of what is right for each. */
function both(out: Right, into: Right): Right {
  const found = new Set<Answer>()
  for (const a of out) {
    for (const b of into) {
      if (a === 'denied' || b === 'denied') found.add('denied')
      else found.add(a === 'unknown' || b === 'unknown' ? 'unknown' : 'allowed')
    }
  }
  return [...found]
}

/** One answer for several pairs: the one on which all agree, else unknown. */
function agreed(each: readonly Right[]): Right {
  const common = (['allowed', 'denied', 'unknown'] as const).filter(a => each.every(r => r.includes(a)))
  const certain = each.every(r => r.length === 1)
  return certain && common.length > 0 ? common : [...new Set([...common, 'unknown' as const])]
}
