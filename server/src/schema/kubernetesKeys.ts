// Keys of Kubernetes' own NetworkPolicy in a Cilium policy, and what they are called here.

import { dash, isShared, type Plain, removeEntry, renameKey } from '../syntax/edit.ts'
import { column, styleOf } from '../syntax/layout.ts'
import { at, entry, get, items, type MapEntry, type MapNode, type Node, str } from '../syntax/node.ts'
import { printFlow, printLines } from '../syntax/print.ts'
import type { Fix } from '../syntax/problem.ts'
import type { Objection, SchemaFinding } from './validate.ts'

const ID = 'kubernetes-network-policy-key'

/** The finding when the key is one of Kubernetes' NetworkPolicy; undefined when it is not. */
export function kubernetesKey(o: Objection, map: MapNode, e: MapEntry): SchemaFinding | undefined {
  const said = explain(o, map, e)
  if (!said) return undefined
  const fixes = isShared(map) || e.merged ? [] : said.fixes
  return {
    code: ID,
    message: `\`${e.name}\` is a key of Kubernetes' NetworkPolicy: ${said.advice}`,
    span: e.key.span,
    fixes,
  }
}

interface Said {
  readonly advice: string
  readonly fixes: readonly Fix[]
}

function explain(o: Objection, map: MapNode, e: MapEntry): Said | undefined {
  const section = String(o.found.path.at(-2) ?? '')
  const inSection = typeof o.found.path.at(-1) === 'number' && /^(?:in|e)gress(?:Deny)?$/.test(section)
  const prefix = section.startsWith('ingress') ? 'from' : 'to'
  if (e.name === 'podSelector' && !entry(map, 'endpointSelector') && !inSection) {
    return {
      advice: 'use `endpointSelector`',
      fixes: [
        {
          title: 'Change to endpointSelector',
          preferred: true,
          edits: () => renameKey(o.document, e, 'endpointSelector'),
        },
      ],
    }
  }
  if (e.name === 'policyTypes')
    return {
      advice: 'Cilium sees from the sections which directions a policy is about, take it away',
      fixes: [{ title: 'Remove policyTypes', preferred: true, edits: () => removeEntry(o.document, map, e.name) }],
    }
  if (!inSection)
    return ['podSelector', 'namespaceSelector', 'ipBlock'].includes(e.name)
      ? {
          advice: 'use a selector with the labels themselves; the namespace is the label `io.kubernetes.pod.namespace`',
          fixes: [],
        }
      : undefined
  if ((e.name === 'from' && prefix === 'from') || (e.name === 'to' && prefix === 'to'))
    return peers(o, map, { e, prefix })
  if (e.name === 'ports' && !entry(map, 'toPorts')) return ports(o, map, e)
  if (['podSelector', 'namespaceSelector', 'ipBlock'].includes(e.name)) return peers(o, map, { e, prefix })
  return undefined
}

/** The converted item; two where pods and addresses are mixed, which Cilium keeps apart. */
function peers(o: Objection, map: MapNode, of: { e: MapEntry; prefix: string }): Said {
  const list = of.e.value?.kind === 'seq' ? of.e.value.items : [map]
  const endpoints: Plain[] = []
  const sets: Plain[] = []
  for (const peer of list) {
    const block = get(peer, 'ipBlock')
    if (block) sets.push(cidrSet(block))
    else endpoints.push(selector(get(peer, 'podSelector'), get(peer, 'namespaceSelector')))
  }
  const advice = `use \`${of.prefix}Endpoints\` with the labels of pods and namespace, or \`${of.prefix}CIDRSet\` for addresses`
  const drop = ['from', 'to', 'podSelector', 'namespaceSelector', 'ipBlock']
  const others = map.entries.filter(x => !drop.includes(x.name) && x.name !== 'ports')
  if (endpoints.length + sets.length === 0 || others.length > 0) return { advice, fixes: [] }
  const port = get(map, 'ports')
  const ports: Record<string, Plain> = port ? { toPorts: [{ ports: items(port).map(onePort) }] } : {}
  const kinds = [
    [`${of.prefix}Endpoints`, endpoints],
    [`${of.prefix}CIDRSet`, sets],
  ] as const
  const made = kinds.filter(([, list]) => list.length > 0)
  const title = `Turn into ${made.map(([key]) => key).join(' and ')}`
  const edits = () =>
    rewrite(
      o,
      map,
      made.map(([key, list]) => ({ [key]: list, ...ports })),
    )
  return { advice, fixes: [{ title, preferred: true, edits }] }
}

/** Puts items in the place of one. */
function rewrite(o: Objection, map: MapNode, values: readonly Plain[]) {
  const { document } = o
  const { text } = document
  const style = styleOf(document)
  const { start } = map.span
  let { end } = map.span
  while (end > start && ' \t\r\n'.includes(text[end - 1] ?? '')) end--
  const kept = document.comments.filter(c => c.start > start && c.end < end).map(c => text.slice(c.start, c.end))
  const pad = ' '.repeat(column(text, start))
  const lead = `${' '.repeat(column(text, dash(document, map)))}-`.padEnd(pad.length)
  const lines = values.flatMap((value, i) => printLines(value, style).map((line, j) => (j || !i ? pad : lead) + line))
  const written = [...lines, ...kept.map(comment => pad + comment)].join(style.eol).slice(pad.length)
  const flow = map.flow ? values.map(value => printFlow(value, style)).join(', ') : undefined
  return [{ kind: 'replace' as const, place: { document, span: { start, end } }, text: flow ?? written }]
}

function ports(o: Objection, map: MapNode, e: MapEntry): Said {
  const value: Plain = [{ ports: items(e.value).map(onePort) }]
  const advice = 'use `toPorts`, a list of items that have `ports`'
  const both = entry(map, 'from') ?? entry(map, 'to')
  if (both) return { advice, fixes: peers(o, map, { e: both, prefix: both.name }).fixes }
  if (map.flow || !e.value) return { advice, fixes: [] }
  const style = styleOf(o.document)
  const pad = ' '.repeat(column(o.document.text, e.key.span.start))
  const lines = ['toPorts:', ...printLines(value, style).map(l => ' '.repeat(style.listIndent) + l)]
  let end = e.span.end
  while (end > e.span.start && ' \t\r\n'.includes(o.document.text[end - 1] ?? '')) end--
  const edit = {
    kind: 'replace' as const,
    place: { document: o.document, span: { start: e.span.start, end } },
    text: lines.map((l, i) => (i ? pad + l : l)).join(style.eol),
  }
  return { advice, fixes: [{ title: 'Turn into toPorts', preferred: true, edits: () => [edit] }] }
}

function onePort(node: Node): Plain {
  const port = get(node, 'port')
  const made: Record<string, Plain> = {}
  if (port?.kind === 'scalar') made.port = port.text
  const end = get(node, 'endPort')
  if (end?.kind === 'scalar' && typeof end.value === 'number') made.endPort = end.value
  made.protocol = str(get(node, 'protocol')) ?? 'TCP'
  return made
}

function cidrSet(block: Node): Plain {
  const except = items(get(block, 'except')).flatMap(x => str(x) ?? [])
  return { cidr: str(get(block, 'cidr')) ?? '', ...(except.length ? { except } : {}) }
}

const NAMESPACE_NAME = 'kubernetes.io/metadata.name'

function selector(pods: Node | undefined, namespaces: Node | undefined): Plain {
  const labels: Record<string, Plain> = {}
  const expressions: Plain[] = []
  const renamed = (key: string) =>
    key === NAMESPACE_NAME ? 'k8s:io.kubernetes.pod.namespace' : `k8s:io.cilium.k8s.namespace.labels.${key}`
  for (const [node, rename] of [
    [namespaces, renamed],
    [pods, (key: string) => key],
  ] as const) {
    const own = get(node, 'matchLabels')
    if (own?.kind === 'map') for (const e of own.entries) labels[rename(e.name)] = str(e.value) ?? ''
    for (const x of items(get(node, 'matchExpressions'))) {
      const values = items(get(x, 'values')).flatMap(v => str(v) ?? [])
      expressions.push({
        key: rename(str(get(x, 'key')) ?? ''),
        operator: str(get(x, 'operator')) ?? 'In',
        ...(values.length ? { values } : {}),
      })
    }
  }
  const open =
    namespaces && !Object.keys(labels).some(k => k.startsWith('k8s:io.')) && !at(namespaces, ['matchExpressions'])
  if (open) expressions.push({ key: 'k8s:io.kubernetes.pod.namespace', operator: 'Exists' })
  return {
    ...(Object.keys(labels).length ? { matchLabels: labels } : {}),
    ...(expressions.length ? { matchExpressions: expressions } : {}),
  }
}
