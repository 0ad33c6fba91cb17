// Cilium's configuration where the workspace installs Cilium: HelmReleases, Argo CD applications, cilium-config.

import { stamped } from '../memo.ts'
import type { Document } from '../syntax/file.ts'
import { at, get, items, type MapNode, type Node, str } from '../syntax/node.ts'
import { parseDocument } from '../syntax/parse.ts'
import { objects } from './kinds.ts'

/** Helm values of the Cilium chart and the `cilium-config` keys that they become. */
const VALUES: readonly (readonly [readonly string[], string])[] = [
  [['policyEnforcementMode'], 'enable-policy'],
  [['nodeSelectorLabels'], 'enable-node-selector-labels'],
  [['l7Proxy'], 'enable-l7-proxy'],
  [['hostFirewall', 'enabled'], 'enable-host-firewall'],
  [['cluster', 'name'], 'cluster-name'],
  [['authentication', 'enabled'], 'mesh-auth-enabled'],
  [['labels'], 'labels'],
  [['ipv4', 'enabled'], 'enable-ipv4'],
  [['ipv6', 'enabled'], 'enable-ipv6'],
  [['enableNonDefaultDenyPolicies'], 'enable-non-default-deny-policies'],
  [['policyDefaultLocalCluster'], 'policy-default-local-cluster'],
  [['clustermesh', 'policyDefaultLocalCluster'], 'policy-default-local-cluster'],
]

/** The `cilium-config` keys that a document of the workspace sets; none when it is not about Cilium. */
export const lowerConfigs: (document: Document) => Readonly<Record<string, string>> = stamped(document => {
  const keys: Record<string, string> = {}
  for (const root of objects(document)) Object.assign(keys, configOf(root))
  return Object.keys(keys).length > 0 ? keys : NONE
})

/** One object for the many documents that are not about Cilium. */
const NONE: Readonly<Record<string, string>> = {}

function configOf(root: MapNode): Readonly<Record<string, string>> {
  const kind = str(get(root, 'kind'))
  if (kind === 'ConfigMap' && str(at(root, ['metadata', 'name'])) === 'cilium-config') return texts(get(root, 'data'))
  if (kind === 'HelmRelease') return chart(root) === 'cilium' ? values(at(root, ['spec', 'values'])) : {}
  if (kind === 'Application') return application(root)
  const charts = items(get(root, 'helmCharts')).filter(c => str(get(c, 'name')) === 'cilium')
  if (charts.length > 0) return Object.assign({}, ...charts.map(c => values(get(c, 'valuesInline'))))
  return kind === undefined ? valuesFile(root) : {}
}

/** An Argo CD application of one source or several. */
function application(root: MapNode): Readonly<Record<string, string>> {
  const sources = [at(root, ['spec', 'source']), ...items(at(root, ['spec', 'sources']))]
  const found = sources.filter(s => str(get(s, 'chart')) === 'cilium')
  return Object.assign({}, ...found.map(s => helmValues(get(s, 'helm'))))
}

function helmValues(helm: Node | undefined): Readonly<Record<string, string>> {
  const text = str(get(helm, 'values'))
  return values(get(helm, 'valuesObject') ?? (text ? parseDocument(text).root : undefined))
}

/** Keys that the values of the Cilium chart have, and hardly another chart's. */
const OWN = [
  'policyEnforcementMode',
  'kubeProxyReplacement',
  'nodeSelectorLabels',
  'policyCIDRMatchMode',
  'hostFirewall',
]

/** A Helm values file of Cilium, or of a chart around it. */
function valuesFile(root: MapNode): Readonly<Record<string, string>> {
  const inner = get(root, 'cilium')
  const own = [root, inner].find(node => OWN.some(key => get(node, key) !== undefined))
  return own && get(root, 'apiVersion') === undefined ? values(own) : {}
}

function chart(root: MapNode): string | undefined {
  return str(at(root, ['spec', 'chart', 'spec', 'chart'])) ?? (str(at(root, ['spec', 'chartRef', 'name'])) || undefined)
}

function texts(node: Node | undefined): Readonly<Record<string, string>> {
  const found: Record<string, string> = {}
  if (node?.kind === 'map')
    for (const e of node.entries) if (e.value?.kind === 'scalar' && !e.value.unknown) found[e.name] = e.value.text
  return found
}

function values(node: Node | undefined): Readonly<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const [path, key] of VALUES) {
    const value = at(node, path)
    if (value?.kind === 'scalar' && !value.unknown && value.value !== null) found[key] = String(value.value)
  }
  const mode = at(node, ['policyCIDRMatchMode'])
  if (mode?.kind === 'seq') found['policy-cidr-match-mode'] = mode.items.flatMap(i => str(i) ?? []).join(',')
  else if (str(mode)) found['policy-cidr-match-mode'] = str(mode) ?? ''
  return { ...found, ...texts(get(node, 'extraConfig')) }
}
