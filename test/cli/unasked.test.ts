// What `--fix` must not decide: whatever takes a restriction away, or what nobody has understood.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { folderOf } from './command.ts'

const policy = (spec: string) => `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: web
  namespace: shop
spec:
  endpointSelector: {}
${spec}`

/** Texts in which something is wrong that only their author can mend. */
const TEXTS: Readonly<Record<string, string>> = {
  requires: `  ingress:
    - fromRequires: [{ matchLabels: { env: prod } }]
      fromEndpoints: [{ matchLabels: { app: x } }]
`,
  services: `  ingress:
    - fromServices: [{ k8sService: { serviceName: x } }]
`,
  'a selector without matchLabels': `  ingress:
    - from: [{ podSelector: { app: b } }]
`,
  'an unknown protocol': `  ingress:
    - fromEndpoints: [{}]
      ports: [{ port: 80, protocl: UDP }]
`,
  'policy types that close what has an empty list': `  policyTypes: [Ingress, Egress]
  ingress: []
  egress: []
`,
  'a template within': `  ingress:
    - from:
        - podSelector:
            matchLabels:
              app: {{ .Values.app }}
`,
  'no list, and no rule either': `  egress:
    matchLabels: [{ a: b }]
`,
  'branches of a template': `  egress:
    - toEndpoints: [{}]
      {{- if .Values.outside }}
      toCIDR: [10.0.0.0/8]
      {{- else }}
      toEntities: [world]
      {{- end }}
`,
}

test('--fix leaves what only the author can mend', async () => {
  const files = Object.entries(TEXTS).map(
    ([name, spec]) => [`${name.replaceAll(' ', '-')}.yaml`, policy(spec)] as const,
  )
  const folder = folderOf(Object.fromEntries(files))
  const { code, out } = await folder.run('check', '--fix', '--format', 'json')
  assert.equal(code, 1)
  const wrong = new Set(JSON.parse(out).problems.map((p: { file: string }) => p.file))
  for (const [name, text] of files) {
    assert.equal(folder.read(name), text)
    assert.ok(wrong.has(name), `something is said of ${name}`)
  }
})
