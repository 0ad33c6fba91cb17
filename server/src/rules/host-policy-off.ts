// Policies for nodes while the host firewall is off.

import { effectiveConfig } from '../workspace/configuration.ts'
import { keySpan } from './common.ts'
import type { WorkspaceRule } from './rule.ts'

export const hostPolicyOff: WorkspaceRule = {
  id: 'host-policy-off',
  scope: 'workspace',
  about: ['nodeSelector'],
  severity: 'warning',
  summary: 'A policy for nodes while the host firewall is off',
  why: 'Policies with a nodeSelector are enforced only where Cilium runs with its host firewall (`enable-host-firewall`), which is off by default. It is a warning where Cilium’s configuration is known, else information.',
  source: 'Documentation/security/host-firewall.rst (0.3)',
  *check(policy, snapshot) {
    const { config, from } = effectiveConfig(snapshot)
    if (config.hostFirewall) return
    const known =
      from['enable-host-firewall'] !== undefined || snapshot.inventories.some(i => Object.keys(i.config).length > 0)
    for (const rule of policy.rules) {
      if (!rule.nodeSelector || !policy.clusterwide) continue
      yield {
        span: keySpan(rule.node, 'nodeSelector'),
        severity: known ? 'warning' : 'information',
        message: known
          ? 'the host firewall is off, so nothing of this policy is enforced: switch `enable-host-firewall` on'
          : 'policies for nodes need the host firewall, which is off by default: tell that it is on with the setting `ciliumPolicy.config`',
      }
    }
  },
}
