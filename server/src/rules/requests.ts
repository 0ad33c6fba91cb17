// Whether the L7 rules of a port restrict anything, for rules that speak of them.

import type { PortRule } from '../model/policy.ts'
import { items } from '../syntax/node.ts'

/** The http or dns list of a port rule that leaves some requests out; undefined when every request passes. */
export function restriction(rule: PortRule): PortRule['l7'][number] | undefined {
  return rule.l7.find(l => (l.kind === 'http' ? restrictsHttp(l.node) : l.kind === 'dns' && restrictsDns(rule)))
}

function restrictsHttp(node: PortRule['node']): boolean {
  const requests = items(node)
  return requests.length > 0 && requests.every(r => r.kind === 'map' && !r.open && r.entries.length > 0)
}

function restrictsDns({ dns }: PortRule): boolean {
  const everything = ['*', '**', '*.', '**.']
  return (
    dns.length > 0 &&
    dns.every(d => (d.matchName || d.matchPattern) && !everything.includes(d.matchPattern?.value ?? ''))
  )
}
