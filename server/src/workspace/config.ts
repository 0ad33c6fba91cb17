// Cilium's configuration as far as verdicts and acceptance depend on it: facts with the defaults of each version.

import { atLeast, type Version } from '../model/version.ts'

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
  /** Mutual authentication; undefined when nothing says whether it is on (the default differs between charts). */
  readonly mutualAuthentication: boolean | undefined
  /** The agent's own filter of identity labels (`labels`); undefined for the default filter. */
  readonly labelFilter: string | undefined
}

/** The keys of `cilium-config` that are read; all others are left alone. */
export const CONFIG_KEYS = [
  'enable-policy',
  'enable-l7-proxy',
  'enable-icmp-rules',
  'enable-node-selector-labels',
  'enable-non-default-deny-policies',
  'enable-extended-ip-protocols',
  'enable-host-firewall',
  'policy-cidr-match-mode',
  'policy-default-local-cluster',
  'cluster-name',
  'allow-localhost',
  'enable-ipv4',
  'enable-ipv6',
  'mesh-auth-enabled',
  'labels',
] as const

/** What is allowed for a key that is read, in words, when the value is none that Cilium would take; undefined when nothing is wrong. */
export function allowedInstead(key: string, value: string): string | undefined {
  const isOne = (word: string, words: readonly string[]) => (words.includes(word) ? undefined : words.join(', '))
  switch (key) {
    case 'enable-policy':
      return isOne(value.trim().toLowerCase(), ['default', 'always', 'never'])
    case 'allow-localhost':
      return isOne(value, ['auto', 'always', 'policy'])
    case 'policy-cidr-match-mode':
      return value.split(/[\s,]/).every(word => ['', 'nodes', 'pods'].includes(word)) ? undefined : 'nodes, pods'
    case 'cluster-name':
    case 'labels':
      return undefined
    default:
      return !CONFIG_KEYS.some(known => known === key) || boolean(value) !== undefined ? undefined : 'true, false'
  }
}

/** What an agent of that version does when the Helm chart's values are left as they are (pkg/option/config.go, values.yaml). */
export function defaultConfig(version: Version): CiliumConfig {
  return {
    enforcementMode: 'default',
    l7Proxy: true,
    icmpRules: true,
    nodeSelectorLabels: false,
    nonDefaultDenyPolicies: true,
    extendedIpProtocols: false,
    hostFirewall: false,
    cidrMatchMode: [],
    defaultLocalCluster: atLeast(version, '1.19'),
    clusterName: 'default',
    allowLocalhost: 'always',
    ipv4: true,
    ipv6: false,
    mutualAuthentication: undefined,
    labelFilter: undefined,
  }
}

/** The defaults of that version with the keys of a `cilium-config` over them; a value that Cilium would not take is ignored. */
export function configFrom(version: Version, keys: Readonly<Record<string, string>>): CiliumConfig {
  const base = defaultConfig(version)
  const flag = (key: string, otherwise: boolean) => boolean(keys[key]) ?? otherwise
  const mode = keys['enable-policy']?.trim().toLowerCase()
  return {
    enforcementMode: (['default', 'always', 'never'] as const).find(m => m === mode) ?? base.enforcementMode,
    l7Proxy: flag('enable-l7-proxy', base.l7Proxy),
    icmpRules: flag('enable-icmp-rules', base.icmpRules),
    nodeSelectorLabels: flag('enable-node-selector-labels', base.nodeSelectorLabels),
    nonDefaultDenyPolicies: flag('enable-non-default-deny-policies', base.nonDefaultDenyPolicies),
    extendedIpProtocols: flag('enable-extended-ip-protocols', base.extendedIpProtocols),
    hostFirewall: flag('enable-host-firewall', base.hostFirewall),
    cidrMatchMode: matchMode(keys['policy-cidr-match-mode']),
    defaultLocalCluster: flag('policy-default-local-cluster', base.defaultLocalCluster),
    clusterName: keys['cluster-name'] || base.clusterName,
    allowLocalhost: keys['allow-localhost'] === 'policy' ? 'policy' : base.allowLocalhost,
    ipv4: flag('enable-ipv4', base.ipv4),
    ipv6: flag('enable-ipv6', base.ipv6),
    mutualAuthentication: boolean(keys['mesh-auth-enabled']) ?? base.mutualAuthentication,
    labelFilter: keys.labels?.trim() || base.labelFilter,
  }
}

/** Go's strconv.ParseBool, which the agent's flags go through. */
function boolean(word: string | undefined): boolean | undefined {
  if (word === undefined) return undefined
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(word)) return true
  if (['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(word)) return false
  return undefined
}

function matchMode(word: string | undefined): readonly ('nodes' | 'pods')[] {
  const words = (word ?? '').split(/[\s,]/)
  return (['nodes', 'pods'] as const).filter(mode => words.includes(mode))
}
