// Networks and names outside the cluster, in words: how large, what is in them, what a pattern matches.

import { contains, hasHostBits, masked, type Prefix, parseAddress, parsePrefix } from '../model/cidr.ts'
import { atLeast, type Version } from '../model/version.ts'
import type { World } from '../workspace/world.ts'
import { code, count, some } from './words.ts'

function holds(net: Prefix, address: string): boolean {
  const parsed = parseAddress(address)
  return parsed?.family === net.family && contains(net, parsed.address)
}

/** What a network is: its size, and which known nodes and pods have addresses in it although it does not match them. */
export function networkWords(world: World, cidr: string): string[] {
  const net = parsePrefix(cidr)
  if (!net) return []
  const has = (address: string) => holds(net, address)
  const words = [`IPv${net.family}, ${addresses((net.family === 4 ? 32 : 128) - net.bits)}.`]
  if (hasHostBits(net)) words.push(`Read as ${code(masked(net))}.`)
  const nodes = world.nodes.filter(n => n.addresses.some(has)).map(n => n.name)
  const pods = world.endpoints.filter(e => !e.hostNetwork && e.addresses.some(has))
  const modes = world.config.cidrMatchMode
  if (nodes.length > 0) words.push(insiders('node', nodes, modes.includes('nodes')))
  if (pods.length > 0) {
    const names = pods.map(p => `${p.namespace}/${p.name}`)
    words.push(insiders('pod', names, modes.includes('pods')))
  }
  return words
}

function addresses(free: number): string {
  if (free === 0) return 'one address'
  return free < 53 ? `${2 ** free} addresses` : `2^${free} addresses`
}

function insiders(what: string, names: readonly string[], matched: boolean): string {
  const list = `${count(names.length, what)} with an address in it: ${some(names.map(code), 5)}.`
  if (matched) return list
  const way = what === 'node' ? '`toEntities` or `toNodes`' : '`toEndpoints`'
  return `${list} A network does not match ${what}s: choose them by ${way}.`
}

/** What a name or pattern of `toFQDNs` and `rules.dns` matches. */
export function nameWords(version: Version, pattern: string): string {
  const name = pattern.toLowerCase().replace(/\.$/, '')
  if (!pattern.includes('*')) return `Exactly the name ${code(name)}, no name below it.`
  const every = pattern === '*' || (atLeast(version, '1.19') && (pattern === '**' || pattern === '*.'))
  if (every) return 'Every name.'
  if (name.startsWith('**.') && atLeast(version, '1.19') && !name.slice(3).includes('*')) {
    const rest = name.slice(3)
    return `Every name below ${code(rest)}, at any depth (${code(`a.${rest}`)}, ${code(`b.a.${rest}`)}), not ${code(rest)} itself.`
  }
  if (name.startsWith('*.') && !name.slice(2).includes('*')) {
    const rest = name.slice(2)
    return `Every name with exactly one label more than ${code(rest)} (${code(`a.${rest}`)}), not ${code(rest)} itself and not ${code(`b.a.${rest}`)}.`
  }
  const sample = name.replace(/\*+/g, 'x')
  return `Names such as ${code(sample)}: each ${code('*')} stands for any characters but dots, or none.`
}
