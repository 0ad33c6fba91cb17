// DNS rules that refuse the names that clients try first.

import { patternMatches } from '../model/fqdn.ts'
import type { PortRule } from '../model/policy.ts'
import { itemsOf, portRulesOf } from './common.ts'
import type { DocumentRule } from './rule.ts'

/** What a pod asks for first when it looks up a short name, by the search list in its resolv.conf. */
const TRIED = 'api.example.com.shop.svc.cluster.local'

export const dnsSearchNames: DocumentRule = {
  id: 'dns-search-names',
  scope: 'document',
  byPart: true,
  about: ['dns'],
  severity: 'hint',
  summary: 'A DNS rule that refuses the names of the search list',
  why: 'With the usual `ndots: 5` a pod first asks for `name.namespace.svc.cluster.local` and the like. Names that no DNS rule allows are refused, and some resolvers (musl, in Alpine images) then give up instead of asking for the name itself. Allow `*.*.*.svc.cluster.local` and its kind, end the name with a dot in the program, or lower `ndots`.',
  source: 'pkg/fqdn/dnsproxy/proxy.go CheckAllowed (F11, 5.7)',
  *check(policy, lens) {
    for (const { portRule } of portRulesOf(itemsOf(policy))) {
      const rules = portRule.l7.find(l => l.kind === 'dns')
      if (!rules || rules.count === 0 || rules.node.kind !== 'seq' || rules.node.open || !onlyOutside(portRule))
        continue
      const patterns = portRule.dns.flatMap(d => d.matchPattern?.value ?? [])
      if (patterns.some(p => p.includes('cluster.local') || patternMatches(p, TRIED, lens.version))) continue
      yield {
        span: rules.keyNode.span,
        message:
          'pods first ask for these names with the search list behind them (….svc.cluster.local), which is refused here, and some resolvers then give up: allow those too where it matters',
      }
    }
  },
}

/** Every name is known and has a dot: short names of the cluster mean something else. */
function onlyOutside({ dns }: PortRule): boolean {
  return dns.every(d => {
    const name = d.matchName ?? d.matchPattern
    return name !== undefined && /[^.]\.[^.]/.test(name.value)
  })
}
