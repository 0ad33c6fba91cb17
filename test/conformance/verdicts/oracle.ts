// Asks a program around Cilium's own code: one line of JSON in, one out.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Question } from './generate.ts'

export interface Said {
  readonly id: string
  readonly egress: 'allowed' | 'denied'
  readonly ingress: 'allowed' | 'denied'
  readonly verdict: 'allowed' | 'denied'
  /** Why the flow has no single answer: pods, address, dns, error, self. */
  readonly open?: readonly string[]
}

export interface Reply {
  readonly id: string
  readonly error?: string
  readonly docs:
    | readonly { readonly file: string; readonly index: number; readonly layer?: string; readonly error?: string }[]
    | null
  readonly verdicts: readonly Said[] | null
}

export interface Oracle {
  ask(question: Question): Promise<Reply>
  stop(): void
}

/** Starts the program. */
export function startOracle(program: string): Oracle {
  const child: ChildProcess = spawn(program, [], { stdio: ['pipe', 'pipe', 'inherit'] })
  const { stdin, stdout } = child
  if (!stdin || !stdout) throw new Error(`${program} cannot be talked to`)
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]()
  return {
    ask: async question => {
      if (!stdin.write(`${JSON.stringify(question)}\n`)) await once(stdin, 'drain')
      const { value, done } = await lines.next()
      if (done) throw new Error(`${program} ended at question ${question.id}`)
      return JSON.parse(value)
    },
    stop: () => {
      child.kill()
    },
  }
}
