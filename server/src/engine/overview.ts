// Who can reach these pods, and what can they reach? The verdicts of everything that is known, on the ports that are known.

import type { Direction } from '../model/policy.ts'
import { isPortName, parsePort, TRANSPORTS } from '../model/ports.ts'
import type { Endpoint } from '../workspace/inventory.ts'
import type { Snapshot } from '../workspace/snapshot.ts'
import { basisOf } from './basis.ts'
import { classesOf } from './classes.ts'
import { podIdentity } from './identity.ts'
import type { Reason } from './judge.ts'
import type { Party, PortQuery } from './party.ts'
import { alike, signature } from './reach.ts'
import { subjectIdentity } from './sight.ts'
import { rulesSelecting } from './subjects.ts'
import { type Answer, verdict } from './verdict.ts'

/** What can be said of one peer, which may stand for several pods that no policy tells apart. */
export interface Contact {
  readonly parties: readonly Party[]
  readonly ports: readonly PortQuery[]
  /** What both sides say of all of these ports. */
  readonly verdict: Exclude<Answer, 'denied'>
  /** The rules that decided, of both sides. */
  readonly because: readonly Reason[]
}

export interface Overview {
  readonly pods: readonly Endpoint[]
  readonly sources: readonly Contact[]
  readonly targets: readonly Contact[]
  /** Kinds of pods that were not looked at: there are too many. */
  readonly left: number
}

/** Kinds of pods that are asked about on each side. */
const MOST = 400
const ENTITIES = ['world', 'host', 'remote-node', 'kube-apiserver', 'ingress', 'health']
const USUAL: PortQuery = { port: 443, protocol: 'TCP' }

/** One overview for each kind of the pods. */
export function overviews(snapshot: Snapshot, pods: readonly Endpoint[]): readonly Overview[] {
  const basis = basisOf(snapshot)
  const parties: readonly Party[] = basis.picture.endpoints.map(endpoint => ({ kind: 'pod', endpoint }))
  const classOf = classesOf(snapshot)
  const groups = alike(parties, e =>
    e.hostNetwork ? signature(e) : `${classOf(podIdentity(basis, e))} ${e.node} ${JSON.stringify(e.ports)}`,
  )
  const entities = ENTITIES.map((entity): readonly Party[] => [{ kind: 'entity', entity }])
  const peers = [...entities, ...groups.slice(0, MOST)]
  const wanted = new Set(pods)
  return groups.flatMap(group => {
    const ours = group.flatMap(p => (p.kind === 'pod' && wanted.has(p.endpoint) ? [p.endpoint] : []))
    const [endpoint] = ours
    if (!endpoint) return []
    const self: Party = { kind: 'pod', endpoint }
    const into = portsOf(snapshot, endpoint, 'ingress')
    const out = portsOf(snapshot, endpoint, 'egress')
    return [
      {
        pods: ours,
        sources: peers.flatMap(p => contacts(snapshot, p, { ports: into, flow: peer => [peer, self] })),
        targets: peers.flatMap(p =>
          contacts(snapshot, p, { ports: targetPorts(snapshot, p, out), flow: peer => [self, peer] }),
        ),
        left: Math.max(0, groups.length - MOST),
      },
    ]
  })
}

interface Asked {
  readonly ports: readonly PortQuery[]
  flow(peer: Party): readonly [Party, Party]
}

/** The ports that may pass, by what is said of them. */
function contacts(snapshot: Snapshot, parties: readonly Party[], { ports, flow }: Asked): Contact[] {
  const pair = parties
    .map(flow)
    .find(([from, to]) => !(from.kind === 'pod' && to.kind === 'pod' && from.endpoint === to.endpoint))
  if (!pair) return []
  const [from, to] = pair
  const found: Contact[] = []
  const asked = ports.map(port => ({ port, said: verdict(snapshot, { from, to, port }) }))
  for (const answer of ['allowed', 'unknown'] as const) {
    const some = asked.filter(a => a.said.verdict === answer)
    const because = unique(some.flatMap(a => [...a.said.egress.because, ...a.said.ingress.because]))
    if (some.length > 0) found.push({ parties, ports: some.map(a => a.port), verdict: answer, because })
  }
  return found
}

function unique(reasons: readonly Reason[]): readonly Reason[] {
  const key = ({ place, effect }: Reason) => (place ? place.span : effect)
  return [...new Map(reasons.map(r => [key(r), r])).values()]
}

/** Ports of a pod that its containers or its rules of one direction name. */
function portsOf(snapshot: Snapshot, endpoint: Endpoint, direction: Direction): readonly PortQuery[] {
  const identity = subjectIdentity(basisOf(snapshot), { kind: 'pod', endpoint })
  const found = new Map<string, PortQuery>()
  const add = (port: number, protocol: PortQuery['protocol']) => found.set(`${port}/${protocol}`, { port, protocol })
  if (direction === 'ingress') for (const p of endpoint.ports) add(p.port, p.protocol)
  const entries = identity ? rulesSelecting(snapshot, identity).flatMap(r => r.filed.sides[direction].entries) : []
  for (const port of entries.flatMap(e => e.twin.toPorts ?? []).flatMap(p => p.ports ?? [])) {
    const text = port.port?.value ?? ''
    const number = isPortName(text) ? undefined : parsePort(text)
    const protocol = TRANSPORTS.find(t => t === port.protocol?.value.toUpperCase()) ?? 'TCP'
    if (number !== undefined && number > 0) add(number, protocol)
  }
  return found.size > 0 ? [...found.values()] : [USUAL]
}

/** The ports to ask a target about: its own, where it is a pod with ports, else those that the subject's rules name. */
function targetPorts(
  snapshot: Snapshot,
  [party]: readonly Party[],
  otherwise: readonly PortQuery[],
): readonly PortQuery[] {
  if (party?.kind !== 'pod' || party.endpoint.hostNetwork) return otherwise
  return portsOf(snapshot, party.endpoint, 'ingress')
}
