// Hover: the words shown for a place, with a small cluster known.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders of Flux

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Client, PLAIN_CLIENT } from '../../server/src/features/convert.ts'
import { hover } from '../../server/src/features/hover.ts'
import { marked } from './mark.ts'
import { SHOP } from './shop.ts'

const MARKDOWN: Client = { ...PLAIN_CLIENT, markdown: true }
const HEAD = 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: a\n  namespace: shop\n'

function words(text: string, client = MARKDOWN, others: Record<string, string> = { 'cluster.yaml': SHOP }): string {
  const { snapshot, at } = marked(text, others)
  const found = hover(snapshot, at, client)
  if (!found) return ''
  const { contents } = found
  return typeof contents === 'object' && 'value' in contents ? contents.value : ''
}

const spec = (body: string) => `${HEAD}spec:\n${body}`

const cases: readonly [string, string, RegExp][] = [
  ['a key', spec('  egress:\n    - toEn|tities: [world]\n'), /\*\*Well-known peers\*\*\n\n.*API server/],
  ['a key of some versions', spec('  lo|g: {}\n'), /Since Cilium 1\.18/],
  [
    'an entity',
    spec('  egress:\n    - toEntities: [ho|st]\n'),
    /The node that the pod runs on.*\n\n.*2 nodes: node-1 \(10\.0\.0\.1\)/,
  ],
  ['cluster', spec('  egress:\n    - toEntities: [clus|ter]\n'), /3 pods and 2 nodes/],
  ['the subject', spec('  endpoint|Selector: {}\n'), /Matches 2 pods: `shop\/web-1`, `shop\/cart-1` \(the workspace\)/],
  [
    'a peer’s labels',
    spec('  egress:\n    - toEndpoints:\n        - match|Labels: {app: cart}\n'),
    /Matches 1 pod: `shop\/cart-1`/,
  ],
  [
    'all selectors of a list together',
    spec('  egress:\n    - toEnd|points: [{matchLabels: {app: cart}}, {matchLabels: {app: web}}]\n'),
    /Matches 2 pods: `shop\/cart-1`, `shop\/web-1`/,
  ],
  ['an empty selector', spec('  egress:\n    - toEndpoints: [{|}]\n'), /^Matches 2 pods: /],
  ['the version in force', HEAD.replace('cilium.io', 'cilium|.io'), /Judged as Cilium 1\.20 does \(the newest\)/],
  ['nobody', spec('  endpoint|Selector: {matchLabels: {app: nope}}\n'), /Matches no known pod\./],
  ['a label value', spec('  endpointSelector: {matchLabels: {app: we|b}}\n'), /1 pod has `app=web`: `shop\/web-1`/],
  [
    'a label key',
    spec('  endpointSelector: {matchLabels: {ti|er: front}}\n'),
    /`back` \(1 pod\), `front` \(1 pod\)|`front` \(1 pod\), `back` \(1 pod\)/,
  ],
  [
    'a service account',
    spec('  endpointSelector: {matchLabels: {io.cilium.k8s.policy.serviceaccount: we|b}}\n'),
    /Service account `web` in `shop`: 1 pod run/,
  ],
  [
    'the account’s key',
    spec('  endpointSelector: {matchLabels: {k8s:io.cilium.k8s.policy.service|account: web}}\n'),
    /`k8s:` Only labels from Kubernetes.*\n\nThe service account/,
  ],
  [
    'a namespace',
    spec('  egress:\n    - toEndpoints:\n        - matchLabels: {k8s:io.kubernetes.pod.namespace: kube-sys|tem}\n'),
    /Namespace `kube-system` in the workspace: 1 pod.*\n\nThe selector: matches 1 pod: `kube-system\/coredns-1`/,
  ],
  [
    'the name',
    `${HEAD.replace('name: a', 'name: |a')}spec: {endpointSelector: {}, ingress: []}\n`,
    /Effective namespace: `shop` \(metadata\.namespace\)/,
  ],
  [
    'a port number',
    spec(
      '  egress:\n    - toEndpoints:\n        - matchLabels: {app: cart}\n      toPorts:\n        - ports: [{port: "90|90"}]\n',
    ),
    /`grpc = 9090\/TCP` at `shop\/cart-1`\.\n\nReached through service `shop\/cart` port 80/,
  ],
  [
    'a service’s port instead of the container’s',
    spec(
      '  egress:\n    - toEndpoints:\n        - matchLabels: {app: cart}\n      toPorts:\n        - ports: [{port: "8|0"}]\n',
    ),
    /declares this port\. They declare `grpc = 9090\/TCP`/,
  ],
  [
    'a network',
    spec('  egress:\n    - toCIDR: [10.0.0.0/|24]\n'),
    /256 addresses\.\n\n2 nodes with an address in it: `node-1`, `node-2`\. A network does not match nodes/,
  ],
  ['an IPv6 network', spec('  egress:\n    - toCIDR: ["2001:db8::/|32"]\n'), /2\^96 addresses/],
  [
    'a pattern',
    spec('  egress:\n    - toFQDNs: [{matchPattern: "*.exam|ple.com"}]\n'),
    /exactly one label more than `example\.com`/,
  ],
  ['a deep pattern', spec('  egress:\n    - toFQDNs: [{matchPattern: "**.exam|ple.com"}]\n'), /at any depth/],
  ['a protocol', spec('  egress:\n    - toPorts: [{ports: [{port: "1", protocol: A|NY}]}]\n'), /never ICMP/],
  ['a CIDR group', spec('  egress:\n    - toCIDRSet: [{cidrGroupRef: part|ners}]\n'), /2 networks: `192\.0\.2\.0\/24`/],
  [
    'a service',
    spec('  egress:\n    - toServices: [{k8sService: {serviceName: ca|rt, namespace: shop}}]\n'),
    /Service `shop\/cart` \(80 → grpc\/TCP\), 1 pod: `shop\/cart-1`/,
  ],
  ['a placeholder', spec('  description: ${A|PP}\n'), /A placeholder stands here/],
]

for (const [name, text, expected] of cases) test(`hover on ${name}`, () => assert.match(words(text), expected))

test('hover says nothing outside of policies and words', () => {
  assert.equal(words('apiVersion: v1\nki|nd: Pod\n'), '')
  assert.equal(words(spec('  # a com|ment\n')), '')
  assert.equal(words('|'), '')
})

test('the namespace that a kustomization gives is named with its reason', () => {
  const text = HEAD.replace('  namespace: shop\n', '').replace('name: a', 'name: |a')
  const kustomization = 'namespace: shop\nresources: [policy.yaml]\n'
  assert.match(
    words(text, MARKDOWN, { 'kustomization.yaml': kustomization }),
    /`shop` \(namespace of kustomization\.yaml\)/,
  )
  assert.match(words(text, MARKDOWN, {}), /Its namespace is unknown: /)
})

test('plain text for editors without Markdown', () => {
  assert.ok(!words(cases[0]?.[1] ?? '', PLAIN_CLIENT).includes('*'))
})

test('text of the user cannot become Markdown', () => {
  const text = spec('  endpointSelector: {matchLabels: {app: "`](x|) **b**"}}\n')
  assert.match(words(text), /`` app=`\]\(x\) \*\*b\*\* ``|``app=`\]\(x\) \*\*b\*\*``/)
})

test('ten names and the number of the others', () => {
  const pods = Array.from(
    { length: 13 },
    (_, i) =>
      `---\napiVersion: v1\nkind: Pod\nmetadata: {name: p${i}, namespace: shop}\nspec: {containers: [{name: c}]}\n`,
  ).join('')
  assert.match(
    words(spec('  endpoint|Selector: {}\n'), MARKDOWN, { 'pods.yaml': pods }),
    /Matches 13 pods: .*`shop\/p9` and 3 more/,
  )
})
