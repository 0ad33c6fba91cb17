// Wraps what answers a message: it never throws, and what went wrong is logged with the name of the message.

export type Log = (text: string) => void

/** `run` as a handler that answers `otherwise` when it throws. */
export function handle<P, R>(name: string, log: Log, run: (params: P) => R, otherwise: R): (params: P) => R {
  return params => {
    try {
      return run(params)
    } catch (error) {
      log(`${name}: ${explain(error)}`)
      return otherwise
    }
  }
}

/** Runs something that takes its time; a failure is logged. */
export async function attempt(name: string, log: Log, run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (error) {
    log(`${name}: ${explain(error)}`)
  }
}

function explain(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
