// The ports that a rule item means for one pair of ends, cut where anything that decides about them changes.

import { NONE, stamped } from '../../memo.ts'
import { icmpNumber } from '../../model/icmp.ts'
import type { PortProtocol, RuleItem } from '../../model/policy.ts'
import { parsePort, TRANSPORTS } from '../../model/ports.ts'
import type { Identity } from '../identity.ts'
import type { PortQuery, Protocol } from '../party.ts'
import { LAST_PORT, type Range } from './ports.ts'

/** A stretch of ports or ICMP types on which every rule that was asked says one thing. */
export interface Piece {
  readonly range: Range
  /** One port of it. */
  readonly query: PortQuery
}

/** Names are looked up at the destination's ports. */
export type Names = Identity['ports']

interface Cuts {
  readonly ports: Set<number>
  readonly icmp: Set<string>
}

/** Every port and ICMP type, in pieces that the items given do not tell apart further, whichever names hold. */
export function pieces(items: readonly (readonly RuleItem[])[], names: readonly Names[]): readonly Piece[] {
  const cuts: Cuts = { ports: new Set([1, LAST_PORT + 1]), icmp: new Set() }
  for (const list of items) cutBy(cuts, list, names)
  const starts = [...cuts.ports].filter(p => p > 0 && p <= LAST_PORT + 1).sort((a, b) => a - b)
  const found = TRANSPORTS.flatMap(protocol =>
    starts.slice(0, -1).map((from, i) => piece(protocol, from, (starts[i + 1] ?? LAST_PORT + 1) - 1)),
  )
  for (const key of cuts.icmp) {
    const [protocol, type] = key.split(' ')
    found.push(piece(protocol === 'ICMPv6' ? 'ICMPv6' : 'ICMP', Number(type), Number(type)))
  }
  return [...found, ...otherTypes(cuts.icmp)]
}

const piece = (protocol: Protocol, from: number, to: number): Piece => ({
  range: { protocol, from, to },
  query: { protocol, port: from },
})

/** One type of each family that no rule names stands for all of those. */
function otherTypes(named: ReadonlySet<string>): Piece[] {
  return (['ICMP', 'ICMPv6'] as const).flatMap(protocol => {
    for (let type = 254; type > 0; type--) if (!named.has(`${protocol} ${type}`)) return [piece(protocol, type, type)]
    return []
  })
}

/** What a list of items says of ports: each port entry once, and each ICMP type. Remembered: many items meet the same rules. */
const saidIn = stamped((items: readonly RuleItem[]) => {
  const ports = new Map<string, PortProtocol>()
  const icmp = new Set<string>()
  for (const { toPorts, icmps } of items) {
    for (const rule of toPorts ?? NONE)
      for (const port of rule.ports ?? NONE)
        ports.set(port.port ? `${port.port.value}-${port.endPort?.value}` : '', port)
    for (const { fields } of icmps ?? NONE) {
      for (const { family, type } of fields) {
        const number = type ? icmpNumber(family, type.value) : undefined
        if (number !== undefined) icmp.add(`${family === 'IPv6' ? 'ICMPv6' : 'ICMP'} ${number}`)
      }
    }
  }
  return { ports: [...ports.values()], icmp }
})

function cutBy({ ports, icmp }: Cuts, items: readonly RuleItem[], names: readonly Names[]): void {
  const said = saidIn(items)
  for (const type of said.icmp) icmp.add(type)
  for (const port of said.ports) {
    for (const name of names) {
      for (const [from, to] of numbersOf(port, name)) {
        ports.add(from)
        ports.add(to + 1)
      }
    }
  }
}

/** First and last number of a port entry; a name can be any of those that are called so. */
export function numbersOf(port: PortProtocol, names: Names): readonly (readonly [number, number])[] {
  const text = port.port?.value ?? '0'
  const number = parsePort(text) ?? names?.get(text.toLowerCase())?.port
  if (number === undefined) return []
  if (number === 0) return [[1, LAST_PORT]]
  return [[number, Math.max(number, port.endPort?.value ?? number)]]
}
