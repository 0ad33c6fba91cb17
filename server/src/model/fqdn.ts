// DNS names against the patterns of toFQDNs and rules.dns, without a regular expression of the user's making.

import { atLeast, type Version } from './version.ts'

/** A name as it is compared: in lower case, without the dot at its end. */
export const foldName = (text: string): string => text.trim().toLowerCase().replace(/\.$/, '')

/** Whether a name matches a `matchName`. */
export function nameMatches(matchName: string, name: string): boolean {
  return foldName(matchName) === foldName(name)
}

/** Whether a name matches a `matchPattern` (pkg/fqdn/matchpattern). */
export function patternMatches(pattern: string, name: string, version: Version): boolean {
  const n = foldName(name)
  const written = pattern.trim()
  if (written === '*' || (atLeast(version, '1.19') && /^\*+\.?$/.test(written))) return true
  const p = foldName(pattern)
  const prefix = /^\*{2,64}\./.exec(p)?.[0]
  if (prefix && atLeast(version, '1.19')) {
    const rest = p.slice(prefix.length)
    for (let dot = n.indexOf('.'); dot > 0; dot = n.indexOf('.', dot + 1)) if (glob(rest, n.slice(dot + 1))) return true
    return false
  }
  return glob(p, n)
}

/** `*` stands for any number of characters but dots; linear, by the usual two-pointer walk. */
function glob(pattern: string, text: string): boolean {
  let p = 0
  let t = 0
  let star = -1
  let from = 0
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p++
      from = t
    } else if (pattern[p] === text[t] && p < pattern.length) {
      p++
      t++
    } else if (star !== -1 && text[from] !== '.') {
      p = star + 1
      t = ++from
    } else return false
  }
  while (pattern[p] === '*') p++
  return p === pattern.length
}
