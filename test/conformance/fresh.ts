// Compares documents of a seed with all versions of Cilium, and shows what differs, by cause, each shrunk to a few lines.

import { VERSIONS } from '../../server/src/model/version.ts'
import { cause, compare, type Disagreement } from './compare.ts'
import { document } from './generate.ts'
import { shrink } from './shrink.ts'

/** Documents that are made, asked for and forgotten together. */
const CHUNK = 4000
/** Causes that are shown in full. */
const SHOWN = 20

/** Whether we agree on all documents; prints figures, and what differs. */
export async function agreesOnFresh(seed: number, count: number): Promise<boolean> {
  const found: Disagreement[] = []
  for (let from = 0; from < count; from += CHUNK) {
    const texts = Array.from({ length: Math.min(CHUNK, count - from) }, (_, i) => document(seed, from + i))
    found.push(...(await compare(texts)))
    if (from + CHUNK < count) console.log(`  ${from + CHUNK} of ${count}, ${found.length} disagreements`)
  }
  console.log(`seed ${seed}: ${count} documents × ${VERSIONS.length} versions, ${found.length} disagreements`)
  await show(found)
  return found.length === 0
}

async function show(found: readonly Disagreement[]): Promise<void> {
  const groups = Map.groupBy(found, d => `${d.version}: ${cause(d)}`)
  for (const [name, group] of [...groups].sort((a, b) => b[1].length - a[1].length).slice(0, SHOWN)) {
    const shortest = group.toSorted((a, b) => a.text.length - b.text.length)[0]
    if (!shortest) continue
    const { text, answer, errors } = await shrink(shortest)
    console.log(`\n── ${group.length} × ${name}`)
    console.log(`Cilium: ${answer.errors?.[0] ?? 'accepts it'}`)
    for (const e of errors) console.log(`we: ${e.code}: ${e.message}`)
    console.log(text)
  }
}
