// Ports: those of the pods that the rule item's peers select (egress) or that the policy is about (ingress).

import { at, str } from '../../syntax/node.ts'
import type { Endpoint } from '../../workspace/inventory.ts'
import { homeOf, itemAt, policyOf } from '../around.ts'
import type { Place } from '../place.ts'
import { portPods } from '../selection.ts'
import { KIND, type Suggestion, valueText } from '../suggestion.ts'
import { fromPods } from '../words.ts'
import type { World } from '../world.ts'

interface Known {
  readonly number: number
  readonly name: string | undefined
  readonly protocol: string
  readonly pods: Endpoint[]
}

/** Numbers and names of ports, always quoted, and the protocol of the port that is written. */
export function* ports(place: Place, world: World): Iterable<Suggestion> {
  if (place.as !== 'value' || place.path.at(-3) !== 'ports' || place.path.at(-1) !== 'port') return
  const known = knownPorts(portsHere(place, world))
  const written = str(at(place.object, [...place.path.slice(0, -1), 'protocol']))
  const fits = (p: Known) => written === undefined || written === 'ANY' || written === p.protocol
  for (const port of known.filter(fits)) {
    const called = port.name === undefined ? '' : `${port.name}, `
    const detail = `${called}${port.protocol}, ${fromPods(port.pods)}`
    yield {
      label: String(port.number),
      kind: KIND.port,
      lines: [valueText(place, String(port.number), true)],
      detail,
      group: 1,
    }
  }
  const names = new Map<string, Known[]>()
  for (const port of known.filter(fits)) {
    if (port.name !== undefined) names.set(port.name, [...(names.get(port.name) ?? []), port])
  }
  for (const [name, of] of names) {
    const numbers = [...new Set(of.map(p => `${p.number}/${p.protocol}`))].join(', ')
    const detail = `${numbers}, ${fromPods([...new Set(of.flatMap(p => p.pods))])}`
    yield { label: name, kind: KIND.port, lines: [valueText(place, name, true)], detail, group: 2 }
  }
}

function portsHere(place: Place, world: World): readonly Endpoint[] {
  const policy = policyOf(place.document, place.object)
  if (!policy) return []
  const { rule, item } = itemAt(policy, place.path)
  if (!rule || !item) return []
  return portPods(world, homeOf(world.snapshot, policy, place.cursor.document), rule, item)
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
