// One item of `toPorts` from its tree.

import { NONE, trimmed } from '../memo.ts'
import { entry, get, isNull, items, type Node } from '../syntax/node.ts'
import { lowerFqdn } from './peers.ts'
import type { PortProtocol, PortRule } from './policy.ts'
import { sourced } from './sourced.ts'

const present = (node: Node | undefined): Node | undefined => (isNull(node) ? undefined : node)

const KINDS = ['http', 'dns', 'kafka', 'l7']

function listAt(rules: Node, kind: string): PortRule['l7'] {
  const e = entry(rules, kind)
  return e?.value && !isNull(e.value) ? [{ kind, keyNode: e.key, node: e.value, count: items(e.value).length }] : NONE
}

/** Lowers one `toPorts` item. */
export function lowerPortRule(node: Node): PortRule {
  const ports = present(get(node, 'ports'))
  const rules = get(node, 'rules')
  const names = present(get(node, 'serverNames'))
  return {
    node,
    ports: ports ? items(ports).map(lowerPort) : undefined,
    l7: rules ? trimmed(KINDS.flatMap(kind => listAt(rules, kind))) : NONE,
    dns: rules ? trimmed(items(get(rules, 'dns')).map(lowerFqdn)) : NONE,
    serverNames: names ? trimmed(items(names).flatMap(n => sourced(n) ?? [])) : undefined,
    listener: present(get(node, 'listener')),
    terminatingTLS: present(get(node, 'terminatingTLS')),
    originatingTLS: present(get(node, 'originatingTLS')),
  }
}

function lowerPort(node: Node): PortProtocol {
  const end = get(node, 'endPort')
  const number = end?.kind === 'scalar' && !end.unknown && typeof end.value === 'number' ? end.value : undefined
  return {
    node,
    port: sourced(get(node, 'port')),
    endPort: end && number !== undefined ? { value: number, node: end } : undefined,
    protocol: sourced(get(node, 'protocol')),
  }
}
