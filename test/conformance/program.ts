// Talks with one of the Go programs: JSON lines in, JSON lines out, in the same order.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** Sends every question and yields the answers in order; throws when the program fails or answers too few. */
export async function* ask(program: string, questions: Iterable<unknown>): AsyncGenerator<unknown> {
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  let sent = 0
  const sending = (async () => {
    for (const question of questions) {
      sent++
      if (!child.stdin.write(`${JSON.stringify(question)}\n`))
        await new Promise<void>(resolve => child.stdin.once('drain', resolve))
    }
    child.stdin.end()
  })()
  let received = 0
  for await (const line of createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY })) {
    received++
    yield JSON.parse(line)
  }
  await sending
  const code = await ended
  if (code !== 0 || received !== sent)
    throw new Error(`${program}: exit ${code}, ${received} answers to ${sent} questions`)
}
