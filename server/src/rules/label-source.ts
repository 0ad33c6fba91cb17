// Sources of labels that are misspelt, or that no label has.

import { memoText } from '../memo.ts'
import type { Policy, Requirement } from '../model/policy.ts'
import { CLUSTER, NAMESPACE, SERVICE_ACCOUNT } from '../model/selector.ts'
import { isShared, replaceValue } from '../syntax/edit.ts'
import { suggest } from '../syntax/suggest.ts'
import { conditionsOf, podSelectorsOf, renaming } from './common.ts'
import type { DocumentRule, Finding } from './rule.ts'

const SOURCES = [
  'k8s',
  'any',
  'reserved',
  'cidr',
  'cidrgroup',
  'fqdn',
  'node',
  'unspec',
  'cni',
  'gen',
  'container',
  'directory',
]
const RESERVED = [
  'host',
  'world',
  'world-ipv4',
  'world-ipv6',
  'unmanaged',
  'health',
  'init',
  'remote-node',
  'kube-apiserver',
  'ingress',
  'none',
]

export const labelSource: DocumentRule = {
  id: 'label-source',
  scope: 'document',
  byPart: true,
  severity: 'warning',
  summary: 'A source of a label that does not exist',
  why: 'Before the colon of a label key stands its source: `k8s:` for labels of pods and namespaces, `reserved:` for hosts, the world and the like, `any:` (or none) for whatever source. Another word, a dot instead of the colon, an unknown reserved label or one with a value match nothing.',
  source: 'pkg/labels/labels.go ParseSelectLabel, pkg/labels/labels.go LabelSource… (F30, 4.1)',
  *check(policy) {
    for (const selector of podSelectorsOf(policy)) for (const r of conditionsOf(selector)) yield* judge(policy, r)
  },
}

function* judge(policy: Policy, r: Requirement): Iterable<Finding> {
  const span = r.keyNode.span
  const better = withColon(r.written)
  if (better !== undefined) {
    yield {
      span,
      message: `${r.written} is a plain key with a dot in it: did you mean ${better}?`,
      fixes: renaming(policy, r, better),
    }
  } else if (!SOURCES.includes(r.source)) {
    const near = suggest(r.source, SOURCES)
    yield {
      span,
      message: `no label has the source ${r.source}, so this matches nothing: ${near ? `did you mean ${near}:${r.key}?` : 'write k8s: or none'}`,
      fixes: near ? renaming(policy, r, `${near}:${r.key}`) : [],
    }
  } else if (r.source === 'reserved') yield* reserved(policy, r)
}

function* reserved(policy: Policy, r: Requirement): Iterable<Finding> {
  if (!RESERVED.includes(r.key)) {
    const near = suggest(r.key, RESERVED)
    yield {
      span: r.keyNode.span,
      message: `there is no reserved label ${r.key}, so this matches nothing: ${near ? `did you mean reserved:${near}?` : `known are ${RESERVED.join(', ')}`}`,
      fixes: near ? renaming(policy, r, `reserved:${near}`) : [],
    }
  } else if (r.operator === 'In' && !r.values.includes('')) {
    yield {
      span: r.node.kind === 'scalar' ? r.node.span : r.keyNode.span,
      message: `reserved labels have no value, so this matches nothing: write ${r.written}: ""`,
      fixes:
        r.node.kind === 'scalar' && !isShared(r.node)
          ? [
              {
                title: 'Change to ""',
                preferred: true,
                edits: () => replaceValue(policy.document, r.node, ''),
              },
            ]
          : [],
    }
  }
}

/** What is meant by a source with a dot behind it; undefined where none is written so. */
const withColon = memoText((written): string | undefined => {
  const [, source, rest] = /^(k8s|any|reserved)\.(.+)$/.exec(written) ?? []
  return source && rest && isMeant(source, rest) ? `${source}:${rest}` : undefined
})

/** Keys such as k8s.v1.cni.cncf.io/networks are what they say. */
function isMeant(source: string, rest: string): boolean {
  if (source === 'reserved') return RESERVED.includes(rest)
  return [NAMESPACE, SERVICE_ACCOUNT, CLUSTER].includes(rest) || /^[a-z0-9-]+$/.test(rest)
}
