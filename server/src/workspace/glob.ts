// Globs of the setting `files.exclude`: `*`, `?`, `**` and `{a,b}`, matched in linear steps, never by a regular expression.

const MAX_ALTERNATIVES = 64

/**
 * Whether a path (with `/`, relative to its workspace folder) matches one of the globs. A glob without a slash matches a name
 * at any depth; one that names a folder matches everything below it.
 */
export function matchesAny(globs: readonly string[], path: string): boolean {
  const names = path.split('/')
  return globs.some(glob => alternatives(glob).some(one => matchesPath(one, names)))
}

function matchesPath(glob: string, names: readonly string[]): boolean {
  const trimmed = glob.replace(/^\.?\//, '').replace(/\/$/, '')
  if (trimmed === '') return false
  const parts = trimmed.includes('/') ? trimmed.split('/') : ['**', trimmed]
  return matchParts(parts, names)
}

/** Whether the parts match the first names: whatever comes below a matched folder matches too. */
function matchParts(parts: readonly string[], names: readonly string[]): boolean {
  let reached = new Set([0])
  for (const part of parts) {
    const next = new Set<number>()
    if (part === '**') for (let k = Math.min(...reached); k <= names.length; k++) next.add(k)
    else {
      for (const i of reached) if (i < names.length && matchName(part, names[i] ?? '')) next.add(i + 1)
    }
    reached = next
  }
  return parts.at(-1) === '**' ? [...reached].some(i => i === names.length) : reached.size > 0
}

/** One name against one part: `*` is any run of characters, `?` is one. Goes back to the last `*` only. */
function matchName(part: string, name: string): boolean {
  let p = 0
  let star = -1
  let from = 0
  for (let n = 0; n < name.length; ) {
    if (part[p] === '*') {
      star = p++
      from = n
    } else if (p < part.length && (part[p] === '?' || part[p] === name[n])) {
      p++
      n++
    } else if (star !== -1) {
      p = star + 1
      n = ++from
    } else return false
  }
  while (part[p] === '*') p++
  return p === part.length
}

/** The globs that `{a,b}` stands for; a glob without a closed brace is itself. */
function alternatives(glob: string): readonly string[] {
  let found = [glob]
  for (let round = 0; round < 8; round++) {
    const next = found.flatMap(expandFirst)
    if (next.length === found.length || next.length > MAX_ALTERNATIVES) break
    found = next
  }
  return found
}

function expandFirst(glob: string): readonly string[] {
  const open = glob.lastIndexOf('{')
  const close = glob.indexOf('}', open)
  if (open === -1 || close === -1) return [glob]
  const words = glob.slice(open + 1, close).split(',')
  return words.map(word => glob.slice(0, open) + word + glob.slice(close + 1))
}
