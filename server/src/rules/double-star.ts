// `**` in a DNS pattern where it is no more than `*`.

import { peersIn } from '../model/peers.ts'
import type { Fqdn, Policy } from '../model/policy.ts'
import { atLeast } from '../model/version.ts'
import { replaceValue } from '../syntax/edit.ts'
import { itemsOf, portRulesOf } from './common.ts'
import type { DocumentRule, Finding, Lens } from './rule.ts'

export const doubleStar: DocumentRule = {
  id: 'double-star',
  scope: 'document',
  byPart: true,
  about: ['toFQDNs', 'dns'],
  severity: 'warning',
  summary: 'A double star in a DNS pattern where it means no more than a single one',
  why: 'Since Cilium 1.19 `**.` at the beginning of a pattern stands for one or more labels. Anywhere else, and in every place before 1.19, `**` is no more than `*`: any characters but dots.',
  source: 'pkg/fqdn/matchpattern/matchpattern.go (F07, 5.7)',
  *check(policy, lens) {
    for (const { item } of itemsOf(policy)) {
      for (const peer of peersIn(item)) if (peer.kind === 'fqdn') yield* judge(policy, peer.fqdn, lens)
    }
    for (const { portRule } of portRulesOf(itemsOf(policy)))
      for (const name of portRule.dns) yield* judge(policy, name, lens)
  },
}

function* judge(policy: Policy, { matchPattern }: Fqdn, { version }: Lens): Iterable<Finding> {
  if (!matchPattern?.value.includes('**')) return
  const { value, node } = matchPattern
  const old = !atLeast(version, '1.19')
  if (!old && (/^\*+\.?$/.test(value) || !value.replace(/^\*\*\./, '').includes('**'))) return
  const same = value.replace(/\*{2,}/g, '*')
  yield {
    span: node.span,
    message: old
      ? `\`**\` is no more than \`*\` before Cilium 1.19 (this is ${version}): each stands for characters without dots, write a pattern for each depth`
      : '`**` stands for several labels only as `**.` at the beginning: here it is no more than `*`',
    fixes: [
      { title: `Change to ${same}, which means the same`, edits: () => replaceValue(policy.document, node, same) },
    ],
  }
}
