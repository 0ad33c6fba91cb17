// A port on which this cluster's API server does not listen.

import { peersIn } from '../model/peers.ts'
import { isPortName, parsePort } from '../model/ports.ts'
import { isShared, replaceValue } from '../syntax/edit.ts'
import { knowledge } from '../workspace/knowledge.ts'
import { itemsOf } from './common.ts'
import type { WorkspaceRule } from './rule.ts'

export const kubeApiserverPort: WorkspaceRule = {
  id: 'kube-apiserver-port',
  scope: 'workspace',
  severity: 'warning',
  summary: "A port that the cluster's API server does not have",
  why: 'The entity kube-apiserver is the API server itself, not the service in front of it: its port is that of the endpoints of default/kubernetes (6443, 8443, 443), not 443 of the service. Said where the service is known from the cluster or the inventory file.',
  source: 'Documentation/security/policy/layer3.rst, kube-apiserver (F38)',
  *check(policy, snapshot) {
    const service = knowledge(snapshot).services.find(s => s.namespace === 'default' && s.name === 'kubernetes')
    if (!service || service.origin.kind === 'workspace') return
    const real = [...new Set(service.ports.flatMap(p => (typeof p.targetPort === 'number' ? [p.targetPort] : [])))]
    const [one] = real
    if (one === undefined) return
    for (const { item } of itemsOf(policy)) {
      const peers = peersIn(item)
      const api = peers.length > 0 && peers.every(p => p.kind === 'entity' && p.entity === 'kube-apiserver')
      const ports = (item.toPorts ?? []).flatMap(r => r.ports ?? [])
      if (!api || item.direction !== 'egress' || ports.length === 0) continue
      const hits = ports.some(({ port, endPort }) => {
        const number = port && !isPortName(port.value) ? parsePort(port.value) : undefined
        if (number === undefined || number === 0) return true
        return real.some(r => r >= number && r <= Math.max(number, endPort?.value ?? number))
      })
      const first = ports[0]?.port
      if (hits || !first) continue
      yield {
        span: first.node.span,
        message: `the API server of this cluster listens on ${real.join(', ')}: write "${one}", or take the ports away`,
        fixes:
          ports.length === 1 && !isShared(first.node) && !ports[0]?.endPort
            ? [
                {
                  title: `Change to "${one}"`,
                  preferred: true,
                  edits: () => replaceValue(policy.document, first.node, String(one)),
                },
              ]
            : [],
      }
    }
  },
}
