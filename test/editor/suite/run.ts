// Runs the cases of a suite inside VS Code's extension host, on a desktop and in a server alike.

export type Cases = Readonly<Record<string, () => Promise<void>>>

/** What VS Code calls: runs the cases in order, says how each went, and throws when one failed. */
export function runner(cases: Cases): () => Promise<void> {
  return async () => {
    const failures: string[] = []
    for (const [name, run] of Object.entries(cases)) {
      try {
        await run()
        console.log(`✔ ${name}`)
      } catch (error) {
        const why = error instanceof Error ? (error.stack ?? error.message) : String(error)
        console.log(`✖ ${name}\n${why}`)
        failures.push(`${name}\n${why}`)
      }
    }
    if (failures.length > 0) throw new Error(failures.join('\n\n'))
  }
}
