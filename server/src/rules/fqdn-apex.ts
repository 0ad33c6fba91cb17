// A pattern for the names below a domain, without the domain itself.

import { foldName, patternMatches } from '../model/fqdn.ts'
import type { Fqdn } from '../model/policy.ts'
import type { Version } from '../model/version.ts'
import { addItem, isShared } from '../syntax/edit.ts'
import { itemsOf } from './common.ts'
import type { DocumentRule } from './rule.ts'

export const fqdnApex: DocumentRule = {
  id: 'fqdn-apex',
  scope: 'document',
  byPart: true,
  about: ['toFQDNs'],
  severity: 'hint',
  summary: 'A pattern that leaves the domain itself out',
  why: '`*.example.com` matches names with exactly one label more, neither example.com itself nor a.b.example.com. Add a `matchName` for the domain if it is used too.',
  source: 'pkg/fqdn/matchpattern/matchpattern.go ToAnchoredRegexp (F07, T211)',
  *check(policy, lens) {
    for (const { item } of itemsOf(policy)) {
      for (const member of item.members) {
        if (member.peers.some(p => p.kind === 'unknown')) continue
        const names = member.peers.flatMap(p => (p.kind === 'fqdn' ? [p.fqdn] : []))
        const list = member.node
        const isOpen = list.kind === 'seq' && !isShared(list)
        let covers: ((domain: string) => boolean) | undefined
        for (const { matchPattern } of names) {
          const domain = /^\*\.([^.*]+\.[^.*]+)\.?$/.exec(matchPattern?.value ?? '')?.[1]
          if (!domain || !matchPattern) continue
          covers ??= covering(names, lens.version)
          if (covers(domain)) continue
          yield {
            span: matchPattern.node.span,
            message: `this does not match ${domain} itself: add \`matchName: ${domain}\` if it is used too`,
            fixes: isOpen
              ? [
                  {
                    title: `Add matchName: ${domain}`,
                    edits: () => addItem(policy.document, list, { matchName: domain }),
                  },
                ]
              : [],
          }
        }
      }
    }
  },
}

/** So many different patterns are tried on each domain: where there are more, nothing is said of those that no name covers. */
const MOST = 100

/** Whether one of the names matches a domain of two labels, looked up rather than looked for: lists may be long. */
function covering(names: readonly Fqdn[], version: Version): (domain: string) => boolean {
  const exact = new Set<string>()
  const wild = new Set<string>()
  for (const { matchName, matchPattern } of names) {
    if (matchName) exact.add(foldName(matchName.value))
    const pattern = foldName(matchPattern?.value ?? '')
    // A star stands for no dot, and stars that begin a pattern for one dot at least: what has more dots matches longer names.
    if (!pattern.includes('*')) exact.add(pattern)
    else if (matchPattern && pattern.indexOf('.') === pattern.lastIndexOf('.')) wild.add(matchPattern.value)
  }
  return domain =>
    exact.has(foldName(domain)) || wild.size > MOST || [...wild].some(p => patternMatches(p, domain, version))
}
