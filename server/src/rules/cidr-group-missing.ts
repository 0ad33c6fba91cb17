// References to groups of networks that do not exist.

import { peersIn } from '../model/peers.ts'
import { replaceValue } from '../syntax/edit.ts'
import { suggest } from '../syntax/suggest.ts'
import { worldOf } from '../workspace/world.ts'
import { itemsOf } from './common.ts'
import { listed } from './known.ts'
import type { WorkspaceRule } from './rule.ts'

export const cidrGroupMissing: WorkspaceRule = {
  id: 'cidr-group-missing',
  scope: 'workspace',
  about: ['cidrGroupRef'],
  severity: 'warning',
  summary: 'A reference to a CiliumCIDRGroup that does not exist',
  why: 'A cidrGroupRef to a group that does not exist matches nothing until the group appears. Said where the groups of the cluster are known, or where a group with nearly the same name is.',
  source: 'pkg/policy/k8s/cilium_cidr_group.go (V061, F45)',
  *check(policy, snapshot) {
    const groups = worldOf(snapshot).cidrGroups
    if (groups.length === 0) return
    const names = groups.map(g => g.name)
    for (const { item } of itemsOf(policy)) {
      for (const peer of peersIn(item)) {
        const ref = peer.kind === 'cidrSet' ? peer.groupRef : undefined
        if (!ref || names.includes(ref.value)) continue
        const near =
          suggest(ref.value, names) ?? names.find(n => n.startsWith(`${ref.value}-`) || ref.value.startsWith(`${n}-`))
        if (!near && !listed(snapshot, 'cidrGroups')) continue
        yield {
          span: ref.node.span,
          message: `there is no CiliumCIDRGroup ${ref.value}, so this matches nothing: ${near ? `did you mean ${near}?` : 'create it, or name another'}`,
          fixes: near
            ? [
                {
                  title: `Change to ${near}`,
                  preferred: true,
                  edits: () => replaceValue(policy.document, ref.node, near),
                },
              ]
            : [],
        }
      }
    }
  },
}
