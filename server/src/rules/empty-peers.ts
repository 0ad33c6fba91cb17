// Peer lists without items: most select nobody, some select everybody.

import type { PeerMember, RuleItem } from '../model/policy.ts'
import { isShared, removeEntry } from '../syntax/edit.ts'
import { itemsOf } from './common.ts'
import type { DocumentRule } from './rule.ts'

/** Empty lists of these count as absent. */
const ABSENT = ['toFQDNs', 'toServices', 'toGroups', 'fromGroups']

export const emptyPeers: DocumentRule = {
  id: 'empty-peers',
  scope: 'document',
  severity: 'warning',
  summary: 'A list of peers without a peer',
  why: 'Since Cilium 1.16 an empty list of endpoints, entities, networks or nodes selects nobody, so the item does nothing, even beside another list that has peers. An empty `toFQDNs`, `toServices` or `toGroups` counts as absent: with ports the item is then about every destination.',
  source:
    'pkg/policy/api/ingress.go and egress.go, GetSourceEndpointSelectorsWithRequirements and GetDestination… (V043, F19, 4.7)',
  *check(policy) {
    for (const { item } of itemsOf(policy)) {
      for (const member of item.members) {
        if (!member.list || member.peers.length > 0 || member.key.endsWith('Requires')) continue
        const said = effect(item, member)
        if (!said) continue
        const others = item.members.some(m => m !== member && m.peers.length > 0)
        const widens = !others && !ABSENT.includes(member.key)
        const shared =
          widens || isShared(item.node) || !item.node.entries.some(e => e.key === member.keyNode && !e.merged)
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

function effect(item: RuleItem, member: PeerMember): string | undefined {
  const verb = item.deny ? 'denies' : 'allows'
  const others = item.members.some(m => m !== member && m.peers.length > 0)
  if (!ABSENT.includes(member.key)) {
    return `an empty \`${member.key}\` selects nobody, so this item ${verb} nothing: name the peers${others ? ', or take the list away' : ''}`
  }
  if (others) return undefined
  if (!item.toPorts?.length && !item.icmps?.length)
    return `an empty \`${member.key}\` selects nobody, so this item ${verb} nothing: name the peers`
  const whom = item.direction === 'egress' ? 'every destination' : 'every source'
  return `an empty \`${member.key}\` counts as absent, so this item ${verb} the ports for ${whom}: name the peers`
}
