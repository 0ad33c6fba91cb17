// Namespaces that do not exist, in selectors.

import { NAMESPACE } from '../model/selector.ts'
import { suggest } from '../syntax/suggest.ts'
import { worldOf } from '../workspace/world.ts'
import { conditionsOf } from './common.ts'
import { listed } from './known.ts'
import { podSelectors } from './podSelectors.ts'
import type { WorkspaceRule } from './rule.ts'
import { changeValue, valueSpan } from './selectorValues.ts'

export const unknownNamespace: WorkspaceRule = {
  id: 'unknown-namespace',
  scope: 'workspace',
  byWords: true,
  severity: 'warning',
  summary: 'A selector for a namespace that does not exist',
  why: 'No pod has the label of a namespace that does not exist, so the selector matches nothing. Said where the namespaces are known, from the cluster or the inventory file.',
  source: 'pkg/k8s GetPodMetadata: the namespace of a pod is a label of its identity (F29)',
  *check(policy, snapshot) {
    if (!listed(snapshot, 'namespaces')) return
    const world = worldOf(snapshot)
    const names = new Set([...world.namespaces.map(n => n.name), ...world.endpoints.map(e => e.namespace)])
    for (const { selector } of podSelectors(snapshot, policy)) {
      for (const r of conditionsOf(selector)) {
        if (r.key !== NAMESPACE || r.operator !== 'In') continue
        for (const value of r.values) {
          if (names.has(value)) continue
          const near = suggest(value, names)
          yield {
            span: valueSpan(r, value),
            message: `there is no namespace ${value}, so this matches nothing: ${near ? `did you mean ${near}?` : 'create it, or name another'}`,
            fixes: near ? changeValue(policy, r, { from: value, to: near }) : [],
          }
        }
      }
    }
  },
}
