// Keys of Kubernetes' own NetworkPolicy in a Cilium policy, and what they are called here.

import { dash, isShared, type Plain, removeEntry, renameKey } from '../syntax/edit.ts'
import { column, styleOf } from '../syntax/layout.ts'
import { entry, get, items, type MapEntry, type MapNode, type Span, str } from '../syntax/node.ts'
import { printFlow, printLines } from '../syntax/print.ts'
import type { Edit, Fix } from '../syntax/problem.ts'
import { convertLoosePeer, convertPeers, convertPorts, isWrittenOut } from './kubernetesPeers.ts'
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
  if (e.name === 'policyTypes') return policyTypes(o, map, e)
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

const PEERS = ['from', 'to', 'podSelector', 'namespaceSelector', 'ipBlock']

/** The converted item; two where pods and addresses are mixed, which Cilium keeps apart. Nothing where a part is not understood. */
function peers(o: Objection, map: MapNode, of: { e: MapEntry; prefix: string }): Said {
  const advice = `use \`${of.prefix}Endpoints\` with the labels of pods and namespace, or \`${of.prefix}CIDRSet\` for addresses`
  const nothing = { advice, fixes: [] }
  if (!isWrittenOut(map)) return nothing
  const isListed = of.e.name === 'from' || of.e.name === 'to'
  const own = map.entries.filter(x => PEERS.includes(x.name))
  const others = map.entries.filter(x => !PEERS.includes(x.name) && x.name !== 'ports')
  if (others.length > 0 || (isListed && own.length > 1)) return nothing
  const made = isListed ? of.e.value?.kind === 'seq' && convertPeers(of.e.value.items) : convertLoosePeer(map)
  const port = get(map, 'ports')
  const list = port && convertPorts(port)
  if (!made || (port && !list)) return nothing
  const ports: Record<string, Plain> = list ? { toPorts: [{ ports: [...list] }] } : {}
  const kinds = [
    [`${of.prefix}Endpoints`, made.filter(m => m.kind === 'endpoints')],
    [`${of.prefix}CIDRSet`, made.filter(m => m.kind === 'cidr')],
  ] as const
  const full = kinds.filter(([, of]) => of.length > 0)
  const title = `Turn into ${full.map(([key]) => key).join(' and ')}`
  const edits = () =>
    rewrite(
      o,
      map,
      full.map(([key, of]) => ({ [key]: of.map(m => m.value), ...ports })),
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
  const advice = 'use `toPorts`, a list of items that have `ports`'
  const both = entry(map, 'from') ?? entry(map, 'to')
  if (both) return { advice, fixes: peers(o, map, { e: both, prefix: both.name }).fixes }
  const list = e.value && isWrittenOut(e.value) ? convertPorts(e.value) : undefined
  const span = trimmedSpan(o, e)
  if (map.flow || !list || hasComment(o, span)) return { advice, fixes: [] }
  const value: Plain = [{ ports: [...list] }]
  const style = styleOf(o.document)
  const pad = ' '.repeat(column(o.document.text, e.key.span.start))
  const lines = ['toPorts:', ...printLines(value, style).map(l => ' '.repeat(style.listIndent) + l)]
  const edit = {
    kind: 'replace' as const,
    place: { document: o.document, span },
    text: lines.map((l, i) => (i ? pad + l : l)).join(style.eol),
  }
  return { advice, fixes: [{ title: 'Turn into toPorts', preferred: true, edits: () => [edit] }] }
}

/**
 * In Kubernetes a direction is closed by its name here; in Cilium by a section with a rule. Where a direction that is named has no
 * section, one with an empty rule takes the place.
 */
function policyTypes(o: Objection, map: MapNode, e: MapEntry): Said {
  const advice = 'Cilium sees from the sections which directions a policy is about'
  const remove = (preferred: boolean): Fix => ({
    title: 'Remove policyTypes',
    ...(preferred ? { preferred } : {}),
    edits: () => removeEntry(o.document, map, e.name),
  })
  const types = e.value && isWrittenOut(e.value) && !map.open ? items(e.value).map(str) : [undefined]
  if (types.some(t => t !== 'Ingress' && t !== 'Egress'))
    return { advice: `${advice}, take it away`, fixes: [remove(false)] }
  const sections = [...new Set(types)].flatMap(type => type?.toLowerCase() ?? [])
  const missing = sections.filter(section => !entry(map, section))
  if (missing.length === 0) {
    const filled = sections.every(section => items(get(map, section)).length > 0)
    return { advice: `${advice}, take it away`, fixes: [remove(filled)] }
  }
  const written = missing.map(section => `${section}: [{}]`)
  const span = trimmedSpan(o, e)
  const close = (): Edit[] => [
    {
      kind: 'replace',
      place: { document: o.document, span },
      text: written.join(
        map.flow ? ', ' : styleOf(o.document).eol + ' '.repeat(column(o.document.text, e.key.span.start)),
      ),
    },
  ]
  const code = written.map(w => `\`${w}\``).join(' and ')
  return {
    advice: `${advice}: to close ${missing.join(' and ')} altogether, as this does, write ${code}`,
    fixes: hasComment(o, span)
      ? [remove(false)]
      : [{ title: `Change to ${written.join(' and ')}`, preferred: true, edits: close }, remove(false)],
  }
}

/** An entry without the blanks and line ends after it. */
function trimmedSpan({ document: { text } }: Objection, { span: { start, end: whole } }: MapEntry): Span {
  let end = whole
  while (end > start && ' \t\r\n'.includes(text[end - 1] ?? '')) end--
  return { start, end }
}

const hasComment = ({ document }: Objection, { start, end }: Span): boolean =>
  document.comments.some(c => c.start > start && c.end <= end)
