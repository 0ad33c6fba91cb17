// The nearest word: for "did you mean".

const LONGEST = 64

/**
 * The candidate nearest to the word by edits (a swap of neighbours counts one), or undefined when none is near: within a third of the
 * word's letters, or within `most` edits.
 */
export function suggest(word: string, candidates: Iterable<string>, most?: number): string | undefined {
  if (word === '' || word.length > LONGEST) return undefined
  let best: string | undefined
  let least = (most ?? Math.max(1, Math.floor(word.length / 3))) + 0.5
  for (const candidate of candidates) {
    if (candidate.length > LONGEST || Math.abs(candidate.length - word.length) >= least + 1) continue
    const same = candidate.toLowerCase() === word.toLowerCase()
    const d = same ? 0.25 : distance(word.toLowerCase(), candidate.toLowerCase())
    if (d < least) {
      least = d
      best = candidate
    }
  }
  return best
}

function distance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      let d = Math.min((row[j - 1] ?? 0) + 1, (last[j] ?? 0) + 1, (last[j - 1] ?? 0) + cost)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) d = Math.min(d, (before[j - 2] ?? 0) + 1)
      row.push(d)
    }
    before = last
    last = row
  }
  return last[b.length] ?? a.length
}
