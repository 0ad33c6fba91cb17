// Networks as Go's netip reads them, and what lies in what.

/** A network or an address: all bits of the address as a number, and how many of them count. */
export interface Prefix {
  readonly family: 4 | 6
  readonly address: bigint
  readonly bits: number
}

/** An address of one family. */
export interface Address {
  readonly family: 4 | 6
  readonly address: bigint
}

/** Reads a network exactly as netip.ParsePrefix does: no leading zeros, no zone, a length. Undefined when it fails. */
export function parsePrefix(text: string): Prefix | undefined {
  const slash = text.lastIndexOf('/')
  if (slash === -1) return undefined
  const length = text.slice(slash + 1)
  if (!/^(?:0|[1-9][0-9]{0,2})$/.test(length)) return undefined
  const address = parseAddress(text.slice(0, slash))
  if (!address || Number(length) > width(address.family)) return undefined
  return { ...address, bits: Number(length) }
}

/** Reads an address as netip.ParseAddr does, without zones; an IPv4-mapped IPv6 address stays IPv6. */
export function parseAddress(text: string): Address | undefined {
  if (text.length > 45) return undefined
  if (!text.includes(':')) {
    const v4 = ipv4(text)
    return v4 === undefined ? undefined : { family: 4, address: v4 }
  }
  const v6 = ipv6(text)
  return v6 === undefined ? undefined : { family: 6, address: v6 }
}

function ipv4(text: string): bigint | undefined {
  const parts = text.split('.')
  if (parts.length !== 4) return undefined
  let value = 0n
  for (const part of parts) {
    if (!/^(?:0|[1-9][0-9]{0,2})$/.test(part) || Number(part) > 255) return undefined
    value = (value << 8n) | BigInt(part)
  }
  return value
}

function ipv6(text: string): bigint | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head, tail] = halves.map(half => (half === '' ? [] : half.split(':')))
  const last = (tail ?? head)?.at(-1)
  const embedded = last?.includes('.') ? ipv4(last) : undefined
  if (last?.includes('.') && embedded === undefined) return undefined
  const spread = (groups: readonly string[]) =>
    groups.flatMap(g =>
      g.includes('.') && g === last && embedded !== undefined
        ? [(embedded >> 16n).toString(16), (embedded & 0xffffn).toString(16)]
        : [g],
    )
  const front = spread(head ?? [])
  const back = spread(tail ?? [])
  const count = front.length + back.length
  if (halves.length === 1 ? count !== 8 : count > 7) return undefined
  const all = [...front, ...Array.from({ length: 8 - count }, () => '0'), ...back]
  if (!all.every(g => /^[0-9a-fA-F]{1,4}$/.test(g))) return undefined
  return all.reduce((value, g) => (value << 16n) | BigInt(`0x${g}`), 0n)
}

const width = (family: 4 | 6): number => (family === 4 ? 32 : 128)

/** Whether the network holds the address, which must be of the same family. */
export function contains(prefix: Prefix, address: bigint): boolean {
  const shift = BigInt(width(prefix.family) - prefix.bits)
  return prefix.address >> shift === address >> shift
}

/** Whether the network holds all of another one. */
export function covers(outer: Prefix, inner: Prefix): boolean {
  return outer.family === inner.family && outer.bits <= inner.bits && contains(outer, inner.address)
}

/** The address with the bits beyond the length cleared. */
export function networkAddress(prefix: Prefix): bigint {
  const shift = BigInt(width(prefix.family) - prefix.bits)
  return (prefix.address >> shift) << shift
}

/** Whether bits beyond the length are set. */
export function hasHostBits(prefix: Prefix): boolean {
  return networkAddress(prefix) !== prefix.address
}

/** The network with bits beyond its length cleared, as text. */
export function masked(prefix: Prefix): string {
  return `${formatAddress({ family: prefix.family, address: networkAddress(prefix) })}/${prefix.bits}`
}

/** An address as text; IPv6 in its short form. */
export function formatAddress({ family, address }: Address): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map(s => String((address >> s) & 255n)).join('.')
  const groups = Array.from({ length: 8 }, (_, i) => ((address >> BigInt(112 - 16 * i)) & 0xffffn).toString(16))
  const runs = groups.map((_, i) => {
    let n = 0
    while (groups[i + n] === '0') n++
    return n
  })
  const longest = Math.max(...runs)
  if (longest < 2) return groups.join(':')
  const at = runs.indexOf(longest)
  return `${groups.slice(0, at).join(':')}::${groups.slice(at + longest).join(':')}`
}
