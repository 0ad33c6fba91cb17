// L7 rules where the agent takes none: DNS on ingress, anything on nodes, with server names or listeners.

import type { Policy, PortRule } from '../model/policy.ts'
import { atLeast } from '../model/version.ts'
import { get, type MapNode, type Node } from '../syntax/node.ts'
import { keySpan, type Placed, portRulesOf, removal, sanitized } from './common.ts'
import type { DocumentRule, Finding, Lens } from './rule.ts'

type Where = Placed & { readonly portRule: PortRule }

export const l7Place: DocumentRule = {
  id: 'l7-place',
  scope: 'document',
  byPart: true,
  severity: 'error',
  summary: 'L7 rules, server names or listeners where Cilium takes none',
  why: 'DNS rules belong to egress. Nodes (nodeSelector) have no L7 rules but DNS at egress since 1.17. Server names go with L7 rules only when TLS is terminated, a listener never does, and listeners are for egress only.',
  source:
    'pkg/policy/api/rule_validation.go IngressRule.sanitize, EgressRule.sanitize, PortRule.sanitize (V111–V113, V132, V133, V138, V139)',
  *check(policy, lens) {
    for (const where of portRulesOf(sanitized(policy, lens))) {
      if (where.item.deny || where.portRule.node.kind !== 'map') continue
      yield* l7Findings(policy, lens, where)
      yield* otherFindings(policy, where)
    }
  },
}

function* l7Findings(policy: Policy, lens: Lens, { rule, item, portRule }: Where): Iterable<Finding> {
  const rules = get(portRule.node, 'rules')
  const holder = portRule.node as MapNode
  for (const l7 of portRule.l7.filter(l => l.count > 0)) {
    const fixes = removal(policy, holder, 'rules')
    const span = l7.keyNode.span
    if (item.direction === 'ingress' && l7.kind === 'dns')
      yield {
        span,
        message: 'DNS rules cannot be used for incoming traffic: use them at egress, towards the DNS server',
        fixes,
      }
    else if (
      rule.nodeSelector &&
      (item.direction === 'ingress' || ['http', 'kafka'].includes(l7.kind) || !atLeast(lens.version, '1.17'))
    ) {
      yield { span, message: `${l7.kind} rules cannot be used for nodes: take them away`, fixes }
    } else if (portRule.serverNames?.length && !portRule.terminatingTLS) {
      yield {
        span: keySpan(holder, 'serverNames'),
        message:
          '`serverNames` cannot be combined with L7 rules unless TLS is terminated: add `terminatingTLS` or take one of the two away',
        fixes: removal(policy, holder, 'serverNames', false),
      }
    } else if (portRule.listener) {
      yield {
        span,
        message: 'L7 rules cannot be combined with a listener: take one of the two away',
        fixes: rules ? removal(policy, holder, 'rules', false) : [],
      }
    }
  }
}

function* otherFindings(policy: Policy, { item, portRule }: Where): Iterable<Finding> {
  const holder = portRule.node as Node
  for (const name of portRule.serverNames ?? [])
    if (name.value === '')
      yield { span: name.node.span, message: 'a server name must not be empty: write one or take it away' }
  if (portRule.listener && item.direction === 'ingress' && holder.kind === 'map') {
    yield {
      span: keySpan(holder, 'listener'),
      message: 'a listener can be used for outgoing traffic only: take it away',
      fixes: removal(policy, holder, 'listener'),
    }
  }
}
