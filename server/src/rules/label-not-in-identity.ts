// Labels that Cilium leaves out of identities: selecting by them matches nothing.

import { memo, memoText } from '../memo.ts'
import { labelFilter } from '../model/labelFilter.ts'
import type { Requirement } from '../model/policy.ts'
import { CLUSTER, NAMESPACE, NAMESPACE_LABELS, SERVICE_ACCOUNT } from '../model/selector.ts'
import { suggest } from '../syntax/suggest.ts'
import { podSelectorsOf, renaming } from './common.ts'
import type { DocumentRule, Lens } from './rule.ts'

const SPECIAL = [NAMESPACE, SERVICE_ACCOUNT, CLUSTER]
const NAMESPACE_NAME = 'kubernetes.io/metadata.name'

export const labelNotInIdentity: DocumentRule = {
  id: 'label-not-in-identity',
  scope: 'document',
  byPart: true,
  severity: 'warning',
  summary: 'A label that is not part of identities',
  why: 'Cilium makes identities of some labels only. It leaves out those of Kubernetes itself (kubernetes.io, k8s.io, template hashes, the number of a pod in a StatefulSet). A selector by such a label matches nothing, and NotIn or DoesNotExist always holds. Labels of the namespace have keys of their own. Where Cilium runs with its own `labels` filter nothing is said.',
  source: 'pkg/labelsfilter/filter.go defaultLabelPrefixCfg (F25, F27, 4.2)',
  *check(policy, lens) {
    if (lens.config.labelFilter !== undefined) return
    for (const selector of podSelectorsOf(policy)) {
      for (const r of selector.requirements) {
        if (!isDropped(r, lens)) continue
        const better = r.key === NAMESPACE_NAME ? `k8s:${NAMESPACE}` : near(r)
        const negative = r.operator === 'NotIn' || r.operator === 'DoesNotExist'
        yield {
          span: r.keyNode.span,
          message: `Cilium leaves the label ${r.key} out of identities, so this ${negative ? 'always holds' : 'matches nothing'}: ${better ? `did you mean ${better}?` : 'select by another label'}`,
          fixes: better ? renaming(policy, r, better) : [],
        }
      }
    }
  },
}

const isDropped = ({ source, key }: Requirement, lens: Lens): boolean =>
  (source === 'any' || source === 'k8s') && dropped(lens)(key)

const dropped = memo((lens: Lens) => memoText(key => isLeftOut(key, lens)))

function isLeftOut(key: string, lens: Lens): boolean {
  if (SPECIAL.includes(key)) return false
  if (key.startsWith(NAMESPACE_LABELS) && key.length > NAMESPACE_LABELS.length) return false
  // Pods could have labels that only begin like Cilium's own: nobody gives them such, they are misspelt.
  if (key.startsWith('io.cilium.k8s.') || key.startsWith('io.kubernetes.')) return true
  return !labelFilter(lens.version, lens.config.labelFilter)(key)
}

/** A key of Cilium's own that was misspelt. */
function near({ key }: Requirement): string | undefined {
  if (!/^io\.(?:kubernetes|cilium)\./.test(key)) return undefined
  const special = suggest(key, SPECIAL)
  return special ? `k8s:${special}` : undefined
}
