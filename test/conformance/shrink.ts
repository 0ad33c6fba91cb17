// Makes a document with a disagreement as short as it can be while the disagreement stays.
import { cause, compare, type Disagreement } from './compare.ts'

/** The shortest found; every round asks for all documents that lack one run of lines. */
export async function shrink(found: Disagreement): Promise<Disagreement> {
  const wanted = cause(found)
  let best = found
  for (;;) {
    const shorter = await compare(candidates(best.text), [best.version])
    const next = shorter.filter(d => cause(d) === wanted).sort((a, b) => a.text.length - b.text.length)[0]
    if (!next || next.text.length >= best.text.length) return best
    best = next
  }
}

/** The text without each run of lines; one in brackets without each run of what stands between commas. */
function candidates(text: string): string[] {
  const parts = text.trim().includes('\n') ? text.split(/(?<=\n)/) : text.split(/(?<=,)/)
  const made: string[] = []
  for (let size = parts.length - 1; size >= 1; size = Math.floor(size / 2))
    for (let at = 0; at + size <= parts.length; at += Math.max(1, size >> 1))
      made.push([...parts.slice(0, at), ...parts.slice(at + size)].join(''))
  return made
}
