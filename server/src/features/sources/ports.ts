// Ports: those of the pods that the rule item's peers select (egress) or that the policy is about (ingress).

import { peersIn } from '../../model/peers.ts'
import type { Policy, PolicyRule, RuleItem } from '../../model/policy.ts'
import { at, str } from '../../syntax/node.ts'
import type { Endpoint } from '../../workspace/inventory.ts'
import { portPods } from '../../workspace/selection.ts'
import type { World } from '../../workspace/world.ts'
import { homeOf, itemAt, policyOf } from '../around.ts'
import type { Place } from '../place.ts'
import { KIND, type Suggestion, valueText } from '../suggestion.ts'
import { MARK } from '../tree.ts'
import { fromPods, originName } from '../words.ts'

interface Known {
  readonly number: number
  readonly name: string | undefined
  readonly protocol: string
  readonly pods: Endpoint[]
}

/** Numbers and names of ports, always quoted, and the protocols that the port written beside has. */
export function* ports(place: Place, world: World): Iterable<Suggestion> {
  if (place.as !== 'value' || place.path.at(-3) !== 'ports') return
  const last = place.path.at(-1)
  if (last === 'protocol') yield* protocols(place, world)
  if (last !== 'port') return
  const written = beside(place, 'protocol')
  const fits = (p: Known) => written === undefined || written === 'ANY' || written === p.protocol
  const known = knownPorts(portsHere(place, world)).filter(fits)
  for (const { number, name, protocol, pods } of known) {
    const detail = `${name === undefined ? '' : `${name}, `}${protocol}, ${fromPods(pods)}`
    yield port(place, String(number), { detail, group: 1 })
  }
  const names = new Map<string, Known[]>()
  for (const p of known) if (p.name !== undefined) names.set(p.name, [...(names.get(p.name) ?? []), p])
  for (const [name, of] of names) {
    const numbers = [...new Set(of.map(p => `${p.number}/${p.protocol}`))].join(', ')
    const detail = `${numbers}, ${fromPods([...new Set(of.flatMap(p => p.pods))])}`
    yield port(place, name, { detail, group: 2 })
  }
  yield* apiServerPorts(place, world)
}

function port(place: Place, text: string, of: { detail: string; group: number }): Suggestion {
  return { label: text, kind: KIND.port, lines: [valueText(place, text, true)], ...of }
}

function beside(place: Place, key: string): string | undefined {
  const text = str(at(place.object, [...place.path.slice(0, -1), key]))
  return text === MARK ? undefined : text
}

function* protocols(place: Place, world: World): Iterable<Suggestion> {
  const written = beside(place, 'port')
  const found = new Map<string, Endpoint[]>()
  for (const { number, name, protocol, pods } of knownPorts(portsHere(place, world))) {
    if (String(number) === written || name === written) found.set(protocol, [...(found.get(protocol) ?? []), ...pods])
  }
  for (const [protocol, pods] of found) {
    const detail = `of port ${written}, ${fromPods([...new Set(pods)])}`
    yield { label: protocol, kind: KIND.value, lines: [valueText(place, protocol)], detail, group: 1 }
  }
}

/** The port of the API server itself, behind the service default/kubernetes. */
function* apiServerPorts(place: Place, world: World): Iterable<Suggestion> {
  const here = itemHere(place)
  const peers = here ? peersIn(here.item) : []
  if (!peers.some(p => p.kind === 'entity' && p.entity === 'kube-apiserver')) return
  const service = world.services.find(s => s.namespace === 'default' && s.name === 'kubernetes')
  for (const { targetPort, protocol } of service?.ports ?? []) {
    const detail = `${protocol}, the API server in ${service ? originName(service.origin) : ''}`
    yield port(place, String(targetPort), { detail, group: 1 })
  }
}

function itemHere(place: Place): { policy: Policy; rule: PolicyRule; item: RuleItem } | undefined {
  const policy = policyOf(place.document, place.object)
  const { rule, item } = policy ? itemAt(policy, place.path) : {}
  return policy && rule && item ? { policy, rule, item } : undefined
}

function portsHere(place: Place, world: World): readonly Endpoint[] {
  const here = itemHere(place)
  if (!here) return []
  return portPods(world, homeOf(world.snapshot, here.policy, place.cursor.document), here.rule, here.item)
}

/** The ports of the pods, by number and protocol, lowest first. */
export function knownPorts(pods: readonly Endpoint[]): Known[] {
  const known = new Map<string, Known>()
  for (const pod of pods) {
    for (const { port, name, protocol } of pod.ports) {
      const id = `${port}/${protocol}/${name ?? ''}`
      const entry = known.get(id) ?? { number: port, name, protocol, pods: [] }
      if (!entry.pods.includes(pod)) entry.pods.push(pod)
      known.set(id, entry)
    }
  }
  return [...known.values()].sort((a, b) => a.number - b.number || (a.protocol < b.protocol ? -1 : 1))
}
