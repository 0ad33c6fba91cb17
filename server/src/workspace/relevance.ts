// A cheap look at a text before it is parsed: only what may hold something that the product knows is worth reading.

const WORDS = [
  'CiliumCIDRGroup',
  'containers',
  'Namespace',
  'Service',
  'Endpoint',
  'Node',
  'Kustomization',
  'HelmRelease',
  'Application',
  'cilium-config',
  'policyEnforcementMode',
  'kubeProxyReplacement',
  'hostFirewall',
  'nodeSelectorLabels',
] as const

const VALUES =
  /(?:policyEnforcementMode|kubeProxyReplacement|hostFirewall|nodeSelectorLabels|policyCIDRMatchMode)["']?:/
const KINDS =
  /\bkind["']?:[ \t]*["']?(?:Cilium|Namespace|Service|Endpoint|Node|Kustomization|HelmRelease|Application|ConfigMap|[A-Za-z]*List)/

/** Whether a policy may be in the text, or something that is meant to be one: nothing but such files can have problems. */
export function mayHoldPolicies(text: string): boolean {
  return (
    text.includes('CiliumNetworkPolicy') ||
    text.includes('CiliumClusterwideNetworkPolicy') ||
    text.includes('cilium.io/v2')
  )
}

/** Whether the text may hold anything that answers depend on: policies, workloads, what delivers them, Cilium's own values. */
export function mayMatter(text: string, name: string): boolean {
  if (mayHoldPolicies(text)) return true
  if (!WORDS.some(word => text.includes(word))) return /^kustomization\.ya?ml$/i.test(name)
  if (/^kustomization\.ya?ml$/i.test(name)) return true
  return KINDS.test(text) || (text.includes('containers') && text.includes('kind')) || VALUES.test(text)
}
