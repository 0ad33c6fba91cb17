// "Who can reach this? What can this reach?" for the rule or the workload at the cursor: a text in Markdown, with links to the lines.

import { basisOf } from '../engine/basis.ts'
import { leftOutFor } from '../engine/leftOut.ts'
import { type Contact, type Overview, overviews } from '../engine/overview.ts'
import type { Party } from '../engine/party.ts'
import { subjectIdentity } from '../engine/sight.ts'
import { rulesSelecting } from '../engine/subjects.ts'
import type { Reason } from '../engine/verdict.ts'
import { policies } from '../model/lower.ts'
import type { Document } from '../syntax/file.ts'
import type { Place } from '../syntax/problem.ts'
import type { Endpoint } from '../workspace/inventory.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import { type At, documentAt, locationOf, offsetAt } from './convert.ts'
import { code, count, escaped, some } from './words.ts'

/** Kinds of pods that one text is about. */
const MOST = 10

/** The text for what stands at a position, or why there is none. */
export function reachable(snapshot: Snapshot, at: At): { readonly text: string | null; readonly problem?: string } {
  const file = snapshot.files.get(at.uri)
  const offset = file ? offsetAt(file, at.position) : 0
  const spot = file && documentAt(file, offset)
  if (!spot) return { text: null, problem: 'This file is not among those that were read.' }
  const pods = podsAt(snapshot, spot.document, offset - spot.start)
  if (!pods) return { text: null, problem: 'Put the cursor into a rule of a policy, or into a workload.' }
  const found = overviews(snapshot, pods)
  if (found.length === 0)
    return { text: null, problem: 'No pod is known that this selects: connect a cluster, or set an inventory file.' }
  const rest = found.length > MOST ? [`\n_And ${found.length - MOST} more kinds of pods._\n`] : []
  return { text: [...found.slice(0, MOST).map(o => overviewText(snapshot, o)), ...rest].join('\n') }
}

/** The pods that the rule at an offset selects, or that the workload there makes. */
function podsAt(snapshot: Snapshot, document: Document, offset: number): readonly Endpoint[] | undefined {
  const basis = basisOf(snapshot)
  const { endpoints } = basis.picture
  const holds = ({ start, end }: { start: number; end: number }) => start <= offset && offset <= end
  const policy = policies(document).find(p => holds(p.root.span))
  if (!policy) {
    const made = endpoints.filter(e => e.place?.document === document)
    return made.length > 0 ? made : undefined
  }
  const here = policy.rules.filter(r => holds(r.node.span))
  const rules = new Set(here.length > 0 ? here : policy.rules)
  return endpoints.filter(endpoint => {
    const identity = subjectIdentity(basis, { kind: 'pod', endpoint })
    return identity && rulesSelecting(snapshot, identity).some(s => s.match === 'yes' && rules.has(s.filed.rule))
  })
}

function overviewText(snapshot: Snapshot, { pods, sources, targets, left }: Overview): string {
  const names = pods.map(nameOf)
  const lines = [
    `# ${escaped(some(names, 3))}`,
    '',
    '## Who can reach it',
    '',
    ...contactLines(snapshot, sources),
    '',
    '## What it can reach',
    '',
    ...contactLines(snapshot, targets),
    '',
    ...leftOutLines(snapshot, pods),
  ]
  if (left > 0) lines.push(`_${count(left, 'kind')} of pods more were not looked at._`, '')
  return lines.join('\n')
}

/** The policies that would select the pods and take no part, with why. */
function leftOutLines(snapshot: Snapshot, pods: readonly Endpoint[]): string[] {
  const basis = basisOf(snapshot)
  const identities = pods.flatMap(endpoint => subjectIdentity(basis, { kind: 'pod', endpoint }) ?? [])
  const left = leftOutFor(snapshot, identities)
  if (left.length === 0) return []
  const lines = left.map(({ policy, place, why }) => {
    const reason = why === 'refused' ? 'Cilium refuses it' : 'another policy of the same name replaces it'
    return `- **${escaped(policy.name?.value ?? 'a policy')}** ${linkTo(snapshot, place)}: ${reason}`
  })
  return ['## Policies that take no part', '', ...lines, '']
}

const nameOf = (e: Endpoint): string => `${e.namespace}/${e.workload?.split('/').at(-1) ?? e.name}`

function contactLines(snapshot: Snapshot, contacts: readonly Contact[]): string[] {
  if (contacts.length === 0) return ['Nothing that is known.']
  return contacts.map(c => {
    const ports = some(
      c.ports.map(p => `${p.port}/${p.protocol}`),
      6,
    )
    const sure = c.verdict === 'unknown' ? ' — not known for sure' : ''
    const why = c.because.flatMap(r => linkOf(snapshot, r))
    return `- **${escaped(partiesText(c.parties))}** on ${ports}${sure}${why.length > 0 ? `: ${some(why, 6)}` : ' (no policy)'}`
  })
}

function partiesText(parties: readonly Party[]): string {
  const names = new Set(
    parties.map(p => (p.kind === 'pod' ? nameOf(p.endpoint) : p.kind === 'entity' ? p.entity : p.kind)),
  )
  return `${some([...names], 3)}${parties.length > 1 ? ` (${count(parties.length, 'pod')})` : ''}`
}

/** A link to the line that decided. */
const linkOf = (snapshot: Snapshot, { place }: Reason): string[] => (place ? [linkTo(snapshot, place)] : [])

function linkTo(snapshot: Snapshot, place: Place): string {
  const location = locationOf(snapshot, place)
  if (!location) return 'a policy of the cluster'
  const { uri, range } = location
  const name = uri.split('/').slice(-2).map(decodeURIComponent).join('/')
  return `[${code(`${name}:${range.start.line + 1}`)}](${uri}#L${range.start.line + 1})`
}
