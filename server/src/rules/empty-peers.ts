// Peer lists without items: most select nobody, some select everybody.

import type { PeerMember, RuleItem } from '../model/policy.ts'
import { atLeast, type Version } from '../model/version.ts'
import { isShared, removeEntry } from '../syntax/edit.ts'
import { same } from '../syntax/node.ts'
import { itemsOf } from './common.ts'
import type { DocumentRule } from './rule.ts'

/** Empty lists of these count as absent. */
const ABSENT = ['toFQDNs', 'toServices', 'toGroups', 'fromGroups']

export const emptyPeers: DocumentRule = {
  id: 'empty-peers',
  scope: 'document',
  byPart: true,
  severity: 'warning',
  summary: 'A list of peers without a peer',
  why: 'Since Cilium 1.16 an empty list of endpoints, entities, networks or nodes selects nobody, so the item does nothing, even beside another list that has peers; services put their pods into an empty `toEndpoints` and their addresses into an empty `toCIDRSet`. An empty `toFQDNs`, `toServices` or `toGroups` counts as absent: with ports the item is then about every destination.',
  source:
    'pkg/policy/api/ingress.go and egress.go, GetSourceEndpointSelectorsWithRequirements and GetDestination… (V043, F19, 4.7)',
  *check(policy, { version }) {
    for (const { item } of itemsOf(policy)) {
      for (const member of item.members) {
        if (!member.list || member.peers.length > 0 || member.key.endsWith('Requires')) continue
        const said = effect(item, member, version)
        if (!said) continue
        const others = item.members.some(m => m !== member && m.peers.length > 0)
        const widens = !others && !ABSENT.includes(member.key)
        const shared =
          widens || isShared(item.node) || !item.node.entries.some(e => same(e.key, member.keyNode) && !e.merged)
        yield {
          span: member.keyNode.span,
          message: said,
          fixes: shared
            ? []
            : [
                {
                  title: `Remove ${member.key}`,
                  edits: () => removeEntry(policy.document, item.node, member.key),
                },
              ],
        }
      }
    }
  },
}

/** Lists into which the agent puts what services stand for, with the version that puts pods there (resolveToServices). */
const FILLED: Readonly<Record<string, Version>> = { toCIDRSet: '1.16', toEndpoints: '1.17' }

function effect(item: RuleItem, member: PeerMember, version: Version): string | undefined {
  const verb = item.deny ? 'denies' : 'allows'
  const others = item.members.some(m => m !== member && m.peers.length > 0)
  const filled = FILLED[member.key]
  const named = item.members.some(m => m.key === 'toServices' && m.peers.length > 0)
  if (named && !item.deny && filled && atLeast(version, filled)) {
    const what = filled === '1.16' ? 'addresses' : 'pods'
    return `an empty \`${member.key}\` selects nobody unless a service of \`toServices\` stands for ${what}: take the list away`
  }
  if (!ABSENT.includes(member.key)) {
    return `an empty \`${member.key}\` selects nobody, so this item ${verb} nothing: name the peers${others ? ', or take the list away' : ''}`
  }
  if (others) return undefined
  if (!item.toPorts?.length && !item.icmps?.length)
    return `an empty \`${member.key}\` selects nobody, so this item ${verb} nothing: name the peers`
  const whom = item.direction === 'egress' ? 'every destination' : 'every source'
  return `an empty \`${member.key}\` counts as absent, so this item ${verb} the ports for ${whom}: name the peers`
}
