// A pattern for the names below a domain, without the domain itself.

import { nameMatches, patternMatches } from '../model/fqdn.ts'
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
        const names = member.peers.flatMap(p => (p.kind === 'fqdn' ? [p.fqdn] : []))
        for (const { matchPattern } of names) {
          const domain = /^\*\.([^.*]+\.[^.*]+)\.?$/.exec(matchPattern?.value ?? '')?.[1]
          if (!domain || !matchPattern) continue
          const covered = names.some(
            n =>
              (n.matchName && nameMatches(n.matchName.value, domain)) ||
              (n.matchPattern && patternMatches(n.matchPattern.value, domain, lens.version)),
          )
          if (covered || member.peers.some(p => p.kind === 'unknown')) continue
          const list = member.node
          yield {
            span: matchPattern.node.span,
            message: `this does not match ${domain} itself: add \`matchName: ${domain}\` if it is used too`,
            fixes:
              list.kind === 'seq' && !isShared(list)
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
