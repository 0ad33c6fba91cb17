// What an entity means, in words and in this cluster.

import { schemaAt } from '../schema/catalog.ts'
import type { ClusterNode } from '../workspace/inventory.ts'
import type { World } from '../workspace/world.ts'
import { count, originName, some } from './words.ts'

/** What the entity means to Cilium; undefined for an unknown one. */
export function entityWords(world: World, entity: string): string | undefined {
  const schema = schemaAt(world.version, ['spec', 'egress', 0, 'toEntities', 0])
  return schema?.enumDescriptions[entity]
}

/** What the entity is in this cluster, one sentence; undefined when nothing is known. */
export function entityHere(world: World, entity: string): string | undefined {
  const { nodes, endpoints } = world
  const from = nodes[0] ?? endpoints[0]
  if (!from) return undefined
  const where = originName(from.origin)
  switch (entity) {
    case 'host':
      return nodes.length > 0 ? `in ${where}: one of ${nodeNames(nodes)}` : undefined
    case 'remote-node':
      return nodes.length > 0 ? `in ${where}: ${nodeNames(nodes)}, without the pod's own node` : undefined
    case 'kube-apiserver':
      return apiServer(world, where)
    case 'cluster':
    case 'cluster-mesh':
      return `in ${where}: ${count(managed(world), 'pod')} and ${count(nodes.length, 'node')}`
    case 'all':
      return `in ${where}: ${count(managed(world), 'pod')}, ${count(nodes.length, 'node')} and everything outside`
    default:
      return undefined
  }
}

/** The same in a few words, to stand beside the name. */
export function entityBrief(world: World, entity: string): string | undefined {
  const { nodes } = world
  const [first] = nodes
  if (!first) return entityHere(world, entity)
  const where = originName(first.origin)
  if (entity === 'host') return `one of ${count(nodes.length, 'node')} in ${where}`
  if (entity === 'remote-node') return `the other ${count(nodes.length - 1, 'node')} in ${where}`
  if (entity !== 'kube-apiserver') return entityHere(world, entity)
  const control = nodes.filter(n => n.controlPlane).length
  return control > 0 ? `on ${count(control, 'node')} in ${where}` : entityHere(world, entity)
}

function managed(world: World): number {
  return world.endpoints.filter(e => !e.hostNetwork).length
}

function nodeNames(nodes: readonly ClusterNode[]): string {
  const named = nodes.map(n => (n.addresses[0] ? `${n.name} (${n.addresses[0]})` : n.name))
  return `${count(nodes.length, 'node')}: ${some(named)}`
}

/** The addresses behind the service default/kubernetes, else the nodes of the control plane. */
function apiServer(world: World, where: string): string | undefined {
  const service = world.services.find(s => s.namespace === 'default' && s.name === 'kubernetes')
  const port = service?.ports[0]?.targetPort
  const addresses = service?.endpoints ?? []
  const nodes = world.nodes.filter(n => n.controlPlane)
  const on = nodes.length > 0 ? nodeNames(nodes) : undefined
  if (addresses.length === 0) return on ? `in ${where}: on ${on}` : undefined
  const names = addresses.map(a => {
    const node = world.nodes.find(n => n.addresses.includes(a))
    return node ? `${a} (node ${node.name})` : a
  })
  return `in ${where}: ${some(names)}${port === undefined ? '' : `, port ${port}`}`
}
