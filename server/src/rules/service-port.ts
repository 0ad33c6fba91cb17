// The port of a service where the port of its pods is meant.

import { memo, NONE } from '../memo.ts'
import type { PortProtocol, RuleItem } from '../model/policy.ts'
import { isPortName, parsePort } from '../model/ports.ts'
import { isShared, replaceValue } from '../syntax/edit.ts'
import type { Endpoint, Service, ServicePort } from '../workspace/inventory.ts'
import { portPods, servicePods } from '../workspace/selection.ts'
import { type World, worldOf } from '../workspace/world.ts'
import { homeOf } from './podSelectors.ts'
import type { WorkspaceRule } from './rule.ts'

export const servicePort: WorkspaceRule = {
  id: 'service-port',
  scope: 'workspace',
  severity: 'warning',
  summary: 'The port of a service instead of the port of its pods',
  why: 'Policies are applied after a service address was replaced by that of a pod: ports are those of containers. Said where a service leads from this port to another one of the selected pods, and none of them has a container port with this number.',
  source: 'Documentation/security/policy/layer4.rst; pkg/policy/l4.go (F05, F48)',
  *check(policy, snapshot) {
    const world = worldOf(snapshot)
    const moved = portsMoved(world.services)
    if (moved.size === 0) return
    const home = homeOf(snapshot, policy)
    for (const rule of policy.rules) {
      for (const item of rule.items) {
        const ports = portsIn(item).filter(p => p.port && moved.has(parsePort(p.port.value) ?? 0))
        const pods = ports.length > 0 ? portPods(world, home, rule, item) : []
        if (pods.length === 0 || !pods.every(p => p.ports.length > 0)) continue
        for (const port of ports) {
          const meant = behind(world, pods, port)
          if (!meant || !port.port) continue
          const { service, target } = meant
          const { node } = port.port
          yield {
            span: node.span,
            message: `${port.port.value} is the port of the service ${service.namespace}/${service.name}, its pods listen on ${target}: write "${target}"`,
            fixes: isShared(node)
              ? []
              : [
                  {
                    title: `Change to "${target}"`,
                    preferred: true,
                    edits: () => replaceValue(policy.document, node, String(target)),
                  },
                ],
          }
        }
      }
    }
  },
}

const portsIn = ({ toPorts = NONE }: RuleItem): readonly PortProtocol[] => toPorts.flatMap(r => r.ports ?? NONE)

/** The ports of services that are another one at their pods, or may be. */
const portsMoved = memo(
  (services: readonly Service[]): ReadonlySet<number> =>
    new Set(services.flatMap(s => s.ports.flatMap(p => (p.targetPort === p.port ? [] : [p.port])))),
)

/** The service that leads from this port to another one of the pods, when no pod has this port itself. */
function behind(
  world: World,
  pods: readonly Endpoint[],
  { port, endPort, protocol }: PortProtocol,
): { readonly service: Service; readonly target: number } | undefined {
  if (!port || endPort || isPortName(port.value)) return undefined
  const number = parsePort(port.value)
  if (!number || pods.some(p => p.ports.some(c => c.port === number))) return undefined
  for (const service of world.services) {
    const entry: ServicePort | undefined = service.ports.find(
      p => p.port === number && (!protocol || protocol.value === 'ANY' || protocol.value === p.protocol),
    )
    if (!entry) continue
    const own = servicePods(world, service).filter(p => pods.includes(p))
    const targets: ReadonlySet<number | undefined> = new Set(own.map(p => resolve(p, entry.targetPort)))
    const [target] = targets
    if (own.length === pods.length && targets.size === 1 && target !== undefined && target !== number)
      return { service, target }
  }
  return undefined
}

const resolve = (pod: Endpoint, target: number | string): number | undefined =>
  typeof target === 'number' ? target : pod.ports.find(c => c.name === target)?.port
