// Memory that is given back to the system when the server has nothing to do.

/** Bytes of heap that are not worth a collection. */
const LITTLE = 100_000_000
/** How much of the heap has to be new since the last time. */
const GROWN = 1.25
/** Milliseconds that V8 is given. */
const WHILE = 20_000
/** The first version of V8 that knows the flag. */
const KNOWS = [13, 6] as const

/**
 * A function to call when there is nothing to do. V8 keeps room for as much garbage as there are objects, and gives it back after two
 * minutes at rest. In its mode for saving memory it does so within ten seconds, marking in small steps; working in that mode all the
 * time would take twice as long.
 */
export function relaxing(): (() => void) | undefined {
  const [major = 0, minor = 0] = (process.versions.v8 ?? '').split('.').map(Number)
  if (major < KNOWS[0] || (major === KNOWS[0] && minor < KNOWS[1])) return undefined
  let kept = LITTLE / GROWN
  let saving = false
  return () => {
    // Not at the start, where it would be loaded for nothing.
    const { getHeapStatistics, setFlagsFromString } = process.getBuiltinModule('node:v8')
    if (saving || getHeapStatistics().total_heap_size < kept * GROWN) return
    saving = true
    setFlagsFromString('--memory-saver-mode')
    setTimeout(() => {
      setFlagsFromString('--no-memory-saver-mode')
      kept = getHeapStatistics().total_heap_size
      saving = false
    }, WHILE).unref()
  }
}
