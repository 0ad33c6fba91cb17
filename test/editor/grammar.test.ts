// The colours of a policy, by VS Code's own tokenizer and YAML grammar.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { coloured } from './grammar.ts'
import { withoutVscode } from './machine.ts'

/** Holds what our grammar colours in a text. */
function colours(name: string, text: string, ...expected: readonly string[]): void {
  test(name, { skip: withoutVscode }, async () => assert.deepEqual(await coloured(text), expected))
}

colours('the kinds', 'kind: CiliumNetworkPolicy # of us\n', 'CiliumNetworkPolicy: entity.name.type.kind.cilium')

colours(
  'entities in block style, plain and quoted',
  `toEntities:
  - kube-apiserver # of every node
  - "remote-node"
  -   cluster
`,
  'toEntities: keyword.control.cilium',
  'kube-apiserver: constant.language.entity.cilium',
  'remote-node: constant.language.entity.cilium',
  'cluster: constant.language.entity.cilium',
)

colours(
  'entities in flow style',
  `- fromEntities: [host, 'world']\n`,
  'fromEntities: keyword.control.cilium',
  'host: constant.language.entity.cilium',
  'world: constant.language.entity.cilium',
)

colours('words that only begin as an entity', '- hostess\n- host name\nname: world\n')

colours(
  'sources of labels, plain and quoted, as keys and as values',
  `k8s:app: web
"any:app": web
- key: k8s:app
- {reserved:host: ""}
`,
  'k8s:: keyword.other.label-source.cilium',
  'any:: keyword.other.label-source.cilium',
  'k8s:: keyword.other.label-source.cilium',
  'reserved:: keyword.other.label-source.cilium',
)

colours(
  'port numbers, not port names',
  `- port: "8080"
- {port: '53', protocol: UDP}
- port: http
`,
  '8080: constant.numeric.port.cilium',
  '53: constant.numeric.port.cilium',
)
