// Cilium's configuration from what installs Cilium: each form of Helm values, and values of other charts.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lowerConfigs } from '../../server/src/model/delivery.ts'
import { parseDocument } from '../../server/src/syntax/parse.ts'

const VALUES = '{policyEnforcementMode: always, nodeSelectorLabels: true}'
const EXPECTED = { 'enable-policy': 'always', 'enable-node-selector-labels': 'true' }
const read = (text: string) => ({ ...lowerConfigs(parseDocument(text)) })

const forms: Readonly<Record<string, string>> = {
  'a HelmRelease': `kind: HelmRelease\nspec: {chart: {spec: {chart: cilium}}, values: ${VALUES}}\n`,
  'a HelmRelease with a chart reference': `kind: HelmRelease\nspec: {chartRef: {name: cilium}, values: ${VALUES}}\n`,
  'an Argo CD application': `kind: Application\nspec: {source: {chart: cilium, helm: {valuesObject: ${VALUES}}}}\n`,
  'an application of several sources': `kind: Application\nspec:\n  sources:\n    - {ref: x}\n    - {chart: cilium, helm: {values: "${VALUES}"}}\n`,
  'a chart of kustomize': `kind: Kustomization\nhelmCharts: [{name: cilium, valuesInline: ${VALUES}}]\n`,
  'a values file': 'policyEnforcementMode: always\nnodeSelectorLabels: true\n',
  'values of a chart around it': `cilium: ${VALUES}\n`,
  'the ConfigMap itself':
    'kind: ConfigMap\nmetadata: {name: cilium-config}\ndata: {enable-policy: always, enable-node-selector-labels: "true"}\n',
}
for (const [name, text] of Object.entries(forms)) test(name, () => assert.deepEqual(read(text), EXPECTED))

test('what is about something else', () => {
  for (const text of [
    `kind: HelmRelease\nspec: {chart: {spec: {chart: other}}, values: ${VALUES}}\n`,
    `kind: Application\nspec: {source: {chart: other, helm: {valuesObject: ${VALUES}}}}\n`,
    `kind: Other\npolicyEnforcementMode: always\n`,
    'l7Proxy: false\n',
    'policyEnforcementMode: "{{ .m }}"\nnodeSelectorLabels: "{{ .x }}"\n',
  ])
    assert.deepEqual(read(text), {})
})
