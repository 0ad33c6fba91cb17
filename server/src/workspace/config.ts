// Cilium's configuration as far as verdicts and acceptance depend on it: facts with the defaults of each version.

/** What the agent runs with; unknown keys of `cilium-config` are ignored. */
export interface CiliumConfig {
  readonly enforcementMode: 'default' | 'always' | 'never'
  readonly l7Proxy: boolean
  readonly icmpRules: boolean
  readonly nodeSelectorLabels: boolean
  readonly nonDefaultDenyPolicies: boolean
  readonly extendedIpProtocols: boolean
  readonly hostFirewall: boolean
  readonly cidrMatchMode: readonly ('nodes' | 'pods')[]
  readonly defaultLocalCluster: boolean
  readonly clusterName: string
  readonly allowLocalhost: 'always' | 'policy'
  readonly ipv4: boolean
  readonly ipv6: boolean
}
