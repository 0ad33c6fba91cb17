// Wakes what waits: after the machine has slept, or when there are new credentials.

/** Milliseconds between two looks at the clock, and how late a look must be for the machine to have slept. */
const LOOK = 5_000
const LATE = 20_000

export interface Wake {
  /** Everything that waits now goes on; connections from before are not trusted. */
  fire(): void
  /** Calls back with the next `fire`, unless taken back. */
  once(call: () => void): () => void
}

export function createWake(): Wake {
  const waiting = new Set<() => void>()
  return {
    fire: () => {
      const now = [...waiting]
      waiting.clear()
      for (const call of now) call()
    },
    once: call => {
      const mine = () => call()
      waiting.add(mine)
      return () => void waiting.delete(mine)
    },
  }
}

/** Fires when the clock has jumped: a laptop was closed and opened again. Until the signal. */
export function watchClock(wake: Wake, signal: AbortSignal, now: () => number = Date.now, every = LOOK): void {
  let last = now()
  const timer = setInterval(() => {
    const time = now()
    if (time - last > every + LATE) wake.fire()
    last = time
  }, every)
  timer.unref()
  signal.addEventListener('abort', () => clearInterval(timer))
}

/**
 * A signal for one connection: aborts with the other one, and with `fire`, as `woken` then says. Released when the connection has ended, so
 * that nothing of it is left (AbortSignal.any would have the other signal remember each).
 */
export function connectionSignal(signal: AbortSignal, wake: Wake) {
  const abort = new AbortController()
  let woken = false
  const end = () => abort.abort()
  const forget = wake.once(() => {
    woken = true
    end()
  })
  signal.addEventListener('abort', end)
  if (signal.aborted) end()
  return {
    signal: abort.signal,
    woken: () => woken,
    release: () => {
      forget()
      signal.removeEventListener('abort', end)
    },
  }
}

/** Resolves after that many milliseconds, on `fire`, or when the signal aborts. */
export function sleep(milliseconds: number, signal: AbortSignal, wake: Wake): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      clearTimeout(timer)
      forget()
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    const forget = wake.once(done)
    signal.addEventListener('abort', done)
    if (signal.aborted) done()
  })
}
