// Plain words and numbers that YAML reads as something else than they look like.

import type { Policy } from '../model/policy.ts'
import { isShared, quoteScalar, replacePlain } from '../syntax/edit.ts'
import { get, type Node, type ScalarNode } from '../syntax/node.ts'
import { itemsOf, portsOf, selectorsOf } from './common.ts'
import type { DocumentRule, Finding } from './rule.ts'

export const valueReadDifferently: DocumentRule = {
  id: 'value-read-differently',
  scope: 'document',
  byPart: true,
  severity: 'warning',
  summary: 'A key or number that YAML reads differently',
  why: 'Kubernetes reads YAML 1.1: an unquoted `yes` is true, `010` is 8, `1e2` is 100. Where a string is wanted that is refused; as a key of a map or as a number it is taken, with the other meaning. Quote keys, and write plain decimal numbers.',
  source: 'sigs.k8s.io/yaml (V029, V094, section 9 numbers 13 and 14)',
  *check(policy, lens) {
    for (const { selector } of selectorsOf(policy, lens)) {
      const labels = get(selector.node, 'matchLabels')
      if (labels?.kind !== 'map') continue
      for (const e of labels.entries) if (!e.merged && e.value) yield* key(policy, e.key, e.name)
    }
    for (const { port } of portsOf(itemsOf(policy))) yield* number(policy, port.endPort?.node)
    for (const { item } of itemsOf(policy))
      for (const field of (item.icmps ?? []).flatMap(i => i.fields)) yield* number(policy, field.type?.node)
  },
}

function* key(policy: Policy, node: ScalarNode, name: string): Iterable<Finding> {
  if (node.style !== 'plain' || node.unknown || node.text === name) return
  yield {
    span: node.span,
    message: `the key ${node.text} is read as "${name}": put it in quotes if ${node.text} is meant`,
    fixes: isShared(node)
      ? []
      : [{ title: `Quote: "${node.text}"`, preferred: true, edits: () => quoteScalar(policy.document, node) }],
  }
}

function* number(policy: Policy, node: Node | undefined): Iterable<Finding> {
  if (node?.kind !== 'scalar' || node.style !== 'plain' || typeof node.value !== 'number') return
  const read = String(node.value)
  if (node.text === read) return
  const written = /^0[0-9]+$/.test(node.text) ? String(Number(node.text)) : undefined
  const change = (text: string, preferred: boolean) => ({
    title: `Change to ${text}`,
    preferred,
    edits: () => replacePlain(policy.document, node, text),
  })
  yield {
    span: node.span,
    message: `${node.text} is read as ${read}: write ${written && written !== read ? `${written} or ${read}, whichever is meant` : read}`,
    fixes: isShared(node)
      ? []
      : written && written !== read
        ? [change(written, false), change(read, false)]
        : [change(read, true)],
  }
}
