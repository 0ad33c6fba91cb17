// Words for lists, origins and amounts, and user text made safe for Markdown.

import type { Endpoint, Origin } from '../workspace/inventory.ts'

/** Text of the user inside Markdown. */
export function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+!|<>~&-]/g, c => `\\${c}`).replace(/[\r\n]+/g, ' ')
}

/** Text of the user as code. */
export function code(text: string): string {
  const plain = text.replace(/[\r\n]+/g, ' ')
  const longest = Math.max(0, ...(plain.match(/`+/g) ?? []).map(run => run.length))
  const fence = '`'.repeat(longest + 1)
  const pad = plain.startsWith('`') || plain.endsWith('`') ? ' ' : ''
  return fence + pad + plain + pad + fence
}

export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`
}

/** "a, b and 3 more": at most `most` of them. */
export function some(names: readonly string[], most = 10): string {
  const shown = names.slice(0, most)
  const rest = names.length - shown.length
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ')
}

/** "kind-kind", "inventory.yaml", "the workspace". */
export function originName(origin: Origin): string {
  return origin.name
}

/** The names of the places that the items come from, each once. */
export function origins(of: readonly { readonly origin: Origin }[]): string {
  return some([...new Set(of.map(i => originName(i.origin)))], 3)
}

export function podName(pod: Endpoint): string {
  const kind = pod.type === 'Pod' ? 'pod' : pod.type
  return `${kind} ${pod.namespace}/${pod.name}`
}

/** "pod shop/web-1 in kind-kind", "3 pods in shop (kind-kind)". */
export function fromPods(pods: readonly Endpoint[]): string {
  const [first] = pods
  if (!first) return ''
  if (pods.length === 1) return `${podName(first)} in ${originName(first.origin)}`
  const namespaces = [...new Set(pods.map(p => p.namespace))]
  return `${count(pods.length, 'pod')} in ${some(namespaces, 3)} (${origins(pods)})`
}
