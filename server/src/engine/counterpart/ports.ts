// Destination ports as sets: what is missing of what is wanted, and how that is written.

import type { PortProtocol } from '../../model/policy.ts'
import { isPortName, parsePort } from '../../model/ports.ts'
import type { Plain } from '../../syntax/print.ts'

/** Ports from..to of one protocol, ends included. */
export interface Range {
  readonly protocol: string
  readonly from: number
  readonly to: number
}

export const LAST_PORT = 65535

/** What is in the first and not in the second. */
export function without(wanted: readonly Range[], taken: readonly Range[]): readonly Range[] {
  let left = wanted
  for (const t of taken) left = left.flatMap(r => (r.protocol === t.protocol ? cut(r, t) : [r]))
  return left
}

function cut(r: Range, t: Range): Range[] {
  if (t.to < r.from || t.from > r.to) return [r]
  const parts: Range[] = []
  if (r.from < t.from) parts.push({ ...r, to: t.from - 1 })
  if (r.to > t.to) parts.push({ ...r, from: t.to + 1 })
  return parts
}

/** Ranges of one protocol that touch are joined, in order of protocol and number. */
export function joined(ranges: readonly Range[]): readonly Range[] {
  const sorted = [...ranges].sort((a, b) => a.protocol.localeCompare(b.protocol) || a.from - b.from || a.to - b.to)
  const out: Range[] = []
  for (const r of sorted) {
    const last = out.at(-1)
    if (last?.protocol === r.protocol && r.from <= last.to + 1)
      out[out.length - 1] = { ...last, to: Math.max(last.to, r.to) }
    else out.push(r)
  }
  return out
}

/** "8080/TCP", "1000-2000/UDP", "all of TCP". */
export function rangeWords({ protocol, from, to }: Range): string {
  if (from <= 1 && to === LAST_PORT) return `every port/${protocol}`
  return from === to ? `${from}/${protocol}` : `${from}-${to}/${protocol}`
}

/** A written port entry that several ranges came from: a number, a range or a name. */
export interface Entry {
  /** As it is to be written: "8080", "http". */
  readonly port: string
  readonly endPort: number | undefined
  /** undefined: none is written, which stands for TCP, UDP and SCTP. */
  readonly protocol: string | undefined
}

/** What a port entry says, when it can be read. */
export function entryOf(port: PortProtocol): Entry | undefined {
  const text = port.port?.value ?? '0'
  const number = parsePort(text)
  if (number === undefined && !isPortName(text)) return undefined
  const endPort = number !== undefined && port.endPort && port.endPort.value > number ? port.endPort.value : undefined
  return { port: number === undefined ? text : String(number), endPort, protocol: port.protocol?.value }
}

const TRANSPORTS = ['TCP', 'UDP', 'SCTP']

/** The entry for all that is given of one port of TCP, UDP and SCTP together, else an entry for each range. */
export function entriesOf(ranges: readonly Range[], anyProtocol: string | undefined): readonly Entry[] {
  const byPorts = new Map<string, Range[]>()
  for (const r of joined(ranges)) {
    const key = `${r.from}-${r.to}`
    byPorts.set(key, [...(byPorts.get(key) ?? []), r])
  }
  const groups = [...byPorts.values()].sort((a, b) => (a[0]?.from ?? 0) - (b[0]?.from ?? 0))
  return groups.flatMap(group => {
    const protocols = group.map(r => r.protocol)
    const first = group[0]
    if (first && TRANSPORTS.every(t => protocols.includes(t))) {
      const others = group.filter(r => !TRANSPORTS.includes(r.protocol))
      return [entry(first, anyProtocol), ...others.map(r => entry(r, r.protocol))]
    }
    return group.map(r => entry(r, r.protocol))
  })
}

function entry(r: Range, protocol: string | undefined): Entry {
  if (r.from <= 1 && r.to === LAST_PORT) return { port: '0', endPort: undefined, protocol }
  return { port: String(r.from), endPort: r.to > r.from ? r.to : undefined, protocol }
}

/** The entry as YAML data: the port is a string, so that it comes out in quotes. */
export function printPort({ port, endPort, protocol }: Entry): Plain {
  return {
    port,
    ...(endPort === undefined ? {} : { endPort }),
    ...(protocol === undefined ? {} : { protocol }),
  }
}
