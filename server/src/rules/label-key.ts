// Label keys and values of selectors that the agent refuses.

import { memoText } from '../memo.ts'
import { atLeast, type Version } from '../model/version.ts'
import { entry, get, items, type Node } from '../syntax/node.ts'
import { selectorsOf } from './common.ts'
import { qualifiedName } from './metadata.ts'
import type { DocumentRule, Finding } from './rule.ts'

export const labelKey: DocumentRule = {
  id: 'label-key',
  scope: 'document',
  byPart: true,
  severity: 'error',
  summary: 'A label key or value that the agent refuses',
  why: 'A key is a Kubernetes label key, with a source and a colon before it where wanted: `app`, `k8s:app.kubernetes.io/name`. The limits differ a little between versions.',
  source: 'pkg/labels/validation.go IsValidCiliumLabelKey (V027, V028, V062)',
  *check(policy, lens) {
    for (const { selector, groups } of selectorsOf(policy, lens)) {
      const labels = get(selector.node, 'matchLabels')
      if (labels?.kind === 'map') {
        for (const e of labels.entries) {
          const dropped =
            e.value === undefined || (e.value.kind === 'scalar' && e.value.value === null && !e.value.unknown)
          if (!e.key.unknown && !dropped) yield* key(e.name, e.key, { version: lens.version, groups })
        }
      }
      for (const item of items(get(selector.node, 'matchExpressions'))) {
        const e = entry(item, 'key')?.value
        if (e?.kind === 'scalar' && !e.unknown && typeof e.value === 'string')
          yield* key(e.value, e, { version: lens.version, groups })
        for (const v of items(get(item, 'values'))) {
          if (v.kind === 'scalar' && !v.unknown && typeof v.value === 'string') yield* value(v.value, v)
        }
      }
    }
  },
}

interface Where {
  readonly version: Version
  /** A selector over CIDR groups: keys without a source get `cidrgroup`. */
  readonly groups: boolean
}

function* key(written: string, node: Node, where: Where): Iterable<Finding> {
  if (validIn(where)(written)) return
  yield {
    span: node.span,
    message: `${JSON.stringify(written)} is no label key for Cilium ${where.version}: use letters, digits, - _ and ., with an optional source and : or DNS prefix and / before it`,
  }
}

/** Whether a key is one there; remembered, as the same keys are written in every policy. */
function validIn({ version, groups }: Where): (written: string) => boolean {
  const when = atLeast(version, '1.20') ? VALID.now : VALID.before
  return groups ? when.group : when.label
}

/** A key cut at its source, as pkg/labels/labels.go parseSource does. */
function parseSource(written: string): { readonly source: string; readonly name: string } {
  if (written.startsWith('$')) return { source: 'reserved', name: written.slice(1) }
  const colon = written.indexOf(':')
  return colon === -1
    ? { source: '', name: written }
    : { source: written.slice(0, colon), name: written.slice(colon + 1) }
}

/** 1.20: the source is split off before the key is judged; that of groups is written before it (NewSourceEncodedLabelKey). */
function validNow(written: string, groups: boolean): boolean {
  const { source, name } = parseSource(written)
  const parts = (groups ? `${source || 'cidrgroup'}:${name}` : written).split(':')
  if (parts.length > 2) return false
  if (parts.length === 2 && !/^[A-Za-z0-9]+$/.test(parts[0] ?? '')) return false
  return qualifiedName(parts.at(-1) ?? '')
}

/** Up to 1.19: the Kubernetes check runs on `source.key` without what follows a `=`, so the source counts (GetExtendedKeyFrom). */
function validBefore(written: string, groups: boolean): boolean {
  if (groups) return qualifiedName(`cidrgroup.${written}`)
  const { source, name } = parseSource(written)
  return qualifiedName(`${source || 'any'}.${name.split('=', 1)[0]}`)
}

const VALID = {
  now: { label: memoText(key => validNow(key, false)), group: memoText(key => validNow(key, true)) },
  before: { label: memoText(key => validBefore(key, false)), group: memoText(key => validBefore(key, true)) },
} as const

function* value(text: string, node: Node): Iterable<Finding> {
  if (text === '' || (text.length <= 63 && /^[A-Za-z0-9][-A-Za-z0-9_.]*$/.test(text) && /[A-Za-z0-9]$/.test(text)))
    return
  yield {
    span: node.span,
    message: `${JSON.stringify(text)} is no label value: use at most 63 letters, digits, - _ and ., with a letter or digit at both ends`,
  }
}
