// Completion: what is offered where, in which order, and what the text is after accepting it.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CompletionItem, TextEdit } from 'vscode-languageserver-types'
import { completion } from '../../server/src/features/completion.ts'
import { type Client, PLAIN_CLIENT } from '../../server/src/features/convert.ts'
import type { Settings } from '../../server/src/workspace/settings.ts'
import { applied, marked } from './mark.ts'
import { SHOP } from './shop.ts'

const SNIPPETS: Client = { ...PLAIN_CLIENT, snippets: true, markdown: true }
const HEAD = 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata:\n  name: a\n  namespace: shop\n'

interface World {
  readonly settings?: Partial<Settings>
  readonly client?: Client
}

function items(text: string, world: World = {}): readonly CompletionItem[] {
  const { snapshot, at } = marked(text, { 'cluster.yaml': SHOP }, world.settings)
  return completion(snapshot, at, world.client ?? SNIPPETS).items
}

function labels(text: string, world: World = {}): string[] {
  return items(text, world).map(i => i.label)
}

/** The text after the item is accepted. */
function accept(text: string, label: string, client = PLAIN_CLIENT): string {
  const item = items(text, { client }).find(i => i.label === label)
  assert.ok(item, `${label} among ${labels(text).join(', ')}`)
  const edit = item.textEdit
  assert.ok(edit && 'range' in edit)
  const edits: TextEdit[] = [edit, ...(item.additionalTextEdits ?? [])]
  return applied(text.replace('|', ''), edits)
}

const spec = (body: string) => `${HEAD}spec:\n${body}`

test('an empty file begins with whole policies', () => {
  assert.deepEqual(labels('|').slice(0, 2), ['CiliumNetworkPolicy', 'CiliumNetworkPolicy: service account'])
  assert.ok(labels('|').includes('apiVersion'))
  assert.ok(labels('a: b\n---\n|').includes('CiliumClusterwideNetworkPolicy'))
})

test('other objects are left alone', () => {
  assert.deepEqual(labels('apiVersion: v1\nkind: Pod\nspec:\n  |'), [])
  assert.deepEqual(labels('replicas: 3\n|'), [])
})

test('the head of a policy', () => {
  assert.equal(accept('api|', 'apiVersion'), 'apiVersion: cilium.io/v2')
  assert.deepEqual(labels('apiVersion: cilium.io/v2\nkind: |'), [
    'CiliumNetworkPolicy',
    'CiliumClusterwideNetworkPolicy',
  ])
  assert.deepEqual(labels('apiVersion: |\nkind: CiliumNetworkPolicy'), ['cilium.io/v2'])
})

test('keys leave out what is there and what does not fit', () => {
  const found = labels(spec('  endpointSelector: {}\n  |\n  egress: []\n'))
  assert.ok(found.includes('ingress') && found.includes('enableDefaultDeny'))
  for (const no of ['endpointSelector', 'egress', 'nodeSelector']) assert.ok(!found.includes(no), no)
})

test('a clusterwide policy may choose nodes and has no namespace', () => {
  const head = 'apiVersion: cilium.io/v2\nkind: CiliumClusterwideNetworkPolicy\nmetadata:\n  name: a\n'
  assert.ok(labels(`${head}spec:\n  |`).includes('nodeSelector'))
  assert.ok(!labels(`${head}  |`).includes('namespace'))
  assert.ok(labels(HEAD.replace('  namespace: shop', '  |')).includes('namespace'))
})

test('one kind of peer in a rule item, of its direction', () => {
  const egress = labels(spec('  egress:\n    - |\n'))
  assert.ok(egress.includes('toEndpoints') && egress.includes('toFQDNs') && !egress.includes('fromEndpoints'))
  assert.ok(!labels(spec('  egressDeny:\n    - |\n')).includes('toFQDNs'))
  const more = labels(spec('  egress:\n    - toEntities: [world]\n      |\n'))
  assert.ok(more.includes('toPorts') && !more.includes('toEndpoints') && !more.includes('toCIDR'))
})

test('keys of other versions are left out', () => {
  const text = spec('  |\n')
  assert.ok(!labels(text, { settings: { ciliumVersion: '1.17' } }).includes('log'))
  assert.ok(labels(text, { settings: { ciliumVersion: '1.18' } }).includes('log'))
})

test('a key brings what belongs below it, at the right indentation', () => {
  assert.equal(
    accept(spec('  egress:\n    - toEnd|\n'), 'toEndpoints'),
    spec('  egress:\n    - toEndpoints:\n        - matchLabels:\n            \n'),
  )
  assert.equal(
    accept(spec('  egress:\n  - toEnd|\n'), 'toEndpoints'),
    spec('  egress:\n  - toEndpoints:\n    - matchLabels:\n        \n'),
  )
})

test('an indentation at which nothing fits means the next smaller one', () => {
  assert.equal(
    accept(spec('  endpointSelector: {}\n       eg|\n  ingress: []\n'), 'egress'),
    spec('  endpointSelector: {}\n  egress:\n    - \n  ingress: []\n'),
  )
  assert.equal(
    accept(spec('  egress:\n    - toEntities:\n        - world\n     |\n'), 'toEntities'),
    spec('  egress:\n    - toEntities:\n        - world\n    - toEntities:\n        - \n'),
  )
})

test('a key that has its colon is only renamed', () => {
  assert.equal(accept(spec('  ing|:\n    - {}\n'), 'ingress'), spec('  ingress:\n    - {}\n'))
})

test('a list item gets its dash', () => {
  assert.equal(
    accept(spec('  egress:\n    - toEntities:\n        - world\n        |\n'), 'host'),
    spec('  egress:\n    - toEntities:\n        - world\n        - host\n'),
  )
  assert.equal(accept(spec('  egress:\n    |\n'), 'toEntities'), spec('  egress:\n    - toEntities:\n        - \n'))
})

test('entities come in the order of their use, without those that are there', () => {
  const list = labels(spec('  egress:\n    - toEntities:\n        - host\n        - |\n'))
  assert.deepEqual(list.slice(0, 4), ['kube-apiserver', 'world', 'remote-node', 'cluster'])
  assert.ok(!list.includes('host'))
  assert.ok(list.includes('cluster-mesh'))
  const old = labels(spec('  egress:\n    - toEntities: [|]\n'), { settings: { ciliumVersion: '1.19' } })
  assert.ok(old.includes('host') && !old.includes('cluster-mesh'))
})

test('an entity says what it is in this cluster', () => {
  const host = items(spec('  egress:\n    - toEntities: [ho|\n')).find(i => i.label === 'host')
  assert.match(host?.detail ?? '', /one of 2 nodes in the workspace/)
})

test('a list begun behind its key goes on the next line', () => {
  assert.equal(
    accept(spec('  egress:\n    - toEntities: |\n'), 'world'),
    spec('  egress:\n    - toEntities:\n        - world\n'),
  )
  assert.equal(
    accept(spec('  egress:\n    - {toEntities: |}\n'), 'world'),
    spec('  egress:\n    - {toEntities: [world]}\n'),
  )
})

test('a half-typed list in brackets', () => {
  assert.equal(accept(spec('  egress:\n    - toEntities: [host, wo|\n'), 'world').includes('[host, world\n'), true)
})

test('a quote that is begun is kept', () => {
  assert.ok(accept(spec('  egress:\n    - toEntities: ["wo|"]\n'), 'world').includes('["world"]'))
  assert.ok(accept(spec("  egress:\n    - toEntities:\n        - 'wo|\n"), 'world').includes("- 'world'\n"))
})

test('service accounts of the namespace in force', () => {
  const own = spec('  endpointSelector:\n    matchLabels:\n      io.cilium.k8s.policy.serviceaccount: |\n')
  assert.deepEqual(labels(own), ['cart', 'web', 'unused'])
  const other = (key: string) =>
    spec(
      `  egress:\n    - toEndpoints:\n        - matchLabels:\n            k8s:io.kubernetes.pod.namespace: kube-system\n            ${key}: |\n`,
    )
  assert.deepEqual(labels(other('io.cilium.k8s.policy.serviceaccount')), ['coredns'])
  assert.deepEqual(labels(other('k8s:io.cilium.k8s.policy.serviceaccount')), ['coredns'])
})

test('an account says where it comes from', () => {
  const [cart] = items(spec('  endpointSelector:\n    matchLabels:\n      io.cilium.k8s.policy.serviceaccount: |\n'))
  assert.match(cart?.detail ?? '', /1 pod in shop/)
})

test('namespaces that only policies name come last', () => {
  const other = HEAD.replace('namespace: shop', 'namespace: pay')
  const { snapshot, at } = marked(HEAD.replace('namespace: shop', 'namespace: |'), {
    'cluster.yaml': SHOP,
    'b.yaml': other,
  })
  assert.equal(completion(snapshot, at, SNIPPETS).items.at(-1)?.label, 'pay')
})

test('rule ids after the comment that silences them', () => {
  const found = labels(spec('  # cilium-policy-ignore |\n  endpointSelector: {}\n'))
  assert.ok(found.includes('label-key'), found.join())
})

test('namespaces', () => {
  const text = spec(
    '  egress:\n    - toEndpoints:\n        - matchLabels:\n            k8s:io.kubernetes.pod.namespace: |\n',
  )
  assert.deepEqual(labels(text), ['kube-system', 'shop', 'empty'])
  assert.deepEqual(labels(HEAD.replace('namespace: shop', 'namespace: |')), ['kube-system', 'shop', 'empty'])
})

test('label keys are those of the pods in the namespace', () => {
  const found = labels(spec('  endpointSelector:\n    matchLabels:\n      |\n'))
  assert.equal(found[0], 'io.cilium.k8s.policy.serviceaccount')
  assert.ok(found.includes('app') && !found.includes('k8s-app'))
  assert.ok(!found.includes('pod-template-hash'))
  const peer = labels(spec('  egress:\n    - toEndpoints:\n        - matchLabels:\n            |\n'))
  assert.equal(peer[0], 'io.kubernetes.pod.namespace')
})

test('a typed prefix stays before the key', () => {
  const found = labels(spec('  endpointSelector:\n    matchLabels:\n      k8s:|\n'))
  assert.ok(found.includes('k8s:app'))
  assert.equal(
    accept(spec('  endpointSelector:\n    matchLabels:\n      k8s:a|\n'), 'k8s:app'),
    spec('  endpointSelector:\n    matchLabels:\n      k8s:app: \n'),
  )
})

test('label values are narrowed by the rest of the selector', () => {
  assert.deepEqual(labels(spec('  endpointSelector:\n    matchLabels:\n      app: |\n')), ['cart', 'web'])
  assert.deepEqual(labels(spec('  endpointSelector:\n    matchLabels:\n      tier: front\n      app: |\n')), ['web'])
})

test('label keys and values in expressions', () => {
  const text = (body: string) => spec(`  endpointSelector:\n    matchExpressions:\n      - ${body}\n`)
  assert.ok(labels(text('key: |')).includes('app'))
  assert.deepEqual(labels(text('{key: app, operator: In, values: [web, |]}')), ['cart'])
  assert.deepEqual(labels(text('key: app\n        operator: |')), ['In', 'NotIn', 'Exists', 'DoesNotExist'])
})

test('ports are those of the pods that the peer selects, quoted', () => {
  const text = spec(
    '  egress:\n    - toEndpoints:\n        - matchLabels:\n            app: cart\n      toPorts:\n        - ports:\n            - port: |\n',
  )
  assert.deepEqual(labels(text), ['9090', 'grpc'])
  assert.ok(accept(text, '9090').includes('port: "9090"'))
  assert.match(items(text)[0]?.detail ?? '', /grpc, TCP, pod shop\/cart/)
})

test('ports at ingress are those of the policy’s own pods', () => {
  const text = spec(
    '  endpointSelector:\n    matchLabels:\n      app: web\n  ingress:\n    - toPorts:\n        - ports:\n            - port: "|"\n',
  )
  assert.deepEqual(labels(text), ['8080', 'http'])
  assert.ok(accept(text, 'http').includes('port: "http"'))
})

test('the protocol of the port that is written comes first', () => {
  const text = (port: string) =>
    spec(
      `  egress:\n    - toEndpoints:\n        - matchLabels: {k8s:io.kubernetes.pod.namespace: kube-system}\n      toPorts:\n        - ports:\n            - {port: "${port}", protocol: |}\n`,
    )
  assert.deepEqual(labels(text('53')).slice(0, 3), ['TCP', 'UDP', 'ANY'])
  assert.equal(labels(text('dns'))[0], 'UDP')
  assert.match(items(text('dns'))[0]?.detail ?? '', /of port dns, pod kube-system\/coredns-1/)
})

test('CIDR groups and services by name', () => {
  assert.deepEqual(labels(spec('  egress:\n    - toCIDRSet:\n        - cidrGroupRef: |\n')), ['partners'])
  const text = spec(
    '  egress:\n    - toServices:\n        - k8sService:\n            namespace: shop\n            serviceName: |\n',
  )
  assert.deepEqual(labels(text), ['cart'])
})

test('snippets are plain text for a client that knows none', () => {
  const all = items('|', { client: PLAIN_CLIENT })
  for (const item of all) assert.ok(!/\$\{?\d/.test(JSON.stringify(item.textEdit)), item.label)
})

test('DOS line ends stay', () => {
  const text = spec('  |\n').replaceAll('\n', '\r\n')
  assert.ok(!/[^\r]\n/.test(accept(text, 'endpointSelector')))
})

test('comments and unknown files are answered with nothing', () => {
  assert.deepEqual(labels(spec('  # so |\n')), [])
  const { snapshot } = marked('|')
  assert.deepEqual(completion(snapshot, { uri: 'file:///no', position: { line: 3, character: 9 } }, SNIPPETS).items, [])
})

test('JSON is completed as JSON', () => {
  const text =
    '{"apiVersion": "cilium.io/v2", "kind": "CiliumNetworkPolicy", "metadata": {"name": "a"}, "spec": {\n  "egress": [\n    {"toEntities": [|]}\n  ]}}'
  const { snapshot, at } = marked(text, {}, {}, 'file:///w/policy.json')
  const [first] = completion(snapshot, at, PLAIN_CLIENT).items
  assert.ok(first?.textEdit && 'range' in first.textEdit)
  assert.equal(first.textEdit.newText, '"kube-apiserver"')
  const next = marked(text.replace('|', '').replace('[]}', '[]\n , |}'), {}, {}, 'file:///w/policy.json')
  const ports = completion(next.snapshot, next.at, PLAIN_CLIENT).items.find(i => i.label === 'toPorts')
  assert.equal(ports?.textEdit?.newText, '"toPorts": []')
})

test('the items of a list of policies are policies without saying so', () => {
  const list = (kind: string) =>
    `apiVersion: cilium.io/v2\nkind: ${kind}List\nitems:\n  - metadata: { name: a }\n    spec:\n      |\n`
  assert.ok(labels(list('CiliumNetworkPolicy')).includes('endpointSelector'))
  assert.ok(labels(list('CiliumClusterwideNetworkPolicy')).includes('nodeSelector'))
  assert.ok(!labels(list('CiliumNetworkPolicy')).includes('nodeSelector'))
  assert.deepEqual(labels(list('CiliumEnvoyConfig')), [])
})
