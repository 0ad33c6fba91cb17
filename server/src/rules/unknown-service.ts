// Services that do not exist, in toServices.

import { peersIn } from '../model/peers.ts'
import { isShared, replaceValue } from '../syntax/edit.ts'
import { suggest } from '../syntax/suggest.ts'
import { worldOf } from '../workspace/world.ts'
import { itemsOf } from './common.ts'
import { listedIn } from './known.ts'
import type { WorkspaceRule } from './rule.ts'

export const unknownService: WorkspaceRule = {
  id: 'unknown-service',
  scope: 'workspace',
  about: ['toServices'],
  severity: 'warning',
  summary: 'A service that does not exist',
  why: 'toServices becomes the pods or addresses of the services that match. When none does the list is empty: without ports the item allows nothing, with ports it allows them for every destination. Said where the services of the namespace are known.',
  source: 'pkg/policy/k8s/service.go (5.8)',
  *check(policy, snapshot) {
    const { services } = worldOf(snapshot)
    for (const { item } of itemsOf(policy)) {
      for (const peer of peersIn(item)) {
        const name = peer.kind === 'service' && !peer.selector ? peer.service?.name : undefined
        if (!name || peer.kind !== 'service') continue
        const namespace = peer.service?.namespace?.value
        const known = namespace
          ? listedIn(snapshot, 'services', namespace)
          : snapshot.inventories.some(i => i.services.length > 0)
        const names = services.filter(s => !namespace || s.namespace === namespace).map(s => s.name)
        if (!known || names.includes(name.value)) continue
        const near = suggest(name.value, names)
        const effect = item.toPorts?.length
          ? `these ports are ${item.deny ? 'denied' : 'allowed'} for every destination`
          : 'this matches nothing'
        yield {
          span: name.node.span,
          message: `there is no service ${name.value}${namespace ? ` in ${namespace}` : ''}, so ${effect}: ${near ? `did you mean ${near}?` : 'name another'}`,
          fixes:
            near && !isShared(name.node)
              ? [
                  {
                    title: `Change to ${near}`,
                    preferred: true,
                    edits: () => replaceValue(policy.document, name.node, near),
                  },
                ]
              : [],
        }
      }
    }
  },
}
