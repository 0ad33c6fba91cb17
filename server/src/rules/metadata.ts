// Object metadata as the API server checks it, for the rule invalid-metadata.

import { memoText } from '../memo.ts'
import { dnsLabel, dnsSubdomain } from '../schema/formats.ts'
import { isShared, replaceValue } from '../syntax/edit.ts'
import type { Document } from '../syntax/file.ts'
import { entry, get, items, type MapEntry, type MapNode, type Node } from '../syntax/node.ts'
import type { Fix } from '../syntax/problem.ts'
import type { Finding } from './rule.ts'

/** What ValidateObjectMetaAccessor minds; types are the schema's business. */
export function* metadataFindings(document: Document, root: MapNode, clusterwide: boolean): Iterable<Finding> {
  const e = entry(root, 'metadata')
  const metadata = e?.value
  if (!e || metadata?.kind !== 'map') {
    if (
      e &&
      !e.key.unknown &&
      (metadata === undefined || (metadata.kind === 'scalar' && metadata.value === null && !metadata.unknown))
    )
      yield { span: e.key.span, message: '`metadata` has no name: add `name`' }
    return
  }
  yield* names(document, { e, metadata, clusterwide })
  for (const pair of entries(metadata, 'labels')) {
    yield* key(pair, 'label')
    yield* labelValue(pair)
  }
  for (const pair of entries(metadata, 'annotations')) yield* key(pair, 'annotation')
  yield* finalizers(get(metadata, 'finalizers'))
  yield* owners(get(metadata, 'ownerReferences'))
}

interface Meta {
  readonly e: MapEntry
  readonly metadata: MapNode
  readonly clusterwide: boolean
}

function* names(document: Document, { e, metadata, clusterwide }: Meta): Iterable<Finding> {
  const name = get(metadata, 'name')
  const text = known(name)
  const generate = known(get(metadata, 'generateName'))
  const given = name && !(name.kind === 'scalar' && name.value === null && !name.unknown)
  if ((!given || text === '') && !generate && !unknown(get(metadata, 'generateName')) && !metadata.open) {
    yield {
      span: (name ?? e.key).span.end > (name ?? e.key).span.start ? (name ?? e.key).span : e.key.span,
      message: '`metadata` has no name: add `name`',
    }
  } else if (text && !(text.length <= 253 && dnsSubdomain(text))) {
    const better = mend(text)
    const ok = better.length <= 253 && dnsSubdomain(better)
    yield {
      span: name?.span ?? e.key.span,
      message: `${JSON.stringify(text)} cannot be a name: use at most 253 lower-case letters, digits, - and ., with a letter or digit at both ends`,
      fixes: ok && name ? change(document, name, better) : [],
    }
  }
  if (generate && !text) {
    const made = `${generate.slice(0, 58)}abcde`
    const node = get(metadata, 'generateName')
    if (node && !dnsSubdomain(made)) {
      const better = lower(generate)
      yield {
        span: node.span,
        message: `${JSON.stringify(generate)} cannot begin a name: use lower-case letters, digits, - and .`,
        fixes: dnsSubdomain(`${better.slice(0, 58)}abcde`) ? change(document, node, better) : [],
      }
    }
  }
  const namespace = get(metadata, 'namespace')
  const space = known(namespace)
  if (!clusterwide && namespace && space && !(space.length <= 63 && dnsLabel(space))) {
    yield {
      span: namespace.span,
      message: `${JSON.stringify(space)} cannot be a namespace: use at most 63 lower-case letters, digits and -, with a letter or digit at both ends`,
      fixes: /^[-\w]{1,63}$/.test(space) && dnsLabel(lower(space)) ? change(document, namespace, lower(space)) : [],
    }
  }
}

function change(document: Document, node: Node, text: string): Fix[] {
  if (isShared(node)) return []
  return [{ title: `Change to ${text}`, preferred: true, edits: () => replaceValue(document, node, text) }]
}

const lower = (text: string): string => text.toLowerCase().replaceAll('_', '-')
const mend = (text: string): string =>
  lower(text)
    .replace(/[^-a-z0-9.]/g, '-')
    .replace(/^[-.]/, '')
    .replace(/[-.]$/, '')
const known = (node: Node | undefined): string | undefined =>
  node?.kind === 'scalar' && !node.unknown && typeof node.value === 'string' ? node.value : undefined
const unknown = (node: Node | undefined): boolean => node?.kind === 'scalar' && node.unknown

function entries(metadata: MapNode, name: string): readonly MapEntry[] {
  const map = get(metadata, name)
  return map?.kind === 'map' ? map.entries : []
}

/** A Kubernetes qualified name: an optional DNS prefix and a name of at most 63. */
export const qualifiedName: (text: string) => boolean = memoText(text => {
  const parts = text.split('/')
  if (parts.length > 2) return false
  const prefix = parts.length === 2 ? (parts[0] ?? '') : undefined
  const name = parts.at(-1) ?? ''
  if (prefix !== undefined && !(prefix.length <= 253 && dnsSubdomain(prefix))) return false
  return name.length <= 63 && /^[A-Za-z0-9][-A-Za-z0-9_.]*$/.test(name) && /[A-Za-z0-9]$/.test(name)
})

function* key(pair: MapEntry, noun: string): Iterable<Finding> {
  const name = noun === 'annotation' ? pair.name.toLowerCase() : pair.name
  if (pair.key.unknown || qualifiedName(name)) return
  yield {
    span: pair.key.span,
    message: `${JSON.stringify(pair.name)} cannot be the key of ${noun === 'label' ? 'a label' : 'an annotation'}: use at most 63 letters, digits, - _ and ., with an optional DNS prefix and /`,
  }
}

function* labelValue(pair: MapEntry): Iterable<Finding> {
  const value = known(pair.value)
  if (value === undefined || !pair.value || value === '') return
  if (value.length <= 63 && /^[A-Za-z0-9][-A-Za-z0-9_.]*$/.test(value) && /[A-Za-z0-9]$/.test(value)) return
  yield {
    span: pair.value.span,
    message: `${JSON.stringify(value)} cannot be the value of a label: use at most 63 letters, digits, - _ and ., with a letter or digit at both ends`,
  }
}

function* finalizers(node: Node | undefined): Iterable<Finding> {
  for (const item of items(node)) {
    const text = known(item)
    if (text !== undefined && !qualifiedName(text))
      yield {
        span: item.span,
        message: `${JSON.stringify(text)} cannot be a finalizer: write a DNS prefix, / and a name`,
      }
  }
}

function* owners(node: Node | undefined): Iterable<Finding> {
  let controllers = 0
  for (const item of items(node)) {
    for (const field of ['apiVersion', 'kind', 'name', 'uid']) {
      const value = get(item, field)
      if (item.kind === 'map' && !unknown(value) && !known(value))
        yield {
          span: { start: item.span.start, end: item.span.start + 1 },
          message: `this owner has no \`${field}\`: add it`,
        }
    }
    const controller = get(item, 'controller')
    if (controller?.kind === 'scalar' && controller.value === true && ++controllers === 2)
      yield { span: controller.span, message: 'only one owner can be the controller: make the others false' }
  }
}
