// What the ENDPOINTs of flows stand for in a generated cluster: a reading of its own, so that ours can be compared with it.

import type { Item, Plain } from './cluster.ts'

/** One end of a flow as the program around Cilium's code reads it. */
export type End =
  | { readonly pod: string }
  | { readonly node: string }
  | { readonly address: string }
  | { readonly entity: string }
  | { readonly name: string }

const at = (value: Plain | undefined, ...path: readonly (string | number)[]): Plain | undefined =>
  path.reduce<Plain | undefined>((here, step) => {
    if (typeof here !== 'object') return undefined
    return Object.entries(here).find(([key]) => key === String(step))?.[1]
  }, value)

const text = (value: Plain | undefined): string => (typeof value === 'string' ? value : '')
const list = (value: Plain | undefined): readonly Plain[] => (Array.isArray(value) ? value : [])

/** Everything that has a name or an address, by ENDPOINT. */
export function endsOf(items: readonly Item[]): ReadonlyMap<string, readonly End[]> {
  const found = new Map<string, End[]>()
  const add = (name: string, end: End) => {
    const known = found.get(name)
    if (known) known.push(end)
    else found.set(name, [end])
  }
  const addresses = new Map<string, End>()
  for (const item of items) {
    if (item.kind === 'Node')
      for (const a of list(at(item, 'status', 'addresses')))
        if (at(a, 'type') === 'InternalIP')
          addresses.set(text(at(a, 'address')), { node: text(at(item, 'metadata', 'name')) })
  }
  for (const item of items) if (item.kind === 'Pod') addPod(item, add, addresses)
  for (const [address, end] of addresses) add(`ip:${address}`, end)
  for (const address of apiAddresses(items)) add('entity:kube-apiserver', addresses.get(address) ?? { address })
  return found
}

function addPod(item: Item, add: (name: string, end: End) => void, addresses: Map<string, End>): void {
  const namespace = text(at(item, 'metadata', 'namespace'))
  const name = text(at(item, 'metadata', 'name'))
  const end = { pod: `${namespace}/${name}` }
  const names = new Set([name])
  for (const owner of list(at(item, 'metadata', 'ownerReferences')))
    names.add(text(at(owner, 'name')).replace(`-${text(at(item, 'metadata', 'labels', 'pod-template-hash'))}`, ''))
  for (const n of names) add(`${namespace}/${n}`, end)
  if (at(item, 'spec', 'hostNetwork') === true) return
  add(`sa:${namespace}/${text(at(item, 'spec', 'serviceAccountName')) || 'default'}`, end)
  addresses.set(text(at(item, 'status', 'podIP')), end)
}

function apiAddresses(items: readonly Item[]): readonly string[] {
  const slices = items.filter(
    i => i.kind === 'EndpointSlice' && at(i, 'metadata', 'labels', 'kubernetes.io/service-name') === 'kubernetes',
  )
  const usable = slices.filter(s => list(at(s, 'ports')).length > 0)
  return usable.flatMap(s => list(at(s, 'endpoints')).flatMap(e => list(at(e, 'addresses')).map(text)))
}

/** The ends that an ENDPOINT stands for. */
export function endsNamed(known: ReadonlyMap<string, readonly End[]>, endpoint: string): readonly End[] {
  const ends = known.get(endpoint)
  if (ends) return ends
  const [kind = '', rest = ''] = endpoint.split(/:(.*)/s)
  if (kind === 'ip') return [{ address: rest }]
  if (kind === 'fqdn') return [{ name: rest }]
  return kind === 'entity' ? [{ entity: rest }] : []
}

/** Pairs of ends for a flow between two ENDPOINTs; a pod and itself only where that is all that is asked. */
export function pairsOf(from: readonly End[], to: readonly End[]): readonly (readonly [End, End])[] {
  const all = from.flatMap(a => to.map(b => [a, b] as const))
  return all.length === 1 ? all : all.filter(([a, b]) => !isSame(a, b))
}

/** Whether both ends are one pod. */
export const isSame = (a: End, b: End): boolean => 'pod' in a && 'pod' in b && a.pod === b.pod
